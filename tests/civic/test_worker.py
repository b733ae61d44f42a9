"""Receipts and votes share one process on SQLite: who gives way to whom."""

import asyncio

from civic.worker import give_way


async def test_a_quiet_door_is_not_waited_for():
    arrived = asyncio.Event()
    arrived.set()  # of before the batch
    assert not await give_way(arrived, asyncio.Lock(), held_s=3600)


async def test_while_somebody_votes_there_is_a_pause_and_then_the_next_batch():
    arrived, door = asyncio.Event(), asyncio.Lock()

    async def votes() -> None:
        while True:
            async with door:
                await asyncio.sleep(0.001)
            arrived.set()

    voting = asyncio.create_task(votes())
    began = asyncio.get_running_loop().time()
    assert await give_way(arrived, door, held_s=0.05)
    assert asyncio.get_running_loop().time() - began >= 0.1
    voting.cancel()


async def test_a_commit_that_takes_long_is_no_quiet_door():
    arrived, door = asyncio.Event(), asyncio.Lock()
    await door.acquire()
    waiting = asyncio.create_task(give_way(arrived, door, held_s=3600))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    arrived.set()
    door.release()
    assert await waiting
