"""From votes to a sealed and counted ballot, as the scheduler does it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from support.casting import cast, open_now, prepare_small, tap
from support.installation import TestClock, installation, run_jobs
from support.small_programme import BALLOT, CLOSES, GRACE_S, OPENS

from civic.kernel.context import Context
from civic.tallies.actions import draw_lots
from civic.tallies.draws import Announced
from civic.tallies.queries import count_for_draw, published_tally
from civic.tallies.tables import Tally

MINUTE = timedelta(minutes=1)
SEALED_FROM = CLOSES + timedelta(seconds=GRACE_S)


async def prepare_sealed(url: str, folder: Path, votes: dict[str, str]) -> None:
    """A small installation up to its sealed and counted ballot: for templates of ``installed``."""
    await prepare_small(url, folder)
    async with installation(url, folder) as context:
        await vote_and_seal(context, votes)


@asynccontextmanager
async def sealed_installation(url: str, folder: Path) -> AsyncIterator[Context]:
    """A copy of what was prepared sealed, opened at the instant of the seal."""
    async with installation(url, folder, TestClock(SEALED_FROM)) as opened:
        yield opened


async def vote_and_seal(context: Context, votes: dict[str, str], slug: str = BALLOT) -> Tally:
    """Open, vote, close, seal and count."""
    await vote_until_sealed(context, votes, slug)
    return await tally_of(context, slug)


async def vote_until_sealed(context: Context, votes: dict[str, str], slug: str = BALLOT) -> None:
    """Open, let each account tap its acts (``"add bench, add stage"``) a minute apart, and pass the seal."""
    ballot = await open_now(context, slug)
    taps = [
        tap(account, *act.split(), at=OPENS + number * MINUTE)
        for account, acts in votes.items()
        for number, act in enumerate(acts.split(", "))
    ]
    context.clock.present = OPENS + timedelta(hours=1)
    await cast(context, ballot, *taps)
    await seal(context)


async def seal(context: Context) -> None:
    """Let the ballots close, be sealed and counted by the clock."""
    for present in (CLOSES, SEALED_FROM):
        context.clock.present = present
        await run_jobs(context)


async def tally_of(context: Context, slug: str = BALLOT) -> Tally:
    """The published result; it must be there."""
    async with context.database.reading() as session:
        found = await published_tally(session, slug)
    assert found is not None
    return found


async def draw_lot(context, slug, value, source):
    """Draw the lot of an open tie as the pages and commands do."""
    async with context.database.reading() as session:
        counted = await count_for_draw(session, slug)
    async with context.database.writing() as session:
        return await draw_lots(session, "cli:planner", slug, Announced(value, source), counted, context.clock())
