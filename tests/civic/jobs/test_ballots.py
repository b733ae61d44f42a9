"""The life of a ballot by the clock, on both databases."""

import asyncio
import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg
from sqlalchemy import make_url, text
from sqlmodel import col, select
from structlog.testing import capture_logs
from support.casting import cast, group_commit, open_now, tap
from support.installation import run_jobs
from support.small_programme import BALLOT, CLOSES, GRACE_S, OPENS, OTHER_BALLOT

from civic.audit.tables import AuditEntry
from civic.ballots.actions import cancel_ballot, close_ballot
from civic.ballots.queries import ballot_by_slug
from civic.jobs.ballots import advance_ballots
from civic.kernel.db.group_commit import APPEND_LOCK, hold_appends
from civic.tallies.queries import published_tally, recount
from civic.votes.operations import APPEND, log_row

SEALED_FROM = CLOSES + timedelta(seconds=GRACE_S)
MS = timedelta(milliseconds=1)


async def states(context):
    async with context.database.reading() as session:
        return tuple([(await ballot_by_slug(session, slug)).state for slug in (BALLOT, OTHER_BALLOT)])


async def nothing_waits(_session, _instant):
    return 0


async def test_a_scheduled_ballot_opens_in_its_window(context):
    for present, wanted in [(OPENS - MS, "scheduled"), (OPENS, "open"), (CLOSES - MS, "open")]:
        context.clock.present = present
        await run_jobs(context)
        assert await states(context) == (wanted, wanted)


async def test_a_ballot_that_nobody_opened_in_its_window_stays_unopened(context):
    context.clock.present = CLOSES
    await run_jobs(context)
    assert await states(context) == ("scheduled", "scheduled")


async def test_every_step_is_taken_at_its_instant_and_not_before(context):
    await open_now(context)
    for present, wanted in [
        (CLOSES - MS, "open"),
        (CLOSES, "closed"),
        (SEALED_FROM - MS, "closed"),
        (SEALED_FROM, "sealed"),
    ]:
        context.clock.present = present
        await run_jobs(context)
        assert (await states(context))[0] == wanted


async def test_a_worker_that_slept_over_the_whole_time_takes_all_steps_at_once(context):
    await open_now(context)
    context.clock.present = SEALED_FROM + timedelta(days=9)
    await run_jobs(context)
    assert (await states(context))[0] == "sealed"
    async with context.database.reading() as session:
        assert (await published_tally(session, BALLOT)).computed_at == context.clock()


async def test_a_look_at_what_is_not_due_changes_nothing_and_says_so(context):
    context.clock.present = OPENS - MS
    assert not await advance_ballots(context, nothing_waits)
    context.clock.present = OPENS
    assert await advance_ballots(context, nothing_waits)
    assert not await advance_ballots(context, nothing_waits)


async def test_events_that_wait_hold_the_seal_back(context):
    await open_now(context)
    context.clock.present = SEALED_FROM
    await run_jobs(context, waiting=1)
    assert (await states(context))[0] == "closed"
    await run_jobs(context, waiting=0)
    assert (await states(context))[0] == "sealed"


async def test_it_asks_for_events_received_before_the_end_of_the_grace(context):
    await open_now(context)
    context.clock.present = SEALED_FROM + timedelta(hours=3)
    asked = []

    async def unfinished(_session, instant):
        asked.append(instant)
        return 0

    while await advance_ballots(context, unfinished):
        pass
    assert asked == [SEALED_FROM]


async def test_a_vote_on_its_way_to_the_log_is_waited_for_or_comes_too_late(context):
    """While the sealing transaction holds appends out, a tap cannot slip in with an earlier time of receipt."""
    ballot = await open_now(context)
    context.clock.present = SEALED_FROM - MS
    async with group_commit(context) as commits:
        async with context.database.writing() as session:
            await hold_appends(session)
            row = log_row(ballot, tap("U1", "add", "bench", at=OPENS))
            waiting = asyncio.ensure_future(commits.append({APPEND: [row]}))
            done, _ = await asyncio.wait([waiting], timeout=0.2)
            assert not done
            context.clock.present = SEALED_FROM
        await waiting
    async with context.database.reading() as session:
        connection = await session.connection()
        received = (await connection.execute(text("select received_ms from vote_log"))).scalar_one()
    assert received == 1_791_990_600_000  # the end of the grace, so it is late: 2026-10-14T15:10Z by date(1)


@contextmanager
def an_append_under_way(context):
    """Another process in the middle of a group commit: it holds what every group commit holds."""
    if context.database.is_sqlite:
        path = make_url(context.database.url).database
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("begin immediate")
            yield
            connection.execute("rollback")
    else:
        with psycopg.connect(context.database.url.replace("+psycopg", "", 1)) as connection:
            connection.execute("select pg_advisory_xact_lock_shared(%s)", (APPEND_LOCK,))
            yield
            connection.rollback()


async def test_the_seal_waits_for_an_append_that_is_under_way(context):
    """Its rows already have their time of receipt, so the log is not yet what it will be."""
    await open_now(context)
    context.clock.present = CLOSES
    await run_jobs(context)
    context.clock.present = SEALED_FROM
    with an_append_under_way(context):
        sealing = asyncio.ensure_future(run_jobs(context))
        done, _ = await asyncio.wait([sealing], timeout=0.3)
        assert not done
        assert (await states(context))[0] == "closed"
    await sealing
    assert (await states(context))[0] == "sealed"


async def test_a_sealed_ballot_is_counted_once(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    context.clock.present = SEALED_FROM
    await run_jobs(context)
    async with context.database.reading() as session:
        first = await published_tally(session, BALLOT)
    context.clock.pass_by(days=1)
    await run_jobs(context)
    async with context.database.reading() as session:
        again = await published_tally(session, BALLOT)
        verbs = [e.verb for e in await session.exec(select(AuditEntry).where(col(AuditEntry.subject) == BALLOT))]
    assert (again.computed_at, again.report) == (first.computed_at, first.report)
    assert (verbs.count("ballot.sealed"), verbs.count("tally.frozen")) == (1, 1)


async def test_two_workers_at_once_take_each_step_once(context):
    ballot = await open_now(context)
    await cast(context, ballot, *(tap(f"U{n}", "add", "bench", at=OPENS) for n in range(20)))
    context.clock.present = SEALED_FROM
    with capture_logs() as told:
        for _ in range(4):
            await asyncio.gather(*(advance_ballots(context, nothing_waits) for _ in range(3)))
    assert told == []
    async with context.database.reading() as session:
        verbs = [e.verb for e in await session.exec(select(AuditEntry).where(col(AuditEntry.subject) == BALLOT))]
        found = await recount(session, BALLOT)
    assert (found.agrees, found.voters) == (True, 20)
    assert sorted(verbs) == ["ballot.closed", "ballot.opened", "ballot.sealed", "tally.frozen"]


async def test_a_ballot_closed_by_hand_in_the_meantime_is_left_alone(context):
    await open_now(context)
    context.clock.present = CLOSES - timedelta(days=1)
    async with context.database.writing() as session:
        await close_ballot(session, "planner", BALLOT, context.clock(), at_once=True)
    await run_jobs(context)
    assert (await states(context))[0] == "closed"
    context.clock.pass_by(seconds=GRACE_S)
    await run_jobs(context)
    assert (await states(context))[0] == "sealed"


async def test_a_cancelled_ballot_stays_cancelled(context):
    await open_now(context)
    async with context.database.writing() as session:
        await cancel_ballot(session, "planner", BALLOT, OPENS, "会場が使えません")
    context.clock.present = SEALED_FROM
    await run_jobs(context)
    async with context.database.reading() as session:
        assert await published_tally(session, BALLOT) is None
    assert (await states(context))[0] == "cancelled"


async def test_a_ballot_that_cannot_go_on_does_not_hold_up_the_others(context):
    """The key file of one ballot cannot be read: it stays where it is, the other opens; later both are open."""
    stuck = context.settings.resolved_keys_dir / f"ballot-{BALLOT}.key"
    stuck.mkdir(parents=True)
    with capture_logs() as told:
        await run_jobs(context)
    assert await states(context) == ("scheduled", "open")
    assert {(entry["event"], entry["ballot"], entry["error"]) for entry in told} == {
        ("ballot_stuck", BALLOT, "IsADirectoryError")
    }
    stuck.rmdir()
    await run_jobs(context)
    assert await states(context) == ("open", "open")
