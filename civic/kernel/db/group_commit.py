"""Group commit: many small appends, one COMMIT, and nobody is answered before it.

Requests hand in rows and wait. A single task takes all rows that have gathered, writes them in one transaction by
fixed SQL (no ORM), and only then lets the requests answer. While a COMMIT waits for the disk, the next group
gathers, so the price of a durable commit is shared by everybody who came meanwhile.

The receive time is taken inside the transaction and becomes the last column of every row: with the lock that
sealing a ballot takes, no row can appear with a time from before the seal after it.
"""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, LiteralString, Protocol

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import Clock, to_ms
from civic.kernel.db.engine import POSTGRES_OPTIONS, POSTGRES_PATIENCE, SQLITE_BUSY_MS, SQLITE_PRAGMAS, Database
from civic.kernel.db.fixed import Fixed
from civic.kernel.errors import Unavailable

APPEND_LOCK = 0x617474
"""PostgreSQL advisory lock: shared by appends, exclusive for sealing."""

DRAIN_LOCK = 0x617475
"""PostgreSQL advisory lock: one worker at a time turns the inbox into replies and cached votes."""

MAX_GROUP = 512
BUSY = 8
GATHER_S = 0.001
"""After a group of more than ``BUSY`` the next one gathers this long: less than its COMMIT takes anyway."""
MAX_WAITING = 4_096
PATIENCE_S = 1.5
"""Whoever waits longer for a COMMIT is told to send again: LINE's own patience ends at 2 s."""


Rows = Mapping[Fixed, Sequence[tuple[Any, ...]]]


class Sink(Protocol):
    """Writes one group in one transaction; raises when nothing of it was committed for sure."""

    async def write(self, group: Rows) -> None:
        """Commit all rows or none."""

    async def close(self) -> None:
        """Give the connection back."""


class GroupCommit:
    """Takes rows from many requests and answers each after the COMMIT that made them durable."""

    def __init__(self, sink: Sink, after_commit: Callable[[], None] = lambda: None) -> None:
        self._sink = sink
        self._after_commit = after_commit
        self._waiting: list[tuple[Rows, asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()
        self._last = 0
        self._overdue: asyncio.TimerHandle | None = None

    async def append(self, rows: Rows) -> None:
        """Return once the rows are durable.

        Unavailable when too many wait, the database refused the group, or it does not answer in good time.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise Unavailable("busy", "いま混み合っています。少し待ってから、もう一度送ってください。")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, done))
        self._arrived.set()
        await done

    async def run(self) -> None:
        """Write groups until cancelled; whoever still waits then is told that nothing was written."""
        try:
            while True:
                await self._arrived.wait()
                await self._gather()
                group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
                self._last = len(group)
                if not self._waiting:
                    self._arrived.clear()
                await self._write(group)
        finally:
            _refuse(self._waiting)
            await self._sink.close()

    async def _gather(self) -> None:
        """Under load, a moment for those who are at the door already; a single caller never waits.

        Without it half of the callers wait for the commit of the other half, and each commit costs the same.
        """
        if self._last > BUSY:
            await asyncio.sleep(GATHER_S)

    async def _write(self, group: list[tuple[Rows, asyncio.Future[None]]]) -> None:
        self._refuse_after(PATIENCE_S, group)
        try:
            await self._sink.write(_merge(rows for rows, _ in group))
        except asyncio.CancelledError:
            _refuse(group)
            raise
        except Exception as cause:
            _refuse(group, cause)
            return
        finally:
            if self._overdue is not None:
                self._overdue.cancel()
        for _, done in group:
            if not done.done():
                done.set_result(None)
        self._after_commit()

    def _refuse_after(self, seconds: float, group: list[tuple[Rows, asyncio.Future[None]]]) -> None:
        """Refuse who waits when the database is silent for so long, and whoever comes then, until it answers.

        What they sent is kept and written once that is possible: being there twice does no harm.
        """

        def refuse() -> None:
            _refuse(group + self._waiting)
            self._refuse_after(seconds / 3, [])

        self._overdue = asyncio.get_running_loop().call_later(seconds, refuse)


SINK_PRAGMAS = (
    "pragma busy_timeout = 0",  # waiting is done in the thread
    "pragma cache_size = -65536",  # 64 MB: the random keys of a long log would read pages back for every group
)


class SqliteSink:
    """A connection of its own: statements run in the loop (short), COMMIT and any waiting in one thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._lock = database.write_lock
        self._clock = clock
        self._path = make_url(database.url).database or ""
        self._opened: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vote-commit")

    async def write(self, group: Rows) -> None:
        """Commit all rows or none; waits for another process's write transaction without stopping the loop."""
        async with self._lock:
            await self._begin()
            try:
                received_ms = to_ms(self._clock())
                for append, rows in group.items():
                    self._connection.executemany(append.sqlite, [(*row, received_ms) for row in rows])
                await self._in_thread(self._commit)
            except BaseException:
                await self._in_thread(self._rollback)
                raise

    async def close(self) -> None:
        """Close the connection; the last to close folds the WAL back. A statement that still waits ends first."""
        await asyncio.to_thread(self._thread.shutdown)
        if self._opened is not None:
            self._opened.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        """The connection, opened at the first use: an application that is only looked at opens nothing."""
        if self._opened is None:
            self._opened = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            for pragma in (*SQLITE_PRAGMAS, *SINK_PRAGMAS):
                self._opened.execute(pragma)
        return self._opened

    async def _begin(self) -> None:
        """At once when nobody else writes; else the thread waits for the other process, and the loop goes on."""
        try:
            self._connection.execute("begin immediate")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            await self._in_thread(self._wait_to_begin)

    def _wait_to_begin(self) -> None:
        self._connection.execute(f"pragma busy_timeout = {SQLITE_BUSY_MS}")
        try:
            self._connection.execute("begin immediate")
        finally:
            self._connection.execute("pragma busy_timeout = 0")

    def _commit(self) -> None:
        self._connection.execute("commit")

    def _rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")

    async def _in_thread(self, work: Callable[[], None]) -> None:
        """Do something in the thread, one after the other; it is waited for even when we are cancelled."""
        running = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            # The statement cannot be stopped: wait for it, so that the lock is not given up under it.
            await asyncio.wait([running])
            raise


_BEGIN = f"begin; select pg_advisory_xact_lock_shared({APPEND_LOCK})"


@lru_cache
def _together(appends: tuple[Fixed, ...]) -> LiteralString:
    """One statement that makes all appends."""
    *first, last = (append.postgresql for append in appends)
    steps = ", ".join(f"step_{number} as ({statement})" for number, statement in enumerate(first))
    return f"with {steps} {last}" if first else last


class PostgresSink:
    """A psycopg connection of its own, opened when needed and again after a failure."""

    def __init__(self, database: Database, clock: Clock) -> None:
        url = make_url(database.url).set(drivername="postgresql")
        self._dsn = url.render_as_string(hide_password=False)
        self._clock = clock
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def write(self, group: Rows) -> None:
        """Commit all rows or none; once more on a fresh connection when the old one turns out to be cut.

        Writing a group twice is safe: a row that is there already is left alone.
        """
        used_before = self._connection is not None
        try:
            await self._write(group)
        except psycopg.OperationalError:
            if not used_before:
                raise
            await self._write(group)

    async def _write(self, group: Rows) -> None:
        """Three round trips, for each costs as much as a handful of votes. Keys are sorted: no deadlocks."""
        connection = await self._open()
        try:
            await connection.execute(_BEGIN)
            received_ms = to_ms(self._clock())
            columns: list[list[Any]] = []
            for rows in group.values():
                columns += [list(column) for column in zip(*sorted(rows), strict=True)]
                columns.append([received_ms] * len(rows))
            await connection.execute(_together(tuple(group)), columns)
            await connection.execute("commit")
        except BaseException:
            self._connection = None
            await connection.close()
            raise

    async def close(self) -> None:
        """Close the connection if there is one."""
        if self._connection is not None:
            await self._connection.close()

    async def _open(self) -> psycopg.AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._dsn,
                autocommit=True,  # so that the transaction is exactly the three statements written here
                prepare_threshold=1,
                options=f"{POSTGRES_OPTIONS} -c synchronous_commit=on",
                **POSTGRES_PATIENCE,
            )
        return self._connection


def open_sink(database: Database, clock: Clock) -> Sink:
    """The sink that fits the database."""
    return SqliteSink(database, clock) if database.is_sqlite else PostgresSink(database, clock)


async def hold_appends(session: AsyncSession) -> None:
    """Keep appends out until this write transaction ends; on SQLite beginning to write already does that."""
    await _hold(session, APPEND_LOCK)


async def share_appends(session: AsyncSession) -> None:
    """Fixed within this write transaction, together with others but never during a seal."""
    if session.get_bind().dialect.name == "postgresql":
        statement = sa.text("select pg_advisory_xact_lock_shared(:lock)")
        await (await session.connection()).execute(statement, {"lock": APPEND_LOCK})


async def hold_drain(session: AsyncSession) -> None:
    """Be the only worker on the inbox until this write transaction ends."""
    await _hold(session, DRAIN_LOCK)


async def _hold(session: AsyncSession, lock: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        statement = sa.text("select pg_advisory_xact_lock(:lock)")
        await (await session.connection()).execute(statement, {"lock": lock})


def _merge(groups: Iterable[Rows]) -> dict[Fixed, list[tuple[Any, ...]]]:
    merged: dict[Fixed, list[tuple[Any, ...]]] = defaultdict(list)
    for rows in groups:
        for append, some in rows.items():
            merged[append].extend(some)
    return merged


def _refuse(group: list[tuple[Rows, asyncio.Future[None]]], cause: Exception | None = None) -> None:
    for _, done in group:
        if not done.done():
            error = Unavailable("not_written", "いま記録できません。少し待ってから、もう一度送ってください。")
            error.__cause__ = cause
            done.set_exception(error)
