"""Servers of the tests: an ASGI application in this process, LINE's simulator with a recorder, ``civic serve``."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from support.line import SECRET, TOKEN
from support.serving import serving
from support.source import ROOT

from webhooks.line.simulator import Simulator, SimulatorSettings, create_simulator

READY_S = 30.0
NOWHERE = "http://127.0.0.1:9"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Sent:
    """One request that reached LINE."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as data; None without one."""
        return json.loads(self.body) if self.body else None


@dataclass
class Recorder:
    """Stands before an application and keeps every request; ``on_request`` may look around before it is served."""

    app: ASGIApp
    sent: list[Sent] = field(default_factory=list)
    on_request: Callable[[Sent], Awaitable[None]] | None = None
    answers: list[tuple[int, Any, Mapping[str, str]]] = field(default_factory=list)
    """Status, body and headers of answers to give instead of the application's, one to each multicast."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.sent.append(Sent(scope["path"], headers, body))
        if self.on_request is not None:
            await self.on_request(self.sent[-1])
        if self.answers and scope["path"].endswith("/multicast"):
            status, content, more = self.answers.pop(0)
            await JSONResponse(content, status, dict(more))(scope, receive, send)
            return
        pending: list[Message] = [{"type": "http.request", "body": body}]

        async def again() -> Message:
            return pending.pop() if pending else await receive()

        await self.app(scope, again, send)

    def to(self, path: str) -> list[Sent]:
        """The requests to one path, by its end."""
        return [request for request in self.sent if request.path.endswith(path)]


@asynccontextmanager
async def simulated_line(
    webhook_url: str = NOWHERE, **settings: Any
) -> AsyncIterator[tuple[Simulator, Recorder, str]]:
    """LINE on a free port: its inside, what reaches it, and its base URL."""
    values = {"channel_secret": SECRET, "access_token": TOKEN, "public_url": NOWHERE, **settings}
    app = create_simulator(SimulatorSettings(webhook_url=webhook_url, **values))
    recorder = Recorder(app)
    async with serving(recorder) as url:
        yield app.state.simulator, recorder, url


@dataclass
class CivicServer:
    """A real ``civic serve`` process group on a port of its own, with its output in a file."""

    env: Mapping[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, also after ``kill``, and wait for /readyz; RuntimeError with its output when that fails."""
        with self.log.open("ab") as output:
            command = ["serve", "--port", str(self.port), *self.arguments]
            self.process = _civic(command, self.env, self.log.parent, stdout=output, stderr=output)
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and self.process.poll() is None:
            if _ready(self.url):
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"civic serve did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """kill -9 the whole process group and reap it."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> int:
        """Ask it to end, as a service manager does; the exit code. It is killed when it does not obey."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.kill()


@contextmanager
def civic_server(
    env: Mapping[str, str], folder: Path, *arguments: str, name: str = "serve"
) -> Iterator[CivicServer]:
    """A started server that is gone after the block, whatever happened in it."""
    server = CivicServer(env, folder / f"{name}.log", arguments=arguments)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def civic_worker(env: Mapping[str, str], folder: Path, name: str = "worker") -> Iterator[subprocess.Popen[bytes]]:
    """A started ``civic worker`` that is gone after the block, whatever happened in it."""
    with (folder / f"{name}.log").open("ab") as output:
        process = _civic(["worker"], env, folder, stdout=output, stderr=output)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def run_civic(env: Mapping[str, str], folder: Path, *words: str, timeout_s: float = 60) -> Ended:
    """Run one ``civic`` command to its end; it is killed with its children when it takes too long."""
    process = _civic(list(words), env, folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(timeout=timeout_s)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return Ended(process.returncode, out.decode(), err.decode())


def environment(folder: Path, database_url: str, **more: str) -> dict[str, str]:
    """The variables of an installation in a folder: exactly these, and nothing of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "CIVIC_MODE": "development",
        "CIVIC_DATA_DIR": str(folder),
        "CIVIC_DATABASE_URL": database_url,
        "CIVIC_BASE_URL": "https://vote.example.jp",
        "CIVIC_LINE_CHANNEL_SECRET": SECRET,
        "CIVIC_LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "CIVIC_LINE_API_URL": NOWHERE,
        **more,
    }


def _civic(words: list[str], env: Mapping[str, str], folder: Path, **streams: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "civic.cli", *words],
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        **streams,
    )


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
