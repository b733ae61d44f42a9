"""Reads of the outbox, for senders and for the person who planned a message."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.outbox.tables import Campaign, CampaignLetter, DeliveryChunk, Reply


class Due(NamedTuple):
    """A chunk that waits for an attempt, and the kind of message that it is of."""

    chunk: DeliveryChunk
    kind: str


class Unfinished(NamedTuple):
    """A campaign in which somebody still waits."""

    id: str
    kind: str
    subject: str


async def pending_replies(session: AsyncSession, limit: int) -> Sequence[Reply]:
    """The oldest replies that wait."""
    waiting = select(Reply).where(col(Reply.state) == "pending").order_by(col(Reply.id)).limit(limit)
    return (await session.exec(waiting)).all()


async def due_chunks(session: AsyncSession, now: datetime, limit: int) -> Sequence[Due]:
    """The chunks whose time has come, the oldest campaign first."""
    due = col(DeliveryChunk.state) == "pending", col(DeliveryChunk.not_before) <= now
    order = col(DeliveryChunk.campaign_id), col(DeliveryChunk.seq)
    found = select(DeliveryChunk, Campaign.kind).join(Campaign).where(*due).order_by(*order).limit(limit)
    return [Due(chunk, kind) for chunk, kind in await session.exec(found)]


async def unfinished_campaigns(session: AsyncSession, kinds: Iterable[str]) -> Sequence[Unfinished]:
    """The campaigns of some kinds that still go on, or were stopped on the way."""
    mine = col(Campaign.kind).in_(list(kinds)), col(Campaign.state).in_(["running", "stopped"])
    found = await session.exec(select(Campaign.id, Campaign.kind, Campaign.subject).where(*mine))
    return [Unfinished(*row) for row in found]


async def letters_of(session: AsyncSession, campaign_ids: Iterable[str]) -> Mapping[tuple[str, str], bytes]:
    """What some campaigns say, by campaign and language."""
    mine = col(CampaignLetter.campaign_id).in_(list(campaign_ids))
    letters = await session.exec(select(CampaignLetter).where(mine))
    return {(letter.campaign_id, letter.language): letter.messages for letter in letters}


async def find_campaign(session: AsyncSession, kind: str, subject: str) -> Campaign | None:
    """The campaign of a kind about a subject, if it was planned."""
    mine = col(Campaign.kind) == kind, col(Campaign.subject) == subject
    return (await session.exec(select(Campaign).where(*mine))).one_or_none()


async def people_by_state(session: AsyncSession, campaign_id: str) -> Mapping[str, int]:
    """How many recipients of a campaign are in each state of delivery.

    ``gone`` are those who left, stopped messages or deleted their data before their first attempt.
    """
    of_campaign = col(DeliveryChunk.campaign_id) == campaign_id
    people, gone, refused = (
        func.sum(count) for count in (DeliveryChunk.people, DeliveryChunk.gone, DeliveryChunk.refused)
    )
    rows = await session.exec(
        select(DeliveryChunk.state, people, gone, refused).where(of_campaign).group_by(col(DeliveryChunk.state))
    )
    states: dict[str, int] = {}
    for state, in_it, left, one_by_one in rows:
        for name, number in ((state, in_it), ("gone", left), ("refused", one_by_one)):
            if number:
                states[name] = states.get(name, 0) + int(number)
    return states


async def people_by_language(session: AsyncSession, campaign_id: str) -> Mapping[str, int]:
    """How many recipients a campaign was planned for in each language."""
    mine = col(DeliveryChunk.campaign_id) == campaign_id
    planned = func.sum(DeliveryChunk.people + DeliveryChunk.gone + DeliveryChunk.refused)
    found = select(DeliveryChunk.language, planned).where(mine).group_by(col(DeliveryChunk.language))
    return {language: int(people) for language, people in await session.exec(found)}


async def tried_chunks(session: AsyncSession, campaign_id: str, limit: int) -> Sequence[DeliveryChunk]:
    """Requests of a campaign that were tried, those without a good end first."""
    mine = col(DeliveryChunk.campaign_id) == campaign_id, col(DeliveryChunk.attempts) > 0
    is_good = col(DeliveryChunk.state).in_(["sent", "already"])
    ordered = select(DeliveryChunk).where(*mine).order_by(is_good, col(DeliveryChunk.seq)).limit(limit)
    return (await session.exec(ordered)).all()


async def people_waiting(session: AsyncSession) -> int:
    """How many messages are planned and not yet sent: this much of the month is spoken for."""
    waiting = col(DeliveryChunk.state).in_(["pending", "quota"])
    return int((await session.exec(select(func.sum(DeliveryChunk.people)).where(waiting))).one() or 0)
