"""The inbox of events: what is appended with the vote, what waits, and what was put aside."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import to_ms
from civic.kernel.db.fixed import Fixed, fetch_fixed, run_fixed
from civic.kernel.errors import NotFound
from webhooks.line.tables import InboxEvent

SEALED_AS = "inbox"
MOST_ATTEMPTS = 5
KEEP_QUARANTINED = timedelta(days=7)

APPEND = Fixed(
    sqlite="insert into line_inbox (event_key, state, reason, body, attempts, received_ms) "
    "values (?, ?, ?, ?, 0, ?) on conflict (event_key) do nothing",
    postgresql="insert into line_inbox (event_key, state, reason, body, received_ms, attempts) "
    "select *, 0 from unnest(%b::bytea[], %b::text[], %b::text[], %b::bytea[], %b::bigint[]) "
    "on conflict (event_key) do nothing",
)
"""A redelivered event finds its key taken, whether or not it is finished, and nothing happens twice."""

_WAITING = (
    "select event_key, body, attempts, received_ms from line_inbox where state = 'pending' "
    "order by attempts, received_ms limit"
)
_OLDEST = Fixed(sqlite=f"{_WAITING} ?", postgresql=f"{_WAITING} %s")
_FINISH = Fixed(
    sqlite="update line_inbox set state = 'done', body = null where event_key = ?",
    postgresql="update line_inbox set state = 'done', body = null where event_key = any(%b::bytea[])",
)
_TRIED = Fixed(
    sqlite="update line_inbox set attempts = attempts + 1 where event_key = ?",
    postgresql="update line_inbox set attempts = attempts + 1 where event_key = any(%b::bytea[])",
)
_PUT_ASIDE = Fixed(
    sqlite="update line_inbox set state = 'quarantined', reason = ? where event_key = ?",
    postgresql="update line_inbox set state = 'quarantined', reason = aside.reason "
    "from unnest(%s::text[], %b::bytea[]) as aside (reason, event_key) "
    "where line_inbox.event_key = aside.event_key",
)
_KEPT_BODIES = (
    "select event_key, body from line_inbox where state = 'quarantined' and body is not null union all "
    "select event_key, body from line_inbox where state = 'pending' and attempts > 0 and body is not null"
)
"""Each half has an index of its own: the inbox is as long as all events of a month."""

_KEPT = Fixed(sqlite=_KEPT_BODIES, postgresql=_KEPT_BODIES)
_ERASED = "update line_inbox set body = null, state = case state when 'pending' then 'done' else state end"
_ERASE = Fixed(
    sqlite=f"{_ERASED} where event_key = ?",
    postgresql=f"{_ERASED} where event_key = any(%b::bytea[])",
)


class Waiting(msgspec.Struct, frozen=True):
    """An event in the line: its sealed body, how often it failed before, when it came (ms since 1970 UTC)."""

    key: bytes
    body: bytes | None
    attempts: int
    received_ms: int


async def oldest_waiting(session: AsyncSession, limit: int) -> list[Waiting]:
    """The events whose turn it is, those that failed before behind all others."""
    return [Waiting(*row) for row in await fetch_fixed(session, _OLDEST, limit)]


async def finish(session: AsyncSession, keys: Sequence[bytes]) -> None:
    """Done: the sealed bodies go, the keys stay."""
    await run_fixed(session, _FINISH, [(key,) for key in keys])


async def count_attempt(session: AsyncSession, keys: Sequence[bytes]) -> None:
    """Tried in vain once more."""
    await run_fixed(session, _TRIED, [(key,) for key in keys])


async def put_aside(session: AsyncSession, reasons: Sequence[tuple[str, bytes]]) -> None:
    """Quarantine events, each given as its reason and its key, to be looked at and perhaps run again."""
    await run_fixed(session, _PUT_ASIDE, reasons)


async def quarantined(session: AsyncSession) -> Sequence[InboxEvent]:
    """What was put aside, the latest first (at most 500)."""
    aside = select(InboxEvent).where(col(InboxEvent.state) == "quarantined")
    return (await session.exec(aside.order_by(col(InboxEvent.received_ms).desc()).limit(500))).all()


async def kept_bodies(session: AsyncSession) -> list[tuple[bytes, bytes]]:
    """Key and sealed body of every event that stays for longer: it failed before, or was put aside."""
    return [(bytes(key), bytes(body)) for key, body in await fetch_fixed(session, _KEPT)]


async def erase(session: AsyncSession, keys: Sequence[bytes]) -> None:
    """Erase bodies before their time. An event that waited is done with; one put aside keeps its reason."""
    await run_fixed(session, _ERASE, [(key,) for key in keys])


async def run_again(session: AsyncSession, event_key: bytes) -> None:
    """Put a quarantined event back in the line. NotFound when it is not there or its body is already erased."""
    event = await session.get(InboxEvent, event_key)
    if event is None or event.state != "quarantined" or event.body is None:
        raise NotFound("event_unknown", "この記録はもう一度処理できません。一覧を開き直してください。")
    event.state, event.reason, event.attempts = "pending", None, 0


async def unfinished_before(session: AsyncSession, instant: datetime) -> int:
    """How many events received before an instant still wait: a ballot may not be sealed over them."""
    waiting = select(func.count()).where(
        col(InboxEvent.state) == "pending", col(InboxEvent.received_ms) < to_ms(instant)
    )
    return (await session.exec(waiting)).one()


async def erase_old_quarantine(session: AsyncSession, now: datetime) -> None:
    """Erase the bodies of events put aside more than seven days ago."""
    old = col(InboxEvent.received_ms) < to_ms(now - KEEP_QUARANTINED)
    aside = col(InboxEvent.state) == "quarantined", col(InboxEvent.body).is_not(None), old
    await session.exec(update(InboxEvent).where(*aside).values(body=None))


async def remove_finished(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove up to ``limit`` events that came before an instant and no longer wait; how many they were.

    Keys begin with the time of the event (router), so the oldest stand at the front of the index. The keys are
    what tells a redelivered event, so ``before`` lies well behind the days in which LINE may deliver again.
    """
    ms = to_ms(before)
    old = col(InboxEvent.event_key) < ms.to_bytes(6, "big"), col(InboxEvent.received_ms) < ms
    front = select(InboxEvent.event_key).where(*old, col(InboxEvent.state) != "pending").limit(limit)
    removed = await session.exec(delete(InboxEvent).where(col(InboxEvent.event_key).in_(front)))
    return removed.rowcount
