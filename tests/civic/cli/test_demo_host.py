"""``civic demo`` as one application: the crowd, starting again in the same process, and a kill amid that."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import pytest
from support.servers import free_port

from civic.ballots.queries import ballots_in_state
from civic.cli.demo import demo_settings, running_demo
from civic.cli.demo_data import empty, open_demo

BALLOT = "attara-2026"


@asynccontextmanager
async def playing(folder):
    """A running demo and a browser-like client of it."""
    settings = demo_settings(folder, free_port())
    ready, over = asyncio.Event(), asyncio.Event()

    async def work(_):
        ready.set()
        await over.wait()
        return True

    running = asyncio.create_task(running_demo(settings, work))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    headers = {"Sec-Fetch-Site": "same-origin"}
    try:
        async with aiohttp.ClientSession(base_url=settings.base_url, headers=headers) as http:
            yield Visitor(http)
    finally:
        over.set()
        await running


class Visitor:
    """What somebody does with the demo."""

    def __init__(self, http):
        self.http = http

    async def post(self, path, data=None, **headers):
        async with self.http.post(path, data=data, headers=headers, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("location"), await answer.text()

    async def get(self, path):
        async with self.http.get(path) as answer:
            return answer.status, await answer.text()

    async def turnout(self):
        async with self.http.get(f"/api/v1/ballots/{BALLOT}") as answer:
            return (await answer.json())["turnout"]

    async def sees(self, index, words):
        for _ in range(100):
            _, chat = await self.get(f"/demo/line/?resident={index}")
            if words in chat:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"resident {index} never saw {words}")

    async def says(self, index, text):
        return (await self.act(index, "say", text=text))["messages"]

    async def act(self, index, deed, **wish):
        path = f"/demo/line/control/residents/{index}/{deed}"
        async with self.http.post(path, json={"wait_s": 20, **wish}) as answer:
            assert answer.status == 200
            return await answer.json()

    async def eventually(self, turnout):
        for _ in range(200):
            if await self.turnout() == turnout:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{await self.turnout()} voters, wanted {turnout}")


async def test_the_story_can_be_played_again_and_again(loaded_demo, tmp_path, monkeypatch):
    monkeypatch.setattr("civic.cli.demo_host.CROWD", 6)
    monkeypatch.setattr("civic.cli.demo_host.CROWD_OVER_S", 0.2)
    folder = shutil.copytree(loaded_demo, tmp_path / "demo")
    async with playing(folder) as visitor:
        await _one_round(visitor)
        (folder / "files" / "kept").write_text("drawn once")
        for _ in range(2):
            await _start_again(visitor)
            assert (folder / "files" / "kept").exists()
            await _one_round(visitor)


async def _one_round(visitor):
    """A tap, the crowd, the close."""
    assert await visitor.turnout() == 0
    await visitor.sees(0, "友だち追加ありがとうございます")
    await visitor.sees(4, "Thank you for adding us")
    await visitor.says(0, "投票")
    await visitor.act(0, "tap", label="あったらいいな")
    await visitor.eventually(1)
    status, where, _ = await visitor.post("/demo/crowd?lang=en")
    assert (status, where) == (303, f"/admin/ballots/{BALLOT}?lang=en")
    await visitor.eventually(7)
    status, *_ = await visitor.post(f"/admin/ballots/{BALLOT}/close")
    assert status == 303
    status, _, page = await visitor.post("/demo/crowd")
    assert status == 409
    assert "「はじめから」を押すと、もう一度投票できます。" in page


async def _start_again(visitor):
    """Meanwhile everybody is asked to wait a little, and two presses are one."""
    pressed = [asyncio.create_task(visitor.post("/demo/again?lang=en")) for _ in range(2)]
    seen = set()
    while not all(press.done() for press in pressed):
        status, page = await visitor.get("/demo")
        seen.add(status)
        if status == 503:
            assert "The demo is starting again." in page
        await asyncio.sleep(0.02)
    assert {(await press)[:2] for press in pressed} == {(303, "/demo?lang=en")}
    assert seen <= {200, 503}
    assert 503 in seen


async def test_pages_of_other_sites_cannot_start_again(loaded_demo, tmp_path):
    async with playing(shutil.copytree(loaded_demo, tmp_path / "demo")) as visitor:
        for path in ("/demo/again", "/demo/crowd"):
            assert (await visitor.post(path, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
        assert (await visitor.get("/demo/again"))[0] in {404, 405}


async def test_what_a_kill_left_behind_is_begun_anew(tmp_path):
    folder = tmp_path / "demo"
    for name in ("keys/ballot-attara-2026.key", "keys/secret.key", "civic.sqlite3-wal", "files/ab/cd"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"left")
    context = await open_demo(demo_settings(folder, 1))
    async with context.database.reading() as session:
        assert [ballot.slug for ballot in await ballots_in_state(session, "open")] == [BALLOT]
    await context.database.close()
    assert (folder / "files/ab/cd").read_bytes() == b"left"


def test_emptying_keeps_only_the_stored_files(tmp_path):
    for name in ("civic.sqlite3", "civic.sqlite3-wal", "keys/a.key", "files/ab/cd"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["files"]
    empty(tmp_path / "not-there-yet")


@pytest.mark.parametrize("after_s", [0.05, 0.6])
def test_killed_while_it_starts_again_it_starts_the_next_time(loaded_demo, tmp_path, after_s):
    shutil.copytree(loaded_demo, tmp_path / "var" / "demo")
    with _demo_process(tmp_path) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"POST /demo/again HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n".encode())
            time.sleep(after_s)
    with _demo_process(tmp_path) as url, urllib.request.urlopen(f"{url}/api/v1/ballots/{BALLOT}") as answer:
        assert json.load(answer)["state"] == "open"


@contextmanager
def _demo_process(folder):
    """A real ``civic demo`` that is ready; killed (-9) at the end of the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (folder / "demo.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "civic.cli", "demo", "--port", str(port)],
            cwd=folder,
            env={**os.environ, "CIVIC_DATA_DIR": str(folder / "var")},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + 180
        while not _is_ready(url):
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail((folder / "demo.log").read_text())
            time.sleep(0.1)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_ready(url):
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
