"""The life of a ballot by the clock."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.actions import close_ballot, open_ballot, seal_ballot, sealed_from
from civic.ballots.queries import Law, ballot_by_slug, ballots_in_state, law_of
from civic.ballots.tables import Ballot
from civic.kernel.context import Context
from civic.kernel.db.group_commit import hold_appends
from civic.kernel.ids import new_ulid
from civic.kernel.leases import take_lease
from civic.kernel.logging import logger
from civic.tallies.actions import freeze_tally
from civic.tallies.counting import Counted, LogCounting, approvals_of, count_cache
from civic.tallies.queries import stored_tally
from civic.votes.actions import cache_span
from civic.votes.rules import Folded
from civic.votes.spans import Span

ACTOR = "scheduler"
WORKER = new_ulid()
COUNTING = timedelta(minutes=5)
"""How long a worker may take to count before another one tries."""

Unfinished = Callable[[AsyncSession, datetime], Awaitable[int]]
"""How many events received before an instant are still waiting; handed in, since the inbox is LINE's."""


async def advance_ballots(context: Context, unfinished: Unfinished) -> bool:
    """Open, close and seal what is due, then count what is sealed; True when anything happened."""
    async with context.database.reading() as session:
        live = await ballots_in_state(session, "scheduled", "open", "closed", "sealed")
    happened = False
    for ballot in live:
        if _is_due(ballot, context.clock()):
            happened |= await _try_to_advance(context, ballot, unfinished)
    return happened


def _is_due(ballot: Ballot, now: datetime) -> bool:
    """Whether the next step of a ballot may be taken; decided again inside the write transaction."""
    match ballot.state:
        case "scheduled":
            return ballot.opens_at <= now < ballot.closes_at
        case "open":
            return ballot.closes_at <= now
        case "closed":
            return sealed_from(ballot) <= now
        case _:
            return True


async def _try_to_advance(context: Context, ballot: Ballot, unfinished: Unfinished) -> bool:
    """A ballot that cannot go on now is told of and tried again; the others must not wait for it."""
    try:
        return await _advance(context, ballot.slug, ballot.state, unfinished)
    except Exception as error:
        logger("ballots").error("ballot_stuck", ballot=ballot.slug, error=type(error).__name__, exc_info=error)
        return False


async def _advance(context: Context, slug: str, state: str, unfinished: Unfinished) -> bool:
    match state:
        case "scheduled":
            return await _open(context, slug)
        case "open":
            return await _close(context, slug)
        case "closed":
            return await _seal(context, slug, unfinished)
        case _:
            return await _count(context, slug)


async def _open(context: Context, slug: str) -> bool:
    now = context.clock()
    async with context.database.writing() as session:
        ballot = await ballot_by_slug(session, slug, lock=True)
        if ballot.state != "scheduled" or not ballot.opens_at <= now < ballot.closes_at:
            return False
        await open_ballot(session, ACTOR, slug, now, context.keys, at_once=False)
    return True


async def _close(context: Context, slug: str) -> bool:
    now = context.clock()
    async with context.database.writing() as session:
        ballot = await ballot_by_slug(session, slug, lock=True)
        if ballot.state != "open" or now < ballot.closes_at:
            return False
        await close_ballot(session, ACTOR, slug, now, at_once=False)
    return True


async def _seal(context: Context, slug: str, unfinished: Unfinished) -> bool:
    """Seal while no vote can be appended and no event from before the end still waits."""
    async with context.database.writing() as session:
        await hold_appends(session)
        now = context.clock()
        ballot = await ballot_by_slug(session, slug, lock=True)
        if ballot.state != "closed" or await unfinished(session, sealed_from(ballot)):
            return False
        return await seal_ballot(session, ACTOR, slug, now)


async def _count(context: Context, slug: str) -> bool:
    """Count, refill the cache, keep the result last; one worker at a time, and another after one that died."""
    async with context.database.reading() as session:
        sealed = {ballot.slug: ballot.id for ballot in await ballots_in_state(session, "sealed")}
        ballot_id = sealed.get(slug)
        if ballot_id is None or await stored_tally(session, ballot_id) is not None:
            return False
    async with context.database.writing() as session:
        if not await take_lease(session, f"count {slug}", WORKER, context.clock(), COUNTING):
            return False
    async with context.database.reading() as session:
        law = await law_of(session, await ballot_by_slug(session, slug))
        counting = LogCounting(law)
        async for span, votes in counting.spans(session):
            await _cache(context, ballot_id, span, votes)
    counted = counting.result()
    await _require_same_in_cache(context, law, counted)
    async with context.database.writing() as session:
        await freeze_tally(session, ACTOR, law, counted, context.clock())
    return True


async def _cache(context: Context, ballot_id: int, span: Span, votes: Mapping[bytes, Folded]) -> None:
    """A span of the cache anew, in a short transaction, so that other ballots go on."""
    async with context.database.writing(shown=False) as session:
        await cache_span(session, ballot_id, span, votes)


async def _require_same_in_cache(context: Context, law: Law, counted: Counted) -> None:
    """A second way to the same numbers, before they stand for good: over the cached votes and by other code."""
    async with context.database.reading() as session:
        cached = await count_cache(session, law)
    if cached != approvals_of(counted.count):
        raise RuntimeError(f"the cached votes of {law.slug} do not come to what its log comes to")
