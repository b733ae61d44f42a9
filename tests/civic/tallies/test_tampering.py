"""A recount finds what somebody changed behind the product's back, wherever it was changed."""

import copy

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select
from support.casting import current_law
from support.small_programme import BALLOT

from civic.tallies.counting import count_log
from civic.tallies.queries import recount
from civic.tallies.tables import Tally
from civic.votes.tables import Vote
from tests.civic.tallies.story import vote_and_seal

VOTES = {"U1": "add bench, add swing", "U2": "add bench", "U3": "none", "U4": "add stage"}
CHANGED_REPORTS = {
    "approvals": lambda report: report["approvals"].update(stage=2),
    "winner": lambda report: report["selected"][0].update(proposal="mist"),
    "cost": lambda report: report["selected"][0].update(cost_yen=1),
    "no winner": lambda report: report["selected"].clear(),
    "status": lambda report: report.update(status="tie_pending"),
    "voters": lambda report: report.update(voters=5),
    "blank": lambda report: report.update(blank=0),
    "invalid": lambda report: report.update(invalid=7),
    "late": lambda report: report.update(late=1),
    "comparison": lambda report: report["compared"].update(greedy=["mist"]),
}


@pytest.fixture
async def counted(context):
    await vote_and_seal(context, VOTES)
    return context


async def found(context):
    async with context.database.reading() as session:
        return await recount(session, BALLOT)


async def test_an_honest_result_agrees(counted):
    again = await found(counted)
    assert (again.agrees, again.voters) == (True, 4)


async def change_vote(context, **values):
    async with context.database.writing() as session:
        voter = (await session.exec(select(Vote.voter).limit(1))).one()
        await session.exec(update(Vote).where(col(Vote.voter) == voter).values(**values))


async def test_a_changed_cached_vote_is_found(counted):
    await change_vote(counted, choices=["mist"], blank=False)
    again = await found(counted)
    assert (again.agrees, again.cache_differs, again.result_differs) == (False, 1, False)


async def test_a_missing_cached_vote_is_found(counted):
    async with counted.database.writing() as session:
        await session.delete((await session.exec(select(Vote).limit(1))).one())
    assert ((await found(counted)).agrees, (await found(counted)).cache_differs) == (False, 1)


async def test_an_invented_cached_vote_is_found(counted):
    async with counted.database.writing() as session:
        number = (await session.exec(select(Vote.ballot_id).limit(1))).one()
        session.add(Vote(ballot_id=number, voter=b"nobody", choices=["bench"], blank=False))
    assert ((await found(counted)).agrees, (await found(counted)).cache_differs) == (False, 1)


async def test_every_changed_number_and_winner_of_the_stored_result_is_found(counted):
    async with counted.database.reading() as session:
        honest = (await session.exec(select(Tally))).one().report
    for name, change in CHANGED_REPORTS.items():
        report = copy.deepcopy(honest)
        change(report)
        assert report != honest, name
        async with counted.database.writing() as session:
            (await session.exec(select(Tally))).one().report = report
        again = await found(counted)
        assert (again.agrees, again.result_differs) == (False, True), name


async def test_a_changed_hash_of_the_inputs_is_found(counted):
    async with counted.database.writing() as session:
        (await session.exec(select(Tally))).one().inputs_sha256 = "0" * 64
    assert (await found(counted)).result_differs


async def without_triggers(context, statement):
    """Somebody with the database in their hands takes the guard off, and changes the log."""
    async with context.database.writing() as session:
        connection = await session.connection()
        if context.database.is_sqlite:
            await connection.execute(text("drop trigger vote_log_no_update"))
            await connection.execute(text("drop trigger vote_log_no_delete"))
        else:
            await connection.execute(text("alter table vote_log disable trigger all"))
        changed = await connection.execute(text(statement))
        assert changed.rowcount == 1


async def test_a_changed_choice_in_the_log_is_found(counted):
    """The record behind the receipt still says bench."""
    only = "(select event_id from vote_log where choices = 'bench' order by event_id limit 1)"
    await without_triggers(counted, f"update vote_log set choices = 'mist' where event_id = {only}")
    again = await found(counted)
    assert (again.agrees, again.records_differ) == (False, 1)


async def test_a_moved_time_in_the_log_is_found(counted):
    """The record commits to the millisecond, although it tells the hour only."""
    only = "(select event_id from vote_log order by event_id limit 1)"
    await without_triggers(counted, f"update vote_log set at_ms = at_ms + 1 where event_id = {only}")
    assert (await found(counted)).records_differ == 1


async def test_a_deleted_operation_is_found(counted):
    only = "(select event_id from vote_log where choices = 'stage' limit 1)"
    await without_triggers(counted, f"delete from vote_log where event_id = {only}")
    again = await found(counted)
    assert (again.agrees, again.cache_differs, again.result_differs) == (False, 1, True)


async def test_a_result_from_before_a_method_was_added_still_agrees(counted):
    """An older release compared with fewer methods; what it did say is still the same."""
    async with counted.database.writing() as session:
        tally = (await session.exec(select(Tally))).one()
        report = copy.deepcopy(tally.report)
        del report["compared"]["greedy"]
        tally.report = report
    assert (await found(counted)).agrees


async def test_the_cache_is_the_fold_of_the_log(counted):
    async with counted.database.reading() as session:
        votes = (await count_log(session, await current_law(counted))).votes
        rows = (await session.exec(select(Vote))).all()
    assert {row.voter: (tuple(row.choices), row.blank) for row in rows} == {
        voter: (vote.choices, vote.blank) for voter, vote in votes.items()
    }
