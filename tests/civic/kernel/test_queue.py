"""Jobs are rolled back with their transaction, run under a lease, tried again, and given up; duties go on."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from civic.kernel.db import Database, open_database
from civic.kernel.queue import MOST_ATTEMPTS, Job, Queue, defer

NOW = datetime(2026, 10, 1, tzinfo=UTC)


class Time:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


async def queue_job(database: Database, not_before: datetime = NOW) -> None:
    async with database.writing() as session:
        defer(session, "count", {"ballot": "attara"}, not_before)


async def jobs(database: Database) -> list[Job]:
    async with database.reading() as session:
        return list(await session.exec(select(Job)))


async def test_a_job_runs_once_it_is_due(database: Database) -> None:
    time, seen = Time(), []

    async def count(payload: Mapping[str, Any]) -> None:
        seen.append(payload)

    queue = Queue(database, time, {"count": count})
    await queue_job(database, NOW + timedelta(seconds=1))
    assert not await queue.run_due()
    time.now += timedelta(seconds=1)
    assert await queue.run_due()
    assert not await queue.run_due()
    assert seen == [{"ballot": "attara"}]
    assert [job.state for job in await jobs(database)] == ["done"]


async def test_a_rolled_back_transaction_leaves_no_job(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.writing() as session:
            defer(session, "count", {}, NOW)
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_half_way()
    assert await jobs(database) == []


async def test_two_workers_do_not_take_the_same_job(database: Database) -> None:
    running = 0

    async def count(_: Mapping[str, Any]) -> None:
        nonlocal running
        running += 1
        await asyncio.sleep(0.05)

    await queue_job(database)
    workers = [Queue(database, Time(), {"count": count}) for _ in range(4)]
    took = await asyncio.gather(*(worker.run_due() for worker in workers))
    assert (sum(took), running) == (1, 1)


async def test_a_job_whose_worker_died_is_taken_again_after_its_lease(database: Database) -> None:
    time, done = Time(), []

    async def die(_: Mapping[str, Any]) -> None:
        raise asyncio.CancelledError

    async def count(payload: Mapping[str, Any]) -> None:
        done.append(payload)

    await queue_job(database)
    with pytest.raises(asyncio.CancelledError):
        await Queue(database, time, {"count": die}).run_due()
    again = Queue(database, time, {"count": count})
    assert not await again.run_due()
    time.now += timedelta(seconds=60)
    assert await again.run_due()
    assert len(done) == 1


async def test_a_failing_job_is_given_up_after_some_tries(database: Database) -> None:
    time = Time()

    async def fail(_: Mapping[str, Any]) -> None:
        raise ValueError

    queue = Queue(database, time, {"count": fail})
    await queue_job(database)
    for _ in range(MOST_ATTEMPTS):
        assert await queue.run_due()
        time.now += timedelta(hours=1)
    assert not await queue.run_due()
    (job,) = await jobs(database)
    assert (job.state, job.attempts, job.error) == ("failed", MOST_ATTEMPTS, "ValueError")


async def test_a_duty_that_fails_is_called_again_and_a_wake_up_hurries_it(database: Database) -> None:
    calls = 0
    began, enough = asyncio.Event(), asyncio.Event()

    async def duty() -> bool:
        nonlocal calls
        calls += 1
        began.set()
        if calls == 1:
            raise ValueError
        if calls == 3:
            enough.set()
        return calls == 2  # more work: called again at once

    queue = Queue(database, Time())
    queue.every(60, "duty", duty)
    task = asyncio.create_task(queue.run())
    await asyncio.wait_for(began.wait(), 5)
    await asyncio.sleep(0.05)  # the failed call is over and the duty waits for its minute
    queue.wake["duty"].set()
    await asyncio.wait_for(enough.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
