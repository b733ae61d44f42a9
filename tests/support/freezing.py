"""Count a sealed ballot and keep the result, as the scheduler does, at a time that the test sets."""

from datetime import datetime

from civic.ballots.queries import ballot_by_slug, law_of
from civic.kernel.context import Context
from civic.tallies.actions import freeze_tally
from civic.tallies.counting import count_log
from civic.tallies.tables import Tally
from civic.votes.actions import cache_votes


async def freeze(context: Context, slug: str, now: datetime) -> Tally:
    async with context.database.reading() as session:
        law = await law_of(session, await ballot_by_slug(session, slug))
        counted = await count_log(session, law)
    async with context.database.writing() as session:
        tally = await freeze_tally(session, "test", law, counted, now)
        await cache_votes(session, law.ballot_id, counted.votes)
    return tally
