"""Whole ballots read in spans of voters, and the cache that is kept beside the log."""

import asyncio

from support.casting import cast, current_law, group_commit, open_now, tap
from support.small_programme import OPENS, OTHER_BALLOT

from civic.kernel.security import pseudonym
from civic.tallies.counting import count_log
from civic.votes.actions import cache_span, cache_votes
from civic.votes.operations import APPEND, log_row
from civic.votes.rules import Folded
from civic.votes.spans import OPERATIONS, Span, cached_votes, logged_spans

ANNA, BEN, CARL = b"A" * 16, b"B" * 16, b"C" * 16
VOTE, BLANK = Folded(("stage", "bench"), blank=False), Folded((), blank=True)
EVERYBODY = Span(b"", b"\xff" * 32)


async def cached(context, ballot, span=EVERYBODY):
    async with context.database.reading() as session:
        return await cached_votes(session, ballot.id, span)


async def keep(context, ballot, votes):
    async with context.database.writing() as session:
        await cache_votes(session, ballot.id, votes)


async def append_many(context, ballot, accounts):
    """One operation of each of these accounts, as many as there are."""
    async with group_commit(context) as commits:
        await commits.append({APPEND: [log_row(ballot, tap(name, "add", "bench", at=OPENS)) for name in accounts]})


async def spans_of_log(context, ballot):
    async with context.database.reading() as session:
        return [found async for found in logged_spans(session, ballot.id)]


async def test_an_empty_log_is_one_span_of_everybody(context):
    assert await spans_of_log(context, await open_now(context)) == [(EVERYBODY, [])]


async def test_the_whole_log_comes_voter_by_voter_and_each_by_event_id(context):
    ballot = await open_now(context)
    await cast(context, ballot, *(tap(f"U{n % 3}", "add", "bench", at=OPENS) for n in range(9)))
    [(_, rows)] = await spans_of_log(context, ballot)
    voters = sorted(pseudonym(ballot.key, "line", f"U{n}") for n in range(3))
    assert [row[0] for row in rows] == [voter for voter in voters for _ in range(3)]
    assert [row[:2] for row in rows] == sorted(row[:2] for row in rows)


async def test_a_long_log_comes_in_spans_that_leave_nobody_out_and_part_no_voter(context):
    """One voter alone has more operations than a span: they still come together."""
    ballot = await open_now(context)
    busy = pseudonym(ballot.key, "line", "busy")
    await append_many(context, ballot, [*(f"U{n}" for n in range(OPERATIONS)), *["busy"] * (OPERATIONS + 7)])
    found = await spans_of_log(context, ballot)
    spans = [span for span, _ in found]
    assert len(spans) >= 2
    assert (spans[0].after, spans[-1].upto) == EVERYBODY
    assert [span.after for span in spans[1:]] == [span.upto for span in spans[:-1]]
    assert all(span.after < row[0] <= span.upto for span, rows in found for row in rows)
    assert sum(len(rows) for _, rows in found) == 2 * OPERATIONS + 7
    assert [number for number, (_, rows) in enumerate(found) if any(row[0] == busy for row in rows)] == [
        number for number, span in enumerate(spans) if span.after < busy <= span.upto
    ]


async def test_everybody_else_has_a_turn_between_two_spans(context):
    ballot = await open_now(context)
    await append_many(context, ballot, [f"U{n}" for n in range(5 * OPERATIONS)])
    turns = 0

    async def somebody_else():
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    other = asyncio.ensure_future(somebody_else())
    async with context.database.reading() as session:
        await count_log(session, await current_law(context))
    other.cancel()
    assert turns >= 5


async def test_the_cache_holds_places_on_the_ballot_oldest_first(context):
    """The ballot has bench, stage, swing and mist; a blank vote has none of them."""
    ballot = await open_now(context)
    await keep(context, ballot, {ANNA: VOTE, BEN: BLANK})
    assert await cached(context, ballot) == {ANNA: "1 0", BEN: ""}
    await keep(context, ballot, {ANNA: BLANK})
    assert await cached(context, ballot) == {ANNA: "", BEN: ""}
    await keep(context, ballot, {ANNA: None})
    assert await cached(context, ballot) == {BEN: ""}


async def test_a_span_is_replaced_as_a_whole_and_nothing_beside_it(context):
    ballot = await open_now(context)
    await keep(context, ballot, {ANNA: VOTE, BEN: VOTE, CARL: VOTE})
    async with context.database.writing() as session:
        await cache_span(session, ballot.id, Span(ANNA, CARL), {CARL: BLANK})
    assert await cached(context, ballot) == {ANNA: "1 0", CARL: ""}
    assert await cached(context, ballot, Span(ANNA, CARL)) == {CARL: ""}


async def test_two_workers_may_cache_the_same_voters_at_once(context):
    """The second one waits for the first, finds the rows there, and both are content."""
    ballot = await open_now(context)
    async with context.database.writing() as session:
        await cache_votes(session, ballot.id, {ANNA: VOTE, BEN: BLANK})
        waiting = asyncio.ensure_future(keep(context, ballot, {ANNA: VOTE, BEN: VOTE}))
        await asyncio.wait([waiting], timeout=0.2)
    await waiting
    assert await cached(context, ballot) == {ANNA: "1 0", BEN: "1 0"}


async def test_the_cache_of_another_ballot_is_left_alone(context):
    first, second = await open_now(context), await open_now(context, OTHER_BALLOT)
    await keep(context, first, {ANNA: VOTE})
    await keep(context, second, {ANNA: BLANK})
    async with context.database.writing() as session:
        await cache_span(session, second.id, EVERYBODY, {})
    assert await cached(context, first) == {ANNA: "1 0"}
    assert await cached(context, second) == {}
