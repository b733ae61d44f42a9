"""The inbox of events: what is appended with the vote, what waits, and what was put aside."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import to_ms
from civic.kernel.db.group_commit import Append
from civic.kernel.errors import NotFound
from webhooks.line.tables import InboxEvent

SEALED_AS = "inbox"
MOST_ATTEMPTS = 5
KEEP_QUARANTINED = timedelta(days=7)

APPEND = Append(
    sqlite="insert into line_inbox (event_key, state, reason, body, attempts, received_ms) "
    "values (?, ?, ?, ?, 0, ?) on conflict (event_key) do nothing",
    postgresql="insert into line_inbox (event_key, state, reason, body, received_ms, attempts) "
    "select *, 0 from unnest(%s::bytea[], %s::text[], %s::text[], %s::bytea[], %s::bigint[]) "
    "on conflict (event_key) do nothing",
)
"""A redelivered event finds its key taken, whether or not it is finished, and nothing happens twice."""


async def claim_pending(session: AsyncSession, limit: int) -> Sequence[InboxEvent]:
    """The oldest waiting events, those that failed before behind all others, locked for this transaction."""
    waiting = select(InboxEvent).where(col(InboxEvent.state) == "pending")
    oldest = waiting.order_by(col(InboxEvent.attempts), col(InboxEvent.received_ms)).limit(limit)
    return (await session.exec(oldest.with_for_update(skip_locked=True))).all()


def finish(event: InboxEvent) -> None:
    """Done: the sealed body goes, the key stays."""
    event.state, event.body = "done", None


def quarantine(event: InboxEvent, reason: str) -> None:
    """Put aside with its reason, to be looked at and perhaps run again."""
    event.state, event.reason = "quarantined", reason


async def quarantined(session: AsyncSession) -> Sequence[InboxEvent]:
    """What was put aside, the latest first (at most 500)."""
    aside = select(InboxEvent).where(col(InboxEvent.state) == "quarantined")
    return (await session.exec(aside.order_by(col(InboxEvent.received_ms).desc()).limit(500))).all()


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
