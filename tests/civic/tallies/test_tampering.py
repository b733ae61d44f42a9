"""A recount finds what somebody changed behind the product's back, wherever it was changed."""

import copy

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select
from support.small_programme import BALLOT

from civic.tallies.queries import recount
from civic.tallies.tables import Tally
from civic.votes.tables import Vote
from tests.civic.tallies.story import vote_and_seal

VOTES = {"U1": "add bench, add swing", "U2": "add bench", "U3": "none", "U4": "add stage"}
FIRST_EVENT = "(select event_id from vote_log where choices = '{}' order by event_id limit 1)"

REPORTS = {
    "approvals": lambda report: report["approvals"].update(stage=2),
    "winner": lambda report: report["selected"][0].update(proposal="mist"),
    "cost": lambda report: report["selected"][0].update(cost_yen=1),
    "no winner": lambda report: report["selected"].clear(),
    "status": lambda report: report.update(status="tie_pending"),
    "voters": lambda report: report.update(voters=5),
    "blank": lambda report: report.update(blank=0),
    "invalid": lambda report: report.update(invalid=7),
    "channels": lambda report: report["channels"].update(line=0),
    "late": lambda report: report.update(late=1),
    "comparison": lambda report: report["compared"].update(greedy=["mist"]),
}


@pytest.fixture
async def counted(context):
    await vote_and_seal(context, VOTES)
    return context


async def tampered(context, change):
    """What a recount finds after a change, which is rolled back: (cache, records, result) that differ."""
    async with context.database.writing() as session:
        await change(session)
        await session.flush()
        found = await recount(session, BALLOT)
        await session.rollback()
    assert found.agrees == ((found.cache_differs, found.records_differ, found.result_differs) == (0, 0, False))
    return found.cache_differs, found.records_differ, found.result_differs


async def change_a_vote(session):
    voter = (await session.exec(select(Vote.voter).limit(1))).one()
    changed = update(Vote).where(col(Vote.voter) == voter)
    await session.exec(changed.values(choices="3"))


async def lose_a_vote(session):
    await session.delete((await session.exec(select(Vote).limit(1))).one())


async def invent_a_vote(session):
    number = (await session.exec(select(Vote.ballot_id).limit(1))).one()
    session.add(Vote(ballot_id=number, voter=b"nobody", choices="0"))


async def change_the_hash(session):
    (await session.exec(select(Tally))).one().inputs_sha256 = "0" * 64


def in_the_report(change):
    async def act(session):
        tally = (await session.exec(select(Tally))).one()
        report = copy.deepcopy(tally.report)
        change(report)
        assert report != tally.report
        tally.report = report

    return act


def in_the_log(statement):
    """Somebody with the database in their hands takes the guard off, and changes the log."""

    async def act(session):
        connection = await session.connection()
        if connection.dialect.name == "sqlite":
            await connection.execute(text("drop trigger vote_log_no_update"))
            await connection.execute(text("drop trigger vote_log_no_delete"))
        else:
            await connection.execute(text("alter table vote_log disable trigger all"))
        assert (await connection.execute(text(statement))).rowcount == 1

    return act


async def nothing(_session):
    """An honest database."""


async def test_an_honest_result_agrees(counted):
    assert await tampered(counted, nothing) == (0, 0, False)
    async with counted.database.reading() as session:
        assert (await recount(session, BALLOT)).voters == 4


async def test_every_change_of_the_cached_votes_is_found(counted):
    for change in (change_a_vote, lose_a_vote, invent_a_vote):
        assert await tampered(counted, change) == (1, 0, False), change.__name__
    assert await tampered(counted, nothing) == (0, 0, False)


async def test_every_changed_number_and_winner_of_the_stored_result_is_found(counted):
    for name, change in REPORTS.items():
        assert await tampered(counted, in_the_report(change)) == (0, 0, True), name
    assert await tampered(counted, change_the_hash) == (0, 0, True)


async def test_a_changed_choice_in_the_log_is_found(counted):
    """The record behind the receipt still says stage, and the vote is not the one that was counted."""
    event = FIRST_EVENT.format("stage")
    change = in_the_log(f"update vote_log set choices = 'mist' where event_id = {event}")
    assert await tampered(counted, change) == (1, 1, True)


async def test_a_moved_time_in_the_log_is_found(counted):
    """The record tells the hour only, but commits to the millisecond; vote and result are as they were."""
    event = FIRST_EVENT.format("stage")
    change = in_the_log(f"update vote_log set at_ms = at_ms + 1 where event_id = {event}")
    assert await tampered(counted, change) == (0, 1, False)


async def test_a_deleted_operation_is_found(counted):
    change = in_the_log(f"delete from vote_log where event_id = {FIRST_EVENT.format('stage')}")
    assert await tampered(counted, change) == (1, 0, True)


async def test_a_result_from_before_a_method_was_added_still_agrees(counted):
    """An older release compared with fewer methods; what it did say is still the same."""
    change = in_the_report(lambda report: report["compared"].pop("greedy"))
    assert await tampered(counted, change) == (0, 0, False)
