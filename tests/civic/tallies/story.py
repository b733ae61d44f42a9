"""From votes to a sealed and counted ballot, as the scheduler does it."""

from datetime import timedelta

from support.casting import cast, open_now, tap
from support.installation import run_jobs
from support.small_programme import BALLOT, CLOSES, GRACE_S, OPENS

from civic.kernel.context import Context
from civic.tallies.queries import published_tally
from civic.tallies.tables import Tally

MINUTE = timedelta(minutes=1)
SEALED_FROM = CLOSES + timedelta(seconds=GRACE_S)


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
