"""Fixed SQL for the paths that every vote takes: there, composing and mapping statements costs more than they do.

A statement is written once a dialect. On SQLite it runs for one row after the other, on PostgreSQL once for all,
with an array for each column (``unnest``, ``= any``).

On SQLite the statements run in the event loop, not in the driver's thread: each takes microseconds, never waits
(the transaction already holds the lock), and a thread that gives up Python's lock at every row would get it back
only when a busy loop lets go of it.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession


@dataclass(frozen=True, eq=False)
class Fixed:
    """One statement per dialect; parameters are ``?`` on SQLite, ``%s`` and ``%b`` (binary) on PostgreSQL.

    Arrays in binary cost the client a third of arrays in text. Each statement is itself and nothing else
    (``eq=False``): as a key it is not hashed text by text for every vote.
    """

    sqlite: str
    postgresql: str


async def run_fixed(session: AsyncSession, statement: Fixed, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement for all rows."""
    if not rows:
        return
    if _is_sqlite(session):
        (await _sqlite(session)).executemany(statement.sqlite, rows)
        return
    columns = tuple(list(column) for column in zip(*rows, strict=True))
    await (await session.connection()).exec_driver_sql(statement.postgresql, columns)


async def fetch_fixed(session: AsyncSession, statement: Fixed, *values: Any) -> Sequence[tuple[Any, ...]]:
    """The rows that a statement finds."""
    if _is_sqlite(session):
        return (await _sqlite(session)).execute(statement.sqlite, values).fetchall()
    return await fetch_apart(session, statement, *values)


async def fetch_apart(session: AsyncSession, statement: Fixed, *values: Any) -> Sequence[tuple[Any, ...]]:
    """The rows of a statement that reads a whole table: on SQLite in the driver's thread, so that others go on."""
    text = statement.sqlite if _is_sqlite(session) else statement.postgresql
    found = await (await session.connection()).exec_driver_sql(text, values)
    return [tuple(row) for row in found]


async def fetch_bulk(session: AsyncSession, statement: Fixed, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that finds thousands: in binary, by the driver alone, whose errors it raises."""
    if _is_sqlite(session):
        return (await _sqlite(session)).execute(statement.sqlite, values).fetchall()
    connection: psycopg.AsyncConnection[tuple[Any, ...]] = await _driver(session)
    return await (await connection.execute(statement.postgresql.encode(), values, binary=True)).fetchall()


async def fetch_for_keys(
    session: AsyncSession, statement: Fixed, keys: Sequence[bytes] | Sequence[int], *values: Any
) -> list[tuple[Any, ...]]:
    """The rows that a statement finds for any of the keys, its last parameter."""
    if not _is_sqlite(session):
        return list(await fetch_fixed(session, statement, *values, list(keys)))
    execute = (await _sqlite(session)).execute
    return [row for key in keys for row in execute(statement.sqlite, (*values, key))]


def stored_time(session: AsyncSession, instant: datetime) -> str | datetime:
    """An instant as ``UtcDateTime`` stores it: SQLite has no type for it, only this text."""
    instant = instant.astimezone(UTC)
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f") if _is_sqlite(session) else instant


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


async def _sqlite(session: AsyncSession) -> sqlite3.Connection:
    """The connection of this transaction, for which aiosqlite has no public name. Its thread is idle meanwhile."""
    connection: sqlite3.Connection = (await _driver(session))._conn
    return connection


async def _driver(session: AsyncSession) -> Any:
    """The driver's own connection of this transaction."""
    adapted = (await session.connection()).sync_connection
    assert adapted is not None
    return adapted.connection.driver_connection
