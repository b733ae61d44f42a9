"""A campaign from planning to its end, by fixed SQL: a million people are two thousand chunks."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db.fixed import Fixed, run_fixed, stored_time
from civic.kernel.ids import new_ulids
from civic.outbox.tables import Campaign, CampaignLetter, DeliveryChunk

_PLAN = Fixed(
    sqlite="insert into delivery_chunk (id, campaign_id, seq, language, retry_key, residents, people, "
    "body_sha256, not_before, state, gone, refused, attempts) "
    "values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0, 0)",
    postgresql="insert into delivery_chunk (id, campaign_id, seq, language, retry_key, residents, people, "
    "body_sha256, not_before, state, gone, refused, attempts) select planned.*, 'pending', 0, 0, 0 from unnest("
    "%s::text[], %s::text[], %s::int[], %s::text[], %s::text[], %b::bytea[], %s::int[], %s::text[], "
    "%s::timestamptz[]) as planned",
)
_SHORTEN = Fixed(
    sqlite="update delivery_chunk set residents = ?, people = ?, gone = gone + ?, refused = refused + ?, "
    "body_sha256 = ? where id = ? and residents is not null",
    postgresql="update delivery_chunk as chunk set residents = short.residents, people = short.people, "
    "gone = chunk.gone + short.gone, refused = chunk.refused + short.refused, body_sha256 = short.body_sha256 "
    "from unnest(%b::bytea[], %s::int[], %s::int[], %s::int[], %s::text[], %s::text[]) "
    "as short (residents, people, gone, refused, body_sha256, id) "
    "where chunk.id = short.id and chunk.residents is not null",
)
_BEGIN = Fixed(
    sqlite="update delivery_chunk set attempts = attempts + 1, "
    "first_attempt_at = coalesce(first_attempt_at, ?), not_before = ? where id = ?",
    postgresql="update delivery_chunk as chunk set attempts = attempts + 1, "
    "first_attempt_at = coalesce(first_attempt_at, begun.at), not_before = begun.again_at "
    "from unnest(%s::timestamptz[], %s::timestamptz[], %s::text[]) as begun (at, again_at, id) "
    "where chunk.id = begun.id",
)
_PUT_OFF = Fixed(
    sqlite="update delivery_chunk set not_before = ?, first_attempt_at = ?, attempts = ?, http_status = ?, "
    "request_id = ? where id = ? and attempts = ?",
    postgresql="update delivery_chunk as chunk set not_before = off.at, first_attempt_at = off.first, "
    "attempts = off.attempts, http_status = off.status, request_id = off.request from unnest(%s::timestamptz[], "
    "%s::timestamptz[], %s::int[], %s::int[], %s::text[], %s::text[], %s::int[]) "
    "as off (at, first, attempts, status, request, id, noted) "
    "where chunk.id = off.id and chunk.attempts = off.noted",
)
_SETTLE = Fixed(
    sqlite="update delivery_chunk set state = ?, http_status = ?, request_id = ?, accepted_request_id = ?, "
    "residents = null where id = ?",
    postgresql="update delivery_chunk as chunk set state = settled.state, http_status = settled.status, "
    "request_id = settled.request, accepted_request_id = settled.accepted, residents = null "
    "from unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::text[]) "
    "as settled (state, status, request, accepted, id) where chunk.id = settled.id",
)
"""``settled``: nobody in the chunk will be written to again, so the list of who they are goes."""


@dataclass(frozen=True)
class FrozenChunk:
    """Up to 500 residents of one language, packed in the order of the request, and the hash of what they get."""

    language: str
    residents: bytes
    people: int
    body_sha256: str


@dataclass(frozen=True)
class Attempt:
    """What LINE said to an attempt: None where it said nothing."""

    chunk_id: str
    http_status: int | None = None
    request_id: str | None = None
    accepted_request_id: str | None = None


@dataclass(frozen=True)
class Shortened:
    """A chunk that loses people before anything of it was taken by LINE; ``body_sha256`` is that of the rest."""

    chunk_id: str
    residents: bytes
    people: int
    body_sha256: str
    gone: int = 0
    refused: int = 0


async def plan_campaign(
    session: AsyncSession,
    campaign: Campaign,
    letters: Mapping[str, bytes],
    chunks: Sequence[FrozenChunk],
    not_before: datetime,
) -> None:
    """Write a whole campaign down, with a retry key for each chunk, before anything of it is sent."""
    session.add(campaign)
    await session.flush()
    session.add_all(
        CampaignLetter(campaign_id=campaign.id, language=language, messages=messages)
        for language, messages in letters.items()
    )
    await session.flush()
    at = stored_time(session, not_before)
    rows = [
        (ulid, campaign.id, seq, c.language, str(uuid.uuid4()), c.residents, c.people, c.body_sha256, at)
        for seq, (ulid, c) in enumerate(zip(new_ulids(len(chunks)), chunks, strict=True))
    ]
    await run_fixed(session, _PLAN, rows)


async def shorten_chunks(session: AsyncSession, shortened: Sequence[Shortened]) -> None:
    """Take people out of chunks of which LINE has taken nothing."""
    rows = [(s.residents, s.people, s.gone, s.refused, s.body_sha256, s.chunk_id) for s in shortened]
    await run_fixed(session, _SHORTEN, rows)


async def begin_attempts(session: AsyncSession, again_at: Mapping[str, datetime], now: datetime) -> None:
    """Note attempts, by chunk, before they are made, so that after a crash nobody believes they never were."""
    begun = stored_time(session, now)
    rows = [(begun, stored_time(session, again), chunk_id) for chunk_id, again in again_at.items()]
    await run_fixed(session, _BEGIN, rows)


async def put_off(
    session: AsyncSession,
    attempt: Attempt,
    not_before: datetime,
    first_attempt_at: datetime | None,
    attempts: int,
    *,
    noted: int,
) -> None:
    """Try a chunk again later. ``first_attempt_at`` is None while it is certain that LINE has taken nothing.

    ``noted``: how many attempts there were with this one. When another sender has begun one since, the chunk is
    that one's, and nothing changes: an older sender does not know what LINE may have taken meanwhile.
    """
    first = stored_time(session, first_attempt_at) if first_attempt_at else None
    again = stored_time(session, not_before)
    row = (again, first, attempts, attempt.http_status, attempt.request_id, attempt.chunk_id, noted)
    await run_fixed(session, _PUT_OFF, [row])


async def settle_chunks(session: AsyncSession, settled: Iterable[tuple[str, Attempt]]) -> None:
    """Note the end of chunks by state, and forget who was in them."""
    rows = [(state, a.http_status, a.request_id, a.accepted_request_id, a.chunk_id) for state, a in settled]
    await run_fixed(session, _SETTLE, rows)


async def stop_campaign(session: AsyncSession, campaign_id: str) -> None:
    """The month is used up: everybody who still waits goes on waiting, until a planner says otherwise."""
    waiting = col(DeliveryChunk.campaign_id) == campaign_id, col(DeliveryChunk.state) == "pending"
    await session.exec(update(DeliveryChunk).where(*waiting).values(state="quota"))
    running = col(Campaign.id) == campaign_id, col(Campaign.state) == "running"
    await session.exec(update(Campaign).where(*running).values(state="stopped"))


async def resume_campaign(session: AsyncSession, campaign_id: str, now: datetime) -> None:
    """Let a stopped campaign go on. A chunk that LINE may have taken keeps the time of its first attempt."""
    stopped = col(DeliveryChunk.campaign_id) == campaign_id, col(DeliveryChunk.state) == "quota"
    await session.exec(update(DeliveryChunk).where(*stopped).values(state="pending", not_before=now))
    halted = col(Campaign.id) == campaign_id, col(Campaign.state) == "stopped"
    await session.exec(update(Campaign).where(*halted).values(state="running"))


async def end_campaign(session: AsyncSession, campaign_id: str, state: str, *, but: Collection[str] = ()) -> None:
    """Nobody who still waits is written to any more: their chunks end in a state, and who they are is forgotten.

    A chunk that LINE may have taken ends as ``unknown``. ``but``: chunks whose request is under way right now.
    """
    waiting = col(DeliveryChunk.state).in_(["pending", "quota"]), col(DeliveryChunk.id).not_in(list(but))
    may_be_taken = col(DeliveryChunk.first_attempt_at).is_not(None)
    ends = update(DeliveryChunk).where(col(DeliveryChunk.campaign_id) == campaign_id, *waiting)
    await session.exec(ends.where(may_be_taken).values(state="unknown", residents=None))
    await session.exec(ends.values(state=state, residents=None))
    await close_finished(session, [campaign_id])


async def close_finished(session: AsyncSession, campaign_ids: Iterable[str]) -> None:
    """A campaign in which nobody waits any more is done; what it said is erased, its counts stay."""
    for campaign_id in campaign_ids:
        chunks = col(DeliveryChunk.campaign_id) == campaign_id
        waiting = DeliveryChunk.__table__.select().where(  # type: ignore[attr-defined]
            chunks, col(DeliveryChunk.state).in_(["pending", "quota"])
        )
        finished = update(Campaign).where(col(Campaign.id) == campaign_id, ~waiting.exists())
        done = await session.exec(finished.values(state="done"))
        if done.rowcount:
            await session.exec(delete(CampaignLetter).where(col(CampaignLetter.campaign_id) == campaign_id))
