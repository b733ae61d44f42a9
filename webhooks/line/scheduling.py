"""Messages at a time that a planner chose: who hears them and what they say is found at that time, not before."""

from civic.ballots.queries import ballot_by_slug
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, Unavailable
from civic.kernel.logging import logger
from civic.outbox.about import About
from civic.outbox.scheduling import cancel_scheduled, due_messages
from civic.outbox.tables import ScheduledMessage
from webhooks.line.announcing import ask_line

_AGAIN = frozenset({"message_changed_meanwhile"})
"""Refusals that another try a moment later need not meet."""


async def plan_due(context: Context) -> bool:
    """Turn messages whose time has come into campaigns. False: what cannot be asked of LINE now waits a while."""
    async with context.database.reading() as session:
        due = await due_messages(session, context.clock())
    for message in due:
        await _plan(context, message)
    return False


async def _plan(context: Context, message: ScheduledMessage) -> None:
    """One message; a refusal is kept for the planner to see, and not tried again."""
    about = About(message.kind, message.ballot, message.installation)
    try:
        announcer = await ask_line(context)
        if announcer.quota is None:  # it would be sent without knowing whether it fits into the month
            return
        async with context.database.reading() as session:
            draft = await announcer.draft(session, about)
        async with context.database.writing() as session:
            await ballot_by_slug(session, about.ballot, lock=True)
            await draft.plan(session, message.scheduled_by, context.clock(), scheduled=True)
            await cancel_scheduled(session, about)
    except Unavailable:
        return
    except CivicError as refusal:
        if refusal.code not in _AGAIN:
            await _refuse(context, message, refusal)


async def _refuse(context: Context, message: ScheduledMessage, refusal: CivicError) -> None:
    logger("campaigns").warning("scheduled_refused", kind=message.kind, code=refusal.code)
    async with context.database.writing() as session:
        row = await session.get(ScheduledMessage, (message.kind, message.ballot, message.installation))
        if row is not None and row.at == message.at:
            row.refused = refusal.code
