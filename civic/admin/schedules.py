"""Give a message a time at which it is sent, and take it back."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.queries import ballot_by_slug
from civic.kernel.errors import InvalidInput
from civic.outbox.about import UNTIL_THE_CLOSE, About
from civic.outbox.rules import after_night, after_the_close
from civic.outbox.scheduling import cancel_scheduled, schedule_message


async def schedule(session: AsyncSession, actor: str, about: About, at: datetime, now: datetime) -> datetime:
    """Send a message at a time; at night it waits for the morning. The time at which it will be sent.

    InvalidInput for the past, Conflict when what it asks people to do would be over.
    """
    when = after_night(at)
    if when <= now:
        raise InvalidInput("time_past", "これからの日時を入れてください。")
    ballot = await ballot_by_slug(session, about.ballot)
    if about.kind in UNTIL_THE_CLOSE and when >= ballot.closes_at:
        raise after_the_close()
    await schedule_message(session, actor, about, when)
    record(session, actor, "message.scheduled", about.ballot, now, kind=about.kind)
    return when


async def unschedule(session: AsyncSession, actor: str, about: About, now: datetime) -> None:
    """Take the time back."""
    if await cancel_scheduled(session, about):
        record(session, actor, "message.unscheduled", about.ballot, now, kind=about.kind)
