"""Servers under measurement: child processes on loopback, with the CPU time and memory of their whole tree.

Linux only: both are read from ``/proc``.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import civic
from civic.bench.load import Job, Outcome
from civic.bench.measuring import CannotMeasure

READY_S = 30.0
QUIET_S = 0.3
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
UVICORN = ("--no-access-log", "--log-level", "warning", "--no-server-header", "--no-proxy-headers")
"""The options of ``civic serve``, so that the neighbours run on the same server."""


@dataclass(frozen=True)
class Server:
    """A running server: its port and the root of its processes."""

    port: int
    pid: int
    log: Path

    def last_words(self) -> str:
        """The end of what the server wrote: why it did not do its work."""
        return self.log.read_text(errors="replace")[-2_000:]

    def cpu_seconds(self) -> float:
        """CPU time of the server and all its living descendants (user and system)."""
        return tree_cpu_seconds(self.pid)

    def rss_mb(self) -> float:
        """Resident memory of the server and its descendants, in MB; what they share counts for each."""
        return sum(_rss_bytes(pid) for pid in _tree(self.pid)) / 1e6

    def load(
        self,
        requests: Path,
        connections: int,
        seconds: float,
        *,
        first: int = 0,
        most: int = 0,
        rate: float = 0.0,
        again: bool = False,
    ) -> Outcome:
        """Let a load generator, a process of its own, send prepared requests to this server: see ``Job``."""
        return load(Job(self.port, str(requests), connections, seconds, first, most, rate, again))


@contextmanager
def asgi_server(
    application: str, folder: Path, env: Mapping[str, str] | None = None, workers: int = 1
) -> Iterator[Server]:
    """An ASGI application (``module:name``) on uvicorn, answering."""
    command = [sys.executable, "-m", "uvicorn", application, "--workers", str(workers), *UVICORN]
    with _serving(command, folder, application.split(":")[0].rsplit(".", 1)[-1], env or {}, "/") as server:
        yield server


@contextmanager
def civic_server(folder: Path, env: Mapping[str, str], workers: int = 1) -> Iterator[Server]:
    """``civic serve`` with these settings, ready."""
    command = [sys.executable, "-m", "civic.cli", "serve", "--workers", str(workers)]
    with _serving(command, folder, "serve", env, "/readyz") as server:
        yield server


@contextmanager
def civic_worker(folder: Path, env: Mapping[str, str]) -> Iterator[int]:
    """``civic worker`` with these settings; gives its process id."""
    with _child([sys.executable, "-m", "civic.cli", "worker"], folder, "worker", env) as process:
        yield process.pid


@contextmanager
def line_end(folder: Path) -> Iterator[Server]:
    """What stands for LINE when multicasts are measured (``civic.bench.line_end``)."""
    with _serving([sys.executable, "-m", "civic.bench.line_end"], folder, "line_end", {}, "/taken") as server:
        yield server


def load(job: Job) -> Outcome:
    """Run the load generator on a job."""
    return Outcome(**do_apart("civic.bench.load", asdict(job)))


def do_apart(module: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """Let a process of its own do a job, given to it as JSON on stdin; what it prints last, as JSON."""
    command = [sys.executable, "-m", module]
    done = subprocess.run(  # noqa: S603 - our own command
        command, input=json.dumps(job).encode(), capture_output=True, env=_environment({}), check=False
    )
    if done.returncode:
        raise CannotMeasure(f"{module} failed:\n{done.stderr.decode()[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def tree_cpu_seconds(root: int) -> float:
    """CPU time of a process and all its living descendants."""
    return sum(_cpu_seconds(pid) for pid in _tree(root))


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    """Exactly these variables and what Python needs to find itself: no setting of the caller's slips in."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(civic.__file__).parents[1])} | dict(env)


@contextmanager
def _serving(
    command: Sequence[str], folder: Path, name: str, env: Mapping[str, str], ready: str
) -> Iterator[Server]:
    port = _free_port()
    with _child([*command, "--port", str(port)], folder, name, env) as process:
        _wait_until_ready(process, port, ready, folder / f"{name}.log")
        _wait_until_quiet(process.pid)
        yield Server(port, process.pid, folder / f"{name}.log")


@contextmanager
def _child(
    command: Sequence[str], folder: Path, name: str, env: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A process group that is gone after the block, whatever happened in it; its output goes to a file."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=folder,
            env=_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        if _status(port, path) in (200, 404):
            return
        time.sleep(0.05)
    raise CannotMeasure(f"a server did not start:\n{log.read_text()[-4000:]}")


def _wait_until_quiet(pid: int) -> None:
    """Of several workers the first may answer while the others are still starting."""
    deadline = time.monotonic() + READY_S
    before, present = -1.0, tree_cpu_seconds(pid)
    while present > before + QUIET_S / 10 and time.monotonic() < deadline:
        time.sleep(QUIET_S)
        before, present = present, tree_cpu_seconds(pid)


def _status(port: int, path: str) -> int | None:
    """What a GET is answered with; None when nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tree(root: int) -> list[int]:
    """A process and its living descendants, from /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(children.get(found[-1], []))
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name, from the state on (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _cpu_seconds(pid: int) -> float:
    try:
        fields = _stat(pid)
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _rss_bytes(pid: int) -> int:
    try:
        return int(_stat(pid)[21]) * _PAGE
    except OSError:
        return 0
