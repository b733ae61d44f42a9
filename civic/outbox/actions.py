"""Owe a message: write it down in the transaction of the action that owes it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db.fixed import Fixed, run_fixed, stored_time
from civic.kernel.ids import new_ulids
from civic.outbox.tables import Campaign, DeliveryChunk, Reply

_OWE = Fixed(
    sqlite="insert into outbox_reply (id, state, expires_at, token, messages) values (?, 'pending', ?, ?, ?)",
    postgresql="insert into outbox_reply (id, state, expires_at, token, messages) "
    "select id, 'pending', expires_at, token, messages from unnest("
    "%s::text[], %s::timestamptz[], %b::bytea[], %b::bytea[]) as owed (id, expires_at, token, messages)",
)


class OwedReply(msgspec.Struct, frozen=True):
    """An answer to one event: messages as JSON, to be sent with its reply token before it expires."""

    token: str
    messages: bytes
    expires_at: datetime


async def owe_replies(session: AsyncSession, replies: Sequence[OwedReply]) -> None:
    """Owe answers, to be sent in this order."""
    times = {at: stored_time(session, at) for at in {reply.expires_at for reply in replies}}
    rows = [
        (ulid, times[reply.expires_at], reply.token.encode(), reply.messages)
        for ulid, reply in zip(new_ulids(len(replies)), replies, strict=True)
    ]
    await run_fixed(session, _OWE, rows)


@dataclass(frozen=True)
class PlannedChunk:
    """Up to 500 residents, by number, in the order of the request, and the bytes they get."""

    residents: Sequence[int]
    messages: bytes
    body_sha256: str


async def plan_campaign(
    session: AsyncSession, kind: str, subject: str, chunks: Sequence[PlannedChunk], now: datetime
) -> Campaign:
    """Fix a message to many people: recipients, bytes and retry keys, before anything is sent."""
    campaign = Campaign(
        kind=kind, subject=subject, planned_at=now, recipients=sum(len(c.residents) for c in chunks)
    )
    session.add(campaign)
    await session.flush()
    for seq, chunk in enumerate(chunks):
        session.add(
            DeliveryChunk(
                campaign_id=campaign.id,
                seq=seq,
                retry_key=str(uuid.uuid4()),
                messages=chunk.messages,
                residents=list(chunk.residents),
                body_sha256=chunk.body_sha256,
                not_before=now,
            )
        )
    return campaign


async def settle_replies(session: AsyncSession, states: Mapping[str, str]) -> None:
    """Mark replies by id; whatever is no longer pending loses its body and token."""
    for reply_id, state in states.items():
        reply = await session.get_one(Reply, reply_id)
        reply.state, reply.token, reply.messages = state, None, None


async def expire_replies(session: AsyncSession, now: datetime) -> None:
    """Erase what can no longer be sent, whether or not anything could send it."""
    over = col(Reply.state) == "pending", col(Reply.expires_at) <= now
    await session.exec(update(Reply).where(*over).values(state="expired", token=None, messages=None))


async def resume_chunks(session: AsyncSession, campaign_id: str, now: datetime) -> None:
    """Let the chunks that stopped at a used-up month go on: nobody in them was reached."""
    stopped = col(DeliveryChunk.campaign_id) == campaign_id, col(DeliveryChunk.state) == "quota"
    await session.exec(
        update(DeliveryChunk).where(*stopped).values(state="pending", not_before=now, first_attempt_at=None)
    )


async def begin_attempt(session: AsyncSession, chunk_id: str, now: datetime, again_at: datetime) -> None:
    """Note an attempt before it is made, so that after a crash nobody believes it never was."""
    chunk = await session.get_one(DeliveryChunk, chunk_id)
    chunk.first_attempt_at = chunk.first_attempt_at or now
    chunk.attempts += 1
    chunk.not_before = again_at


async def end_attempt(
    session: AsyncSession, chunk_id: str, state: str, http_status: int | None, request_id: str | None
) -> None:
    """Note what came of an attempt."""
    chunk = await session.get_one(DeliveryChunk, chunk_id)
    chunk.state, chunk.http_status, chunk.request_id = state, http_status, request_id
