"""Owe a message: write it down in the transaction of the action that owes it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.outbox.tables import Campaign, DeliveryChunk, Reply


def owe_reply(session: AsyncSession, token: str, messages: bytes, expires_at: datetime) -> None:
    """An answer to one event, to be sent with its reply token before it expires."""
    session.add(Reply(token=token.encode(), messages=messages, expires_at=expires_at))


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
