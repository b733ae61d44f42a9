"""Everything that happens without a request: the inbox, the senders, the life of ballots, and housekeeping."""

import asyncio
from functools import partial

from civic.jobs.ballots import advance_ballots
from civic.jobs.drawings import draw_placement
from civic.kernel.context import Context
from civic.kernel.queue import Queue
from civic.outbox.actions import expire_replies
from civic.proposals.actions import DRAW
from webhooks.line import inbox
from webhooks.line.channel import Senders, open_drain

REPLIES = "replies"
_MINUTE_S = 60.0


def build_queue(context: Context, senders: Senders | None, arrived: asyncio.Event | None = None) -> Queue:
    """All duties of a worker. ``arrived`` wakes the inbox, and the inbox wakes the senders."""
    queue = Queue(context.database, context.clock)
    drain = open_drain(context, senders.client if senders is not None else None)

    async def drain_inbox() -> bool:
        more = await drain.run_batch()
        if REPLIES in queue.wake:
            queue.wake[REPLIES].set()
        return more

    async def advance() -> bool:
        return await advance_ballots(context, inbox.unfinished_before)

    async def erase_old() -> bool:
        async with context.database.writing() as session:
            await inbox.erase_old_quarantine(session, context.clock())
            await expire_replies(session, context.clock())
        return False

    queue.handlers[DRAW] = partial(draw_placement, context)
    queue.every(0.5, "inbox", drain_inbox, arrived)
    queue.every(1.0, "ballots", advance)
    queue.every(_MINUTE_S, "housekeeping", erase_old)
    if senders is not None:
        queue.every(0.5, REPLIES, senders.replies.run_batch)
        queue.every(1.0, "campaigns", senders.campaigns.send_next)
    return queue
