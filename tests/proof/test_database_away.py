"""The database dies, freezes or is held by somebody else while votes pour in: 503 in good time, then as before."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from proof.stand import HEALED_S, PHONES, judge, seconds_until_taken, standing
from support.line import BALLOT
from support.storm import Storm

AWAY_S = 5.0
REFUSED_S = 2.0
"""A 503 has to come before LINE's own patience ends."""


async def look(url: str, path: str) -> tuple[int, bool, float]:
    """Status, whether it says when to come back, and how long it took."""
    began = time.perf_counter()
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url + path) as answer:
        return answer.status, "Retry-After" in answer.headers, time.perf_counter() - began


async def until_ready(url: str) -> float:
    """How long it takes until /readyz is 200."""
    began = time.perf_counter()
    while (await look(url, "/readyz"))[0] != 200:  # noqa: ASYNC110 - it is another process
        await asyncio.sleep(0.05)
    return time.perf_counter() - began


@pytest.mark.postgres
async def test_postgresql_is_down_for_seconds(postgres_server, postgres_url, tmp_path, sized, found):
    away_s = sized(1.5, AWAY_S)
    async with standing(postgres_url, tmp_path) as stand:
        storm = Storm([stand.server.url])
        async with storm.blowing(PHONES):
            await storm.until(acked=100)
            postgres_server.kill9()
            await asyncio.sleep(away_s / 2)
            seen = {path: await look(stand.server.url, path) for path in ("/healthz", "/readyz", f"/b/{BALLOT}")}
            seen["api"] = await look(stand.server.url, "/api/v1/programmes")
            await asyncio.sleep(away_s / 2)
            await asyncio.to_thread(postgres_server.start)
            healed_s = max(await asyncio.gather(seconds_until_taken(storm), until_ready(stand.server.url)))
            await storm.until(acked=100)
        judgement = await judge(stand, storm)
    refused_s = storm.slowest_s.get("503", 0.0)
    found(
        f"PostgreSQL down for {away_s} s: {judgement}; {storm.statuses['503']} answers 503, "
        f"each within {refused_s:.2f} s; voting again after {healed_s:.1f} s"
    )
    assert set(storm.statuses) == {"200", "503"}
    assert [answer[:2] for answer in seen.values()] == [(200, False), (503, False), (503, True), (503, True)]
    assert max(refused_s, *(took_s for _, _, took_s in seen.values())) <= REFUSED_S
    judgement.require_lawful()
    assert healed_s <= HEALED_S


@pytest.mark.postgres
async def test_postgresql_freezes(postgres_server, postgres_url, tmp_path, sized, found):
    away_s = sized(3.0, AWAY_S)
    async with standing(postgres_url, tmp_path) as stand:
        storm = Storm([stand.server.url])
        async with storm.blowing(PHONES):
            await storm.until(acked=100)
            with frozen(postgres_server.pid):
                await asyncio.sleep(away_s)
                seen = {path: await look(stand.server.url, path) for path in ("/healthz", "/readyz")}
            healed_s = max(await asyncio.gather(seconds_until_taken(storm), until_ready(stand.server.url)))
            await storm.until(acked=100)
        judgement = await judge(stand, storm)
    refused_s = storm.slowest_s.get("503", 0.0)
    found(
        f"PostgreSQL frozen for {away_s} s: {judgement}; {storm.statuses['503']} answers 503, each within "
        f"{refused_s:.2f} s; /readyz said so in {seen['/readyz'][2]:.2f} s; voting again after {healed_s:.1f} s"
    )
    assert set(storm.statuses) == {"200", "503"}
    assert [seen[path][0] for path in ("/healthz", "/readyz")] == [200, 503]
    assert max(refused_s, seen["/readyz"][2]) <= REFUSED_S
    judgement.require_lawful()
    assert healed_s <= HEALED_S


@contextmanager
def frozen(postmaster: int) -> Iterator[None]:
    """Every process of a PostgreSQL server stands still for the block; the postmaster first, so none is added."""
    signal_all([postmaster], signal.SIGSTOP)
    children = [int(child) for child in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()]
    signal_all(children, signal.SIGSTOP)
    try:
        yield
    finally:
        signal_all([postmaster, *children], signal.SIGCONT)


def signal_all(processes: list[int], number: signal.Signals) -> None:
    """Send a signal to processes; one that has ended meanwhile has nothing to hear."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


async def test_somebody_holds_the_sqlite_file(tmp_path, sized, found):
    file = tmp_path / "civic.sqlite3"
    held_s = sized(3.0, 10.0)
    async with standing(f"sqlite+aiosqlite:///{file}", tmp_path) as stand:
        storm = Storm([stand.server.url])
        async with storm.blowing(PHONES):
            await storm.until(acked=100)
            await asyncio.to_thread(hold, file, held_s)
            healed_s = await seconds_until_taken(storm)
            await storm.until(acked=100)
        judgement = await judge(stand, storm)
    refused_s = storm.slowest_s.get("503", 0.0)
    found(
        f"SQLite held for {held_s} s by another program: {judgement}; {storm.statuses['503']} answers 503, each "
        f"within {refused_s:.2f} s; voting again after {healed_s:.1f} s"
    )
    assert set(storm.statuses) <= {"200", "503"}
    assert max(storm.slowest_s.values()) <= REFUSED_S
    judgement.require_lawful()
    assert healed_s <= HEALED_S


def hold(file: Path, seconds: float) -> None:
    """A write transaction of another connection that takes its time."""
    with sqlite3.connect(file, isolation_level=None, timeout=10) as holder:
        holder.execute("begin immediate")
        time.sleep(seconds)
        holder.execute("commit")
    holder.close()
