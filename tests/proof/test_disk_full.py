"""The disk fills up while votes pour in: none is answered 200 that was not written, and space heals everything."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from proof.stand import HEALED_S, PHONES, Stand, judge, seconds_until_taken, standing
from support.line import BALLOT
from support.storm import Storm

DISK_MB = 48


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, all of it in memory; the proof is skipped where none can be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_MB}m", "civic-proof", str(disk)]
    mounted = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Take every byte that is left; the file to remove later."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


async def refused(storm: Storm, answers: int) -> None:
    """Wait until so many further calls were not taken; TimeoutError after 30 s."""
    goal = storm.statuses.total() - storm.statuses["200"] + answers
    async with asyncio.timeout(30):
        while storm.statuses.total() - storm.statuses["200"] < goal:  # noqa: ASYNC110 - many tasks count it
            await asyncio.sleep(0.05)


async def pages(stand: Stand) -> list[int]:
    """The statuses of what people read meanwhile."""
    paths = ("/", f"/b/{BALLOT}", "/p/park", "/api/v1/programmes", "/healthz")
    async with aiohttp.ClientSession(stand.server.url) as session:
        return [await status_of(session, path) for path in paths]


async def status_of(session: aiohttp.ClientSession, path: str) -> int:
    async with session.get(path) as answer:
        await answer.read()
        return answer.status


async def test_the_disk_is_full(small_disk, sized, found):
    url = f"sqlite+aiosqlite:///{small_disk / 'civic.sqlite3'}"
    healed_s, read = [], []
    async with standing(url, small_disk) as stand:
        storm = Storm([stand.server.url])
        async with storm.blowing(PHONES):
            for _ in range(sized(1, 3)):
                await storm.until(acked=200)
                filler = await asyncio.to_thread(fill, small_disk)
                await refused(storm, answers=sized(100, 500))
                read += await pages(stand)
                os.unlink(filler)
                healed_s.append(await seconds_until_taken(storm))
            await storm.until(acked=200)
        judgement = await judge(stand, storm)
    with sqlite3.connect(small_disk / "civic.sqlite3") as file:
        (integrity,) = file.execute("pragma integrity_check").fetchone()
    file.close()
    found(
        f"disk full, {len(healed_s)} times, logs on the same disk: {judgement}; "
        f"{storm.statuses['503']} answers 503, {len(read)} pages read meanwhile; "
        f"voting again after {max(healed_s):.1f} s; integrity {integrity}"
    )
    assert set(storm.statuses) == {"200", "503"}
    assert set(read) == {200}
    assert integrity == "ok"
    judgement.require_lawful()
    assert max(healed_s) <= HEALED_S
