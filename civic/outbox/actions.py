"""Owe a reply: write it down in the transaction of the action that owes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db.fixed import Fixed, run_fixed, stored_time
from civic.kernel.ids import first_ulid, new_ulids
from civic.outbox.tables import Reply

_OWE = Fixed(
    sqlite="insert into outbox_reply (id, state, expires_at, token, messages) values (?, 'pending', ?, ?, ?)",
    postgresql="insert into outbox_reply (id, state, expires_at, token, messages) "
    "select id, 'pending', expires_at, token, messages from unnest("
    "%s::text[], %s::timestamptz[], %b::bytea[], %b::bytea[]) as owed (id, expires_at, token, messages)",
)
_SETTLED = "update outbox_reply set token = null, messages = null, state ="
_SETTLE = Fixed(
    sqlite=f"{_SETTLED} ? where id = ?",
    postgresql=f"{_SETTLED} settled.state from unnest(%s::text[], %s::text[]) as settled (state, id) "
    "where outbox_reply.id = settled.id",
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


async def settle_replies(session: AsyncSession, states: Mapping[str, str]) -> None:
    """Mark replies by id; whatever is no longer pending loses its body and token."""
    await run_fixed(session, _SETTLE, [(state, reply_id) for reply_id, state in states.items()])


async def expire_replies(session: AsyncSession, now: datetime) -> None:
    """Erase what can no longer be sent, whether or not anything could send it."""
    over = col(Reply.state) == "pending", col(Reply.expires_at) <= now
    await session.exec(update(Reply).where(*over).values(state="expired", token=None, messages=None))


async def remove_replies(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove up to ``limit`` replies of before an instant that are over; how many they were."""
    over = col(Reply.id) < first_ulid(before), col(Reply.state) != "pending"
    oldest = select(Reply.id).where(*over).limit(limit)
    return (await session.exec(delete(Reply).where(col(Reply.id).in_(oldest)))).rowcount
