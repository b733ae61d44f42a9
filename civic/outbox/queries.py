"""Reads of the outbox, for senders and for the person who planned a message."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.outbox.tables import Campaign, DeliveryChunk, Reply


async def pending_replies(session: AsyncSession, limit: int) -> Sequence[Reply]:
    """The oldest replies that wait."""
    waiting = select(Reply).where(col(Reply.state) == "pending").order_by(col(Reply.id)).limit(limit)
    return (await session.exec(waiting)).all()


async def next_chunk(session: AsyncSession, now: datetime) -> DeliveryChunk | None:
    """The next chunk of a campaign that is due."""
    due = select(DeliveryChunk).where(col(DeliveryChunk.state) == "pending", col(DeliveryChunk.not_before) <= now)
    first = due.order_by(col(DeliveryChunk.campaign_id), col(DeliveryChunk.seq)).limit(1)
    return (await session.exec(first)).one_or_none()


async def find_campaign(session: AsyncSession, kind: str, subject: str) -> Campaign | None:
    """The campaign of a kind about a subject, if it was planned."""
    mine = col(Campaign.kind) == kind, col(Campaign.subject) == subject
    return (await session.exec(select(Campaign).where(*mine))).one_or_none()


async def chunks_of(session: AsyncSession, campaign_id: str) -> Sequence[DeliveryChunk]:
    """The chunks of a campaign in order."""
    mine = select(DeliveryChunk).where(col(DeliveryChunk.campaign_id) == campaign_id)
    return (await session.exec(mine.order_by(col(DeliveryChunk.seq)))).all()


async def people_by_state(session: AsyncSession, campaign_id: str) -> Mapping[str, int]:
    """How many recipients of a campaign are in each state of delivery."""
    states: Counter[str] = Counter()
    for chunk in await chunks_of(session, campaign_id):
        states[chunk.state] += len(chunk.residents)
    return states
