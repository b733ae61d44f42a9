"""The group commit and the inbox behind the webhook: no answer before the COMMIT, and nothing half written."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager

import psycopg
import pytest
from sqlalchemy.engine import make_url
from support.line import call, person, standing, tap, text

from civic.kernel.errors import NotFound
from webhooks.line import inbox


@asynccontextmanager
async def database_held(url):
    """Another program holds the database: SQLite's write lock, or the inbox table of PostgreSQL."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(make_url(url).database, isolation_level=None)
        other.execute("begin immediate")
        release = other.rollback
    else:
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        other = psycopg.connect(dsn)
        other.execute("lock table line_inbox in exclusive mode")
        release = other.rollback
    try:
        yield release
    finally:
        other.close()


async def test_the_answer_comes_after_the_commit(place):
    vote = tap(person(1), "idea-01")
    await place.send(tap(person(2), "idea-01"))  # the connection is there
    async with database_held(place.url) as release:
        waiting = asyncio.create_task(place.post(call(vote)))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        assert vote["webhookEventId"] not in {event_id for event_id, _, _ in await place.log()}
        release()
        assert (await waiting).status == 200
    assert vote["webhookEventId"] in {event_id for event_id, _, _ in await place.log()}


async def test_what_the_database_refuses_leaves_nothing_behind_and_later_calls_are_taken(place):
    await place.refuse_inserts("vote_log", "new.choices = 'idea-03'")
    answer = await place.post(call(tap(person(1), "idea-01"), tap(person(1), "idea-03")))
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert (await place.inbox(), await place.log()) == ([], [])
    good = tap(person(2), "idea-02")
    await place.send(good)
    await place.refuse_no_more("vote_log")
    late = tap(person(1), "idea-03")
    await place.send(late)
    assert {event_id for event_id, _, _ in await place.log()} == {good["webhookEventId"], late["webhookEventId"]}


@pytest.mark.postgres
async def test_a_restart_of_postgresql_heals(postgres_server, postgres_place):
    votes = [tap(person(number), "idea-01") for number in range(4)]
    await postgres_place.send(votes[0])
    postgres_server.kill9()
    assert (await postgres_place.post(call(votes[1]))).status == 503
    assert (await postgres_place.post(call(votes[2]))).status == 503
    postgres_server.start()
    assert await answered_in_the_end(postgres_place, call(votes[1])) == 200
    await postgres_place.send(votes[3])
    await postgres_place.drain.run_dry()
    counted = {event_id for event_id, _, _ in await postgres_place.log()}
    assert counted == {votes[number]["webhookEventId"] for number in (0, 1, 3)}
    assert set(await postgres_place.inbox()) == {("done", None)}


async def answered_in_the_end(place, body):
    for _ in range(100):
        answer = await place.post(body)
        if answer.status == 200:
            break
        await asyncio.sleep(0.1)
    return answer.status


async def test_whoever_waits_when_the_server_ends_is_told_that_nothing_was_written(sqlite_place):
    async with database_held(sqlite_place.url) as release:
        async with standing(sqlite_place.context, sqlite_place.clock) as place:
            waiting = [asyncio.create_task(place.post(call(tap(person(n), "idea-01")))) for n in range(3)]
            await asyncio.sleep(0.2)
            asyncio.get_running_loop().call_later(0.1, release)
        assert [(await task).status for task in waiting] == [503, 503, 503]
    assert await sqlite_place.log() == []


async def test_a_body_is_erased_with_its_end_and_only_then(place):
    await place.send(tap(person(1), "idea-01"), text(person(1), "投票"))
    assert None not in [row["body"] for row in await place.rows("select body from line_inbox")]
    await place.drain.run_dry()
    assert {row["body"] for row in await place.rows("select body from line_inbox")} == {None}


async def test_a_body_put_aside_is_kept_for_seven_days(place):
    vote = tap(person(1), "idea-01", ballot="not-yet")
    await place.send(vote)
    await place.drain.run_dry()
    place.clock.advance(days=6, hours=23)
    await erase(place)
    assert [event.body is not None for event in await quarantined(place)] == [True]
    place.clock.advance(hours=2)
    await erase(place)
    (event,) = await quarantined(place)
    assert (event.body, event.reason) == (None, "ballot_unknown")
    with pytest.raises(NotFound):
        await run_again(place, event.event_key)


async def test_only_what_was_put_aside_can_be_run_again(place):
    await place.handle(tap(person(1), "idea-01"))
    (row,) = await place.rows("select event_key from line_inbox")
    for key in (row["event_key"], b"nobody's"):
        with pytest.raises(NotFound):
            await run_again(place, key)


async def erase(place):
    async with place.context.database.writing() as session:
        await inbox.erase_old_quarantine(session, place.clock())


async def quarantined(place):
    async with place.context.database.reading() as session:
        return await inbox.quarantined(session)


async def run_again(place, key):
    async with place.context.database.writing() as session:
        await inbox.run_again(session, key)
