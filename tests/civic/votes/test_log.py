"""The vote log, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from support.casting import cast, group_commit, open_now, tap
from support.small_programme import OPENS, OTHER_BALLOT

from civic.kernel.clock import to_ms
from civic.kernel.errors import Unavailable
from civic.kernel.security import pseudonym
from civic.votes.actions import log_late
from civic.votes.operations import APPEND, Cast, log_row
from civic.votes.queries import operation_by_receipt, receipts_of, taps_of


async def rows_in_log(context):
    async with context.database.reading() as session:
        connection = await session.connection()
        return (await connection.execute(text("select count(*) from vote_log"))).scalar_one()


async def test_what_is_appended_comes_back_with_the_receive_time_of_the_commit(context):
    ballot = await open_now(context)
    context.clock.pass_by(milliseconds=1_234)
    one = tap("U1", "add", "bench", at=OPENS, event_id="E1")
    await cast(context, ballot, one)
    voter = pseudonym(ballot.key, "line", "U1")
    async with context.database.reading() as session:
        taps = (await taps_of(session, ballot.id, [voter]))[voter]
        receipt = (await receipts_of(session, ballot.id, ["E1"]))["E1"]
        operation = await operation_by_receipt(session, receipt)
    assert [(t.at_ms, t.event_id, t.op, t.choices, t.received_ms) for t in taps] == [
        (to_ms(OPENS), "E1", "add", ("bench",), to_ms(OPENS) + 1_234)
    ]
    assert (operation.event_id, operation.voter, operation.channel) == ("E1", voter, "line")


async def test_only_the_asked_voters_of_the_asked_ballot_are_read(context):
    first, second = await open_now(context), await open_now(context, OTHER_BALLOT)
    await cast(context, first, tap("U1", "add", "bench", at=OPENS), tap("U2", "add", "bench", at=OPENS))
    await cast(context, second, tap("U1", "add", "stage", at=OPENS))
    voter = pseudonym(first.key, "line", "U1")
    async with context.database.reading() as session:
        found = await taps_of(session, first.id, [voter])
        nobody = await taps_of(session, second.id, [voter])
    assert {v: [t.choices for t in taps] for v, taps in found.items()} == {voter: [("bench",)]}
    assert not nobody


async def test_an_unknown_receipt_is_none(context):
    async with context.database.reading() as session:
        assert await operation_by_receipt(session, "0000-0000-0000-0000") is None


async def test_a_late_entry_is_received_now(context):
    """What waited in the inbox for its ballot gets the present as its time of receipt."""
    ballot = await open_now(context)
    now_ms = to_ms(context.clock.pass_by(seconds=5))
    async with context.database.writing() as session:
        await log_late(session, ballot, {tap("U1", "add", "bench", at=OPENS, event_id="E1"): now_ms})
    voter = pseudonym(ballot.key, "line", "U1")
    async with context.database.reading() as session:
        taps = (await taps_of(session, ballot.id, [voter]))[voter]
    assert [(t.event_id, t.received_ms) for t in taps] == [("E1", now_ms)]


async def test_a_refused_group_leaves_nothing_behind_and_everybody_is_told(context):
    """An operation that the table does not know comes from a fault of ours, never from a tap."""
    ballot = await open_now(context)
    good = log_row(ballot, tap("U1", "add", "bench", at=OPENS))
    bad = log_row(ballot, Cast("line", "U1", "unsend", (), "E2", to_ms(OPENS)))
    async with group_commit(context) as commits:
        with pytest.raises(Unavailable):
            await commits.append({APPEND: [good, bad]})
        assert await rows_in_log(context) == 0
        await commits.append({APPEND: [good]})
    assert await rows_in_log(context) == 1


async def test_two_servers_append_at_the_same_time_and_the_log_has_each_event_once(context):
    """Two group commits on connections of their own, the same forty events given to both."""
    ballot = await open_now(context)
    casts = [tap(f"U{n % 7}", "add", "bench", at=OPENS + timedelta(milliseconds=n)) for n in range(40)]
    async with group_commit(context) as one, group_commit(context) as other:
        await asyncio.gather(
            *(one.append({APPEND: [log_row(ballot, c)]}) for c in casts),
            *(other.append({APPEND: [log_row(ballot, c)]}) for c in reversed(casts)),
        )
    assert await rows_in_log(context) == 40
