"""Clients that dawdle, and clients that send far too much, cost the votes of everybody else next to nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO

import aiohttp
from proof.stand import PHONES, Stand, judge, standing
from support.storm import PATH, Storm

WORST_S = 2.0
MOST_REFUSED = 0.02
"""Of the honest calls: on a machine that is busy with other things a group may come too late, once in a while."""
TOO_LARGE = b"x" * 10_000_000


@asynccontextmanager
async def dawdling(stand: Stand, clients: int) -> AsyncIterator[None]:
    """So many connections each send a call's head, and then its body a byte at a time, until the block ends."""

    async def dawdle() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", stand.server.port)
        try:
            writer.write(f"POST {PATH} HTTP/1.1\r\nHost: slow\r\nContent-Length: 100000\r\n\r\n".encode())
            while True:
                writer.write(b"{")
                await writer.drain()
                await asyncio.sleep(0.5)
        finally:
            writer.close()

    async with asyncio.TaskGroup() as tasks:
        slow = [tasks.create_task(dawdle()) for _ in range(clients)]
        try:
            yield
        finally:
            for task in slow:
                task.cancel()


async def send_far_too_much(stand: Stand, times: int) -> list[str]:
    """The answers to bodies of 10 MB; one whose connection is closed while it sends is "cut"."""
    answers = []
    async with aiohttp.ClientSession() as session:
        for _ in range(times):
            status = "cut"
            with suppress(aiohttp.ClientError):
                async with session.post(stand.server.url + PATH, data=BytesIO(TOO_LARGE)) as answer:
                    status = str(answer.status)
            answers.append(status)
    return answers


async def test_slow_clients_and_huge_bodies_harm_no_honest_vote(tmp_path, sized, found):
    async with standing(f"sqlite+aiosqlite:///{tmp_path / 'civic.sqlite3'}", tmp_path) as stand:
        storm = Storm([stand.server.url])
        async with dawdling(stand, clients=sized(100, 300)), storm.blowing(PHONES):
            await storm.until(acked=100)
            huge = await send_far_too_much(stand, sized(5, 50))
            await storm.until(acked=sized(200, 1_000))
        judgement = await judge(stand, storm)
    found(
        f"{sized(100, 300)} slow bodies and {len(huge)} of 10 MB: {judgement}; "
        f"{storm.statuses['503']} answers 503, the slowest honest vote took {storm.slowest_s['200']:.2f} s"
    )
    assert set(storm.statuses) <= {"200", "503"}
    assert storm.statuses["503"] <= MOST_REFUSED * storm.statuses.total()
    assert set(huge) <= {"413", "cut"}
    judgement.require_lawful()
    assert storm.slowest_s["200"] <= WORST_S
