"""The cached votes counted: the same numbers as the log, by another way, before a result stands for good."""

import sqlalchemy as sa
from support.casting import current_law, open_now
from support.freezing import count_with_votes
from support.installation import run_jobs
from support.small_programme import BALLOT

from civic.tallies.counting import Approvals, approvals_of, count_cache
from civic.tallies.queries import published_tally, recount
from civic.votes.actions import cache_votes
from civic.votes.rules import Count, Folded
from civic.votes.spans import VOTES
from tests.civic.tallies.story import vote_and_seal, vote_until_sealed

STORY = {
    "U1": "add bench, add swing",
    "U2": "add bench",
    "U3": "none",
    "U4": "add stage",
    "U5": "add mist, withdraw",
}
LOSE_VOTES_FOR_STAGE = {
    "sqlite": ["create trigger lose before insert on vote when new.choices = '1' begin select raise(ignore); end"],
    "postgresql": [
        "create function lose() returns trigger language plpgsql as $$ begin return null; end $$",
        "create trigger lose before insert on vote for each row when (new.choices = '1') execute function lose()",
    ],
}


async def counted_cache(context):
    async with context.database.reading() as session:
        return await count_cache(session, await current_law(context))


async def run_sql(context, *statements):
    async with context.database.writing() as session:
        for statement in statements:
            await (await session.connection()).execute(sa.text(statement))


async def test_an_empty_cache_comes_to_nothing(context):
    await open_now(context)
    assert await counted_cache(context) == Approvals({}, voters=0, blank=0)


async def test_after_the_seal_the_cache_comes_to_what_the_log_comes_to(context):
    await vote_and_seal(context, STORY)
    counted, _ = await count_with_votes(context, await current_law(context))
    assert await counted_cache(context) == approvals_of(counted.count)
    assert approvals_of(counted.count) == Approvals({"bench": 2, "swing": 1, "stage": 1}, voters=4, blank=1)


async def test_groups_with_a_choice_in_common_are_added_up():
    groups = {frozenset({"a", "b"}): 2, frozenset({"a"}): 3, frozenset(): 4}
    assert approvals_of(Count(groups, voters=9, blank=4, late=0, invalid=0, channels={})) == Approvals(
        {"a": 5, "b": 2}, 9, 4
    )


async def test_many_spans_of_cached_votes_are_added_up_also_one_of_blank_votes_alone(context):
    """More votes than a span holds: the voters of the lower half are blank, those of the upper for two."""
    ballot = await open_now(context)
    blank, two = Folded((), blank=True), Folded(("mist", "bench"), blank=False)
    votes = {number.to_bytes(16): blank for number in range(1, VOTES + 1)}
    votes |= {b"\xff" + number.to_bytes(15): two for number in range(10)}
    async with context.database.writing() as session:
        await cache_votes(session, ballot.id, votes)
    assert await counted_cache(context) == Approvals({"bench": 10, "mist": 10}, voters=VOTES + 10, blank=VOTES)


async def test_no_result_stands_while_the_cache_says_something_else(context):
    """A database that loses rows behind our back: the count waits, and stands once it is put right."""
    await run_sql(context, *LOSE_VOTES_FOR_STAGE[context.database.dialect])
    await vote_until_sealed(context, STORY)
    async with context.database.reading() as session:
        assert await published_tally(session, BALLOT) is None
    await run_sql(context, "drop trigger lose" + ("" if context.database.is_sqlite else " on vote"))
    context.clock.pass_by(minutes=6)
    await run_jobs(context)
    async with context.database.reading() as session:
        assert (await published_tally(session, BALLOT)).report["approvals"]["stage"] == 1
        assert (await recount(session, BALLOT)).agrees
