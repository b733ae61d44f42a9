"""Count a sealed ballot and keep the result, as the scheduler does, at a time that the test sets."""

from datetime import datetime

from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.kernel.context import Context
from civic.tallies.actions import freeze_tally
from civic.tallies.counting import Counted, LogCounting
from civic.tallies.tables import Tally
from civic.votes.actions import cache_votes
from civic.votes.rules import Folded


async def count_with_votes(context: Context, law: Law) -> tuple[Counted, dict[bytes, Folded]]:
    """A count of the log, and every vote of it by voter."""
    counting = LogCounting(law)
    votes: dict[bytes, Folded] = {}
    async with context.database.reading() as session:
        async for _, some in counting.spans(session):
            votes |= some
    return counting.result(), votes


async def freeze(context: Context, slug: str, now: datetime) -> Tally:
    async with context.database.reading() as session:
        law = await law_of(session, await ballot_by_slug(session, slug))
    counted, votes = await count_with_votes(context, law)
    async with context.database.writing() as session:
        tally = await freeze_tally(session, "test", law, counted, now)
        await cache_votes(session, law.ballot_id, votes)
    return tally
