"""One COMMIT for many: nobody is answered before it, nobody waits for nothing, and a failure refuses all alike."""

import asyncio
import sqlite3
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from support.line import prepared, settings_for

from civic.kernel.context import Context
from civic.kernel.db.group_commit import MAX_GROUP, MAX_WAITING, GroupCommit, hold_appends, open_sink
from civic.kernel.errors import Unavailable
from webhooks.line import inbox

PENDING, NONSENSE = "pending", "no such state"


@dataclass
class Writing:
    """A group commit at work over an installation, and when it committed."""

    context: Context
    group: GroupCommit
    commits: list[float] = field(default_factory=list)

    async def append(self, key: int, state: str = PENDING) -> None:
        await self.group.append({inbox.APPEND: [(key.to_bytes(16, "big"), state, None, b"sealed")]})

    async def rows(self) -> int:
        async with self.context.database.engine.connect() as connection:
            return int(await connection.scalar(sa.text("select count(*) from line_inbox")))


@asynccontextmanager
async def writing(database_url, folder, *, runs=True):
    async with prepared(settings_for(folder, database_url)) as (context, clock):
        commits: list[float] = []
        group = GroupCommit(open_sink(context.database, clock), lambda: commits.append(time.monotonic()))
        task = asyncio.create_task(group.run()) if runs else None
        try:
            yield Writing(context, group, commits)
        finally:
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def test_many_callers_share_few_commits(database_url, tmp_path):
    async with writing(database_url, tmp_path) as work:
        await asyncio.gather(*(work.append(key) for key in range(MAX_GROUP * 2)))
        assert await work.rows() == MAX_GROUP * 2
        assert len(work.commits) <= 10


async def test_who_is_answered_finds_the_row_committed(database_url, tmp_path):
    async with writing(database_url, tmp_path) as work:
        for key in range(5):
            await work.append(key)
            assert await work.rows() == key + 1


async def test_a_row_that_the_database_refuses_refuses_its_group_and_nothing_else(database_url, tmp_path):
    async with writing(database_url, tmp_path) as work:
        answers = await asyncio.gather(work.append(1), work.append(2, NONSENSE), return_exceptions=True)
        assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
        assert await work.rows() == 0
        await work.append(3)
        assert await work.rows() == 1


async def test_the_same_row_twice_in_a_group_is_one_row(database_url, tmp_path):
    async with writing(database_url, tmp_path) as work:
        await asyncio.gather(*(work.append(key % 3) for key in range(30)))
        assert await work.rows() == 3


async def test_who_waits_too_long_is_told_to_send_again_and_written_all_the_same(database_url, tmp_path):
    async with writing(database_url, tmp_path) as work:
        async with work.context.database.writing() as session:
            await hold_appends(session)
            answers = await asyncio.gather(*(work.append(key) for key in range(3)), return_exceptions=True)
            assert [type(answer) for answer in answers] == [Unavailable] * 3
        await work.append(3)
        assert await work.rows() == 4


async def test_too_many_who_wait_are_told_so_at_once(database_url, tmp_path):
    async with writing(database_url, tmp_path, runs=False) as work:
        waiting = [asyncio.create_task(work.append(key)) for key in range(MAX_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as refused:
            await work.append(MAX_WAITING)
        assert refused.value.code == "busy"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_whoever_waits_when_it_ends_is_refused_and_not_left_hanging(database_url, tmp_path):
    async with writing(database_url, tmp_path, runs=False) as work:
        running = asyncio.create_task(work.group.run())
        waiting = asyncio.create_task(work.append(1))
        await asyncio.sleep(0)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        with pytest.raises(Unavailable):
            await waiting


async def test_another_process_that_writes_is_waited_for_while_the_loop_goes_on(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'civic.sqlite3'}"
    async with writing(url, tmp_path) as work:
        other = sqlite3.connect(make_url(url).database, isolation_level=None)
        other.execute("begin immediate")
        waiting = asyncio.create_task(work.append(1))
        for _ in range(20):
            await asyncio.sleep(0.005)
        assert not waiting.done()
        other.execute("commit")
        other.close()
        await waiting
        assert await work.rows() == 1
