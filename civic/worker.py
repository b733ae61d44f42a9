"""Everything that happens without a request: the inbox, the senders, the life of ballots, and housekeeping."""

import asyncio
from functools import partial

from civic.drawings.sun import DRAW_SUN
from civic.jobs.ballots import advance_ballots
from civic.jobs.drawings import draw_placement, draw_sun
from civic.jobs.placements import check_placements
from civic.jobs.retention import purge, scrub
from civic.jobs.studies import study_results
from civic.kernel.clock import monotonic
from civic.kernel.context import Context
from civic.kernel.queue import Queue
from civic.outbox.actions import expire_replies
from civic.proposals.actions import CHECK, DRAW
from civic.residents.actions import SCRUB
from webhooks.line import inbox
from webhooks.line.channel import Senders, open_drain
from webhooks.line.richmenu.links import expire_owed_menus
from webhooks.line.scheduling import plan_due

REPLIES = "replies"
_MINUTE_S = 60.0
_HOUR_S = 3_600.0

TURNS = 2.0
"""While votes come in, they have the process for twice as long as receipts. At the limit that is about one receipt
for two votes; the others follow when the rush is over (docs/adr/0008)."""

GATHER_S = 0.02
"""Below the limit, events gather for as long as this: a batch of a few costs almost as much as one of many."""

QUIET_S = 0.005
"""Nothing committed for this long: nobody is at the door, so nobody is given way to."""


def build_queue(context: Context, senders: Senders | None, arrived: asyncio.Event | None = None) -> Queue:
    """All duties of a worker. ``arrived`` wakes the inbox, and the inbox wakes the senders."""
    queue = Queue(context.database, context.clock)
    drain = open_drain(context, senders.client if senders is not None else None)

    async def drain_inbox() -> bool:
        more = await drain.run_batch()
        if REPLIES in queue.wake:
            queue.wake[REPLIES].set()
        came = arrived is not None and await give_way(arrived, context.database.write_lock, drain.held_s)
        return more or came

    async def advance() -> bool:
        return await advance_ballots(context, inbox.unfinished_before)

    async def erase_old() -> bool:
        async with context.database.writing(shown=False) as session:
            await inbox.erase_old_quarantine(session, context.clock())
            await expire_replies(session, context.clock())
            await expire_owed_menus(session, context.clock())
        return False

    async def remove_old() -> bool:
        await purge(context, (inbox.remove_finished,))
        return False

    queue.handlers[DRAW] = partial(draw_placement, context)
    queue.handlers[DRAW_SUN] = partial(draw_sun, context)
    queue.handlers[CHECK] = partial(check_placements, context)
    queue.handlers[SCRUB] = partial(scrub, context)
    queue.every(0.5, "inbox", drain_inbox, arrived)
    queue.every(1.0, "ballots", advance)
    queue.every(5.0, "studies", partial(study_results, context))
    queue.every(_MINUTE_S, "housekeeping", erase_old)
    queue.every(_HOUR_S, "purge", remove_old)
    if senders is not None:
        queue.every(0.5, REPLIES, senders.replies.run_batch)
        queue.every(5.0, "scheduled messages", partial(plan_due, context))
        queue.every(1.0, "campaigns", senders.campaigns.run_batch)
        queue.every(0.5, "menu links", senders.links.run_batch)
        queue.every(1.0, "menus", senders.menus.run_batch)
    return queue


async def give_way(arrived: asyncio.Event, door: asyncio.Lock, held_s: float) -> bool:
    """After a batch that held the database ``held_s`` leave the process to those who vote; True when some did.

    Only where votes are taken in the same process: ``arrived`` tells of each commit, ``door`` is held during one.
    """
    until = monotonic() + max(GATHER_S, TURNS * held_s)
    came = False
    while monotonic() < until:
        arrived.clear()
        await asyncio.sleep(QUIET_S)
        if not arrived.is_set() and not door.locked():
            break
        came = came or arrived.is_set()
    return came
