"""Connections, transactions and the one write lock of the embedded database.

Reading and writing are separate: ``reading()`` never writes, ``writing()`` is exactly one transaction that
commits when its block ends well. On SQLite a write transaction begins IMMEDIATE (so it can never fail half-way
for a lock) and holds one asyncio lock, so a block may await nothing but its own session: waiting for anything
else there would stop every other writer of the process.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.errors import StartRefused

SQLITE_BUSY_MS = 15_000
"""How long a SQLite writer waits for another process; a command's transaction is far shorter."""

POSTGRES_OPTIONS = "-c timezone=UTC -c statement_timeout=15000 -c lock_timeout=10000"

POSTGRES_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 5_000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}
"""When a connection counts as cut although nobody said so: the network may be, or the other machine be gone."""


class Database:
    """One database for one process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.dialect = make_url(url).get_backend_name()
        self.engine = _create_engine(url)
        # On SQLite writers have a connection of their own: who holds the write lock never waits for a reader.
        self._writer = _create_sqlite(url, "begin immediate", connections=1) if self.is_sqlite else self.engine
        self.write_lock = asyncio.Lock()
        self.changes = 0
        """Write transactions of this process that ended and that public pages may tell of."""

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.dialect == "sqlite"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session over one consistent snapshot (SQLite) or statement-by-statement (PostgreSQL)."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self, *, shown: bool = True) -> AsyncIterator[AsyncSession]:
        """One write transaction: committed when the block ends, rolled back when it raises.

        ``shown``: public pages may tell of it, so none is kept from before it (``changes``). Replies, leases and
        the like are not shown, nor is a single vote: turnout may be a second old.
        """
        async with AsyncExitStack() as stack:
            if shown:
                stack.callback(self._changed)
            if self.is_sqlite:
                await stack.enter_async_context(self.write_lock)
            session = await stack.enter_async_context(AsyncSession(self._writer, expire_on_commit=False))
            async with session.begin():
                # Begin now, not at the first statement: a time read inside the block is then read inside the lock.
                await session.connection()
                yield session

    def _changed(self) -> None:
        """Also after a failure: a COMMIT whose answer was lost may have been made."""
        self.changes += 1

    async def check_durability(self) -> dict[str, str]:
        """What a commit means here. StartRefused when an acknowledged vote could be lost on a power cut."""
        async with self.engine.connect() as connection:
            if self.is_sqlite:
                found = {
                    "journal_mode": str(await connection.scalar(sa.text("pragma journal_mode"))),
                    "synchronous": str(await connection.scalar(sa.text("pragma synchronous"))),
                }
                safe = found == {"journal_mode": "wal", "synchronous": "2"}
            else:
                found = {
                    name: str(await connection.scalar(sa.text(f"show {name}")))
                    for name in ("synchronous_commit", "fsync", "full_page_writes")
                }
                durable = found["synchronous_commit"] not in {"off", "local"}
                safe = durable and found["fsync"] == found["full_page_writes"] == "on"
        if not safe:
            raise StartRefused(
                "durability_weak",
                "データベースの設定 {found} では、停電のときに受け付けた票が失われるおそれがあります。"
                "SQLite は WAL と synchronous=FULL、"
                "PostgreSQL は synchronous_commit=on と fsync=on にしてください。",
                found=found,
            )
        return found

    async def scrub(self) -> None:
        """Leave nothing of deleted rows in SQLite's files: the file is written anew, the write-ahead log emptied.

        Writers wait meanwhile, the longer the larger the file is. PostgreSQL's autovacuum does as much by itself.
        """
        if self.is_sqlite:
            async with self.write_lock:
                await asyncio.to_thread(_scrub, make_url(self.url).database or "")

    async def close(self) -> None:
        """Give all connections back."""
        await self._writer.dispose()
        await self.engine.dispose()


def open_database(url: str) -> Database:
    """A database by URL: ``sqlite+aiosqlite:///…`` or ``postgresql+psycopg://…``; makes SQLite's folder."""
    parsed = make_url(url)
    if parsed.drivername not in {"sqlite+aiosqlite", "postgresql+psycopg"}:
        raise StartRefused(
            "database_url_unknown",
            "CIVIC_DATABASE_URL は sqlite+aiosqlite:///ファイル か postgresql+psycopg://… で書いてください。",
        )
    if parsed.drivername == "sqlite+aiosqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    return Database(url)


def sync_url(url: str) -> str:
    """The same database for Alembic's synchronous engine."""
    return url.replace("sqlite+aiosqlite", "sqlite", 1)


def _create_engine(url: str) -> AsyncEngine:
    """An engine whose errors name no parameters: they would carry reply tokens and sealed ids into the logs."""
    if url.startswith("sqlite"):
        return _create_sqlite(url, "begin", connections=8)
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=5,
        connect_args={"options": POSTGRES_OPTIONS, **POSTGRES_PATIENCE},
    )


def _create_sqlite(url: str, begin: str, connections: int) -> AsyncEngine:
    # Fixed SQL runs outside the driver's thread (kernel.db.fixed), never at the same time as it.
    options = {"timeout": SQLITE_BUSY_MS / 1000, "check_same_thread": False}
    engine = create_async_engine(
        url, pool_size=connections, max_overflow=0, connect_args=options, hide_parameters=True
    )
    listen_sqlite(engine.sync_engine, begin)
    return engine


def _scrub(path: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=SQLITE_BUSY_MS / 1000)) as connection:
        connection.execute("vacuum")
        (is_busy, *_) = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
    if is_busy:
        raise TimeoutError("somebody reads for so long that the write-ahead log could not be emptied")


def listen_sqlite(engine: sa.Engine, begin: str) -> None:
    """Make SQLite durable, strict about foreign keys, and explicit about where and how a transaction begins."""

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


SQLITE_PRAGMAS = (
    f"pragma busy_timeout = {SQLITE_BUSY_MS}",
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma secure_delete = on",
    "pragma recursive_triggers = on",  # else INSERT OR REPLACE would delete a log row past its trigger
)
