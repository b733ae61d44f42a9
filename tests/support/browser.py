"""A real Chromium, driven by Playwright, and the demo as a process of its own in front of it.

Debian's browser is used (``apt install chromium fonts-noto-cjk``); Playwright's own build is never downloaded.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright
from support.demos import made_once
from support.requirements import require
from support.servers import free_port
from support.source import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome")
# There is no graphics card: WebGL is computed, and pages are painted without it, in half the time.
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
READY_S = 180.0
PICTURES_S = 420.0
EXPECTED_MS = 30_000
"""What a test waits for comes by itself; this only bounds the waiting, on a machine that others use too."""
FIRST_PROPOSAL = "/p/nishi-shinjuku-2026/shade-bench"
NOT_DRAWN = "json_extract(payload, '$.placement') not in (1, 3, 13)"
"""Two placements of this year's programme are drawn, and one of the other's."""
TWO_FRAMES = """async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""

expect.set_options(timeout=EXPECTED_MS)


def chromium_or_skip() -> str:
    """The browser's path; skips (or fails where it is demanded) without one."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    require("browser", "no chromium on the PATH (apt install chromium fonts-noto-cjk)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of a module.

    Not of the process: while Playwright's synchronous interface is open, its event loop counts as running, and no
    asynchronous test can begin. So a module has browser tests or asynchronous ones, never both.
    """
    path = chromium_or_skip()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()


@dataclass
class Watched:
    """A page with everything that went wrong on it: CSP reports, script errors, requests to elsewhere, 5xx."""

    page: Page
    origin: str
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_refusal(message.text):
            self.trouble.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:", "about:")):
            self.trouble.append(f"request to elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.trouble.append(f"{response.status} of {response.url}")


def _is_refusal(text: str) -> bool:
    """Chromium writes a console error for each 4xx answer; those are looked at by the tests themselves."""
    return re.search(r"status of 4\d\d", text) is not None


@contextmanager
def watched_page(
    browser: Browser,
    origin: str,
    *,
    width: int = 390,
    height: int = 844,
    lang: str = "ja",
    scripts: bool = True,
) -> Iterator[Watched]:
    """A page in a context of its own; at the end nothing may have gone wrong on it."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=lang,
        java_script_enabled=scripts,
        reduced_motion="reduce",
        base_url=origin,
    )
    context.set_default_timeout(30_000)
    watched = Watched(context.new_page(), origin)
    try:
        yield watched
        assert watched.trouble == []
    finally:
        context.close()


@dataclass(frozen=True)
class Demo:
    """A running ``civic demo``."""

    origin: str
    folder: Path


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """``civic demo`` with its data in a folder, on a free port."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    log = (folder / "demo.log").open("wb")
    command = [str(Path(sys.executable).with_name("civic")), "demo", "--port", str(port)]
    server = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "CIVIC_DATA_DIR": str(folder / "var")},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait_until_ready(server, origin, folder / "demo.log")
        yield Demo(origin, folder)
    finally:
        with suppress(ProcessLookupError):  # it may have ended by itself, and then its own words are to be read
            os.killpg(server.pid, signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        log.close()


@pytest.fixture(scope="session")
def drawn(loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demo with pictures, made once a test run, whoever comes first, to be copied.

    The first proposal has all its pictures, two other cards their one: pages show cards with and without.
    """

    def draw(folder: Path) -> None:
        database = folder / "var" / "demo" / "civic.sqlite3"
        shutil.copytree(loaded_demo, folder / "var" / "demo")
        leave_undrawn(database, NOT_DRAWN)
        with running_demo(folder) as demo:
            wait_for_pictures(demo.origin)
        leave_undrawn(database)

    return made_once(tmp_path_factory, "drawn-demo", draw) / "var"


@pytest.fixture
def demo(drawn: Path, tmp_path: Path) -> Iterator[Demo]:
    """A demo for one test alone, with pictures."""
    with running_copy(drawn, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def shared_demo(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo for a module whose tests only look, with pictures."""
    with running_copy(drawn, tmp_path_factory.mktemp("demo")) as running:
        yield running


@contextmanager
def running_copy(drawn: Path, folder: Path) -> Iterator[Demo]:
    """A demo that goes on from a copy of another one's data."""
    shutil.copytree(drawn, folder / "var")
    with running_demo(folder) as running:
        yield running


def settle(page: Page) -> None:
    """Until all is loaded, frames and fonts too, and drawn; a chat that waits for news is never idle."""
    for frame in page.frames:
        frame.wait_for_load_state("load")
    page.evaluate(TWO_FRAMES)


def wait_for_pictures(origin: str, count: int = 3, within_s: float = PICTURES_S) -> None:
    """Until the page of the ballot's first proposal shows so many pictures; with three, all cards have theirs."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with urllib.request.urlopen(origin + FIRST_PROPOSAL, timeout=60) as answer:
            if answer.read().decode().count('src="/files/pictures/') >= count:
                return
        time.sleep(0.3)
    raise AssertionError(f"no {count} pictures of {FIRST_PROPOSAL} after {within_s} seconds")


def leave_undrawn(database: Path, which: str = "true") -> None:
    """Give up queued pictures: all of them would take a minute, and the other cameras every copy several more."""
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.execute(f"update job set state = 'done' where state = 'queued' and {which}")
        connection.commit()


def _wait_until_ready(server: subprocess.Popen[bytes], origin: str, log: Path) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{origin}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the demo did not get ready:\n{log.read_text(errors='replace')[-2000:]}")
