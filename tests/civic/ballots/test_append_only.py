"""What is written once stays: both databases refuse to change or delete log, trail, notices and steps."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from support.casting import cast, open_now, tap
from support.installation import run_jobs
from support.small_programme import BALLOT, CLOSES, OPENS

from civic.ballots.actions import withdraw_option
from civic.installations.actions import adopt
from civic.tallies.actions import decide

CHANGES = {
    "vote_log": "received_ms = received_ms - 1",
    "audit_entry": "actor = 'somebody'",
    "ballot_notice": "seq = seq + 1",
    "installation_step": "note = 'もう完成'",
}


@pytest.fixture
async def finished(context):
    """A ballot that went the whole way, so that each of the four tables has rows."""
    ballot = await open_now(context)
    async with context.database.writing() as session:
        await withdraw_option(session, "planner", BALLOT, OPENS, "mist", "工事のため")
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS), tap("U2", "none", at=OPENS))
    for days in (0, 1):
        context.clock.present = CLOSES
        context.clock.pass_by(days=days)
        await run_jobs(context)
    async with context.database.writing() as session:
        decision = await decide(session, "planner", BALLOT, ["bench"], "票が多い", context.clock())
        await adopt(session, "planner", decision, context.clock())
    return context


async def rows(context, table):
    async with context.database.reading() as session:
        connection = await session.connection()
        return sorted(map(tuple, await connection.execute(text(f"select * from {table}"))), key=repr)


async def refused(context, statement):
    """The database's own words when it refuses a statement."""
    with pytest.raises(DBAPIError) as raised:
        async with context.database.writing() as session:
            await (await session.connection()).execute(text(statement))
    return str(raised.value.orig)


async def test_no_row_can_be_changed_or_deleted(finished):
    for table, change in CHANGES.items():
        before = await rows(finished, table)
        assert before
        for statement in (f"update {table} set {change}", f"delete from {table}"):
            assert f"{table} is append-only" in await refused(finished, statement)
        assert await rows(finished, table) == before


async def test_no_table_can_be_emptied_at_once(finished):
    """SQLite has no TRUNCATE."""
    for table in CHANGES:
        words = await refused(finished, f"truncate {table} cascade")
        assert ("syntax error" if finished.database.is_sqlite else f"{table} is append-only") in words
        assert await rows(finished, table)


async def test_a_new_row_cannot_take_the_place_of_an_old_one(finished):
    """REPLACE deletes without asking a DELETE trigger, unless SQLite is told to ask; PostgreSQL has none."""
    for table in CHANGES:
        before = await rows(finished, table)
        words = await refused(finished, f"insert or replace into {table} select * from {table}")
        assert (f"{table} is append-only" if finished.database.is_sqlite else "syntax error") in words
        assert await rows(finished, table) == before
