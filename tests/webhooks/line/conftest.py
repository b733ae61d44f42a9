"""An installation with one open ballot, as most tests of the channel need it.

It is prepared once a test process and database; each test gets a copy of its own.
"""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.line import MovableClock, Place, prepared, programme, settings_for, standing
from support.postgres import PostgresServer

from civic.kernel.context import open_context
from civic.kernel.logging import configure_logging

_copies = itertools.count(1)


@dataclass(frozen=True)
class Template:
    """A finished installation: its data folder, and its database on PostgreSQL."""

    folder: Path
    database: str = ""


@pytest.fixture(autouse=True)
def logging_as_served() -> None:
    """One JSON line an event on stderr, as ``civic serve`` logs."""
    configure_logging()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The ballot ``park-2026`` with four options, at most two choices, open; on SQLite."""
    folder = tmp_path_factory.mktemp("template") / "data"
    asyncio.run(_prepare(folder, _sqlite_url(folder)))
    return Template(folder)


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Template]:
    """The same on PostgreSQL."""
    folder = tmp_path_factory.mktemp("template") / "data"
    postgres_server.execute("CREATE DATABASE line_template")
    asyncio.run(_prepare(folder, postgres_server.dsn("line_template")))
    yield Template(folder, "line_template")
    postgres_server.start()
    postgres_server.execute("DROP DATABASE line_template WITH (FORCE)")


@pytest.fixture
async def sqlite_place(sqlite_template: Template, tmp_path: Path) -> AsyncIterator[Place]:
    """A prepared installation on SQLite, for what does not depend on the database."""
    folder = shutil.copytree(sqlite_template.folder, tmp_path / "data")
    async with _opened(folder, _sqlite_url(folder)) as place:
        yield place


@pytest.fixture
async def postgres_place(
    postgres_server: PostgresServer, postgres_template: Template, tmp_path: Path
) -> AsyncIterator[Place]:
    """A prepared installation on PostgreSQL."""
    name = f"line_{next(_copies)}"
    folder = shutil.copytree(postgres_template.folder, tmp_path / "data")
    postgres_server.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template.database}")
    async with _opened(folder, postgres_server.dsn(name)) as place:
        yield place
    postgres_server.start()
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest) -> Place:
    """A prepared installation: the test runs once on SQLite and once on PostgreSQL."""
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found


async def _prepare(folder: Path, url: str) -> None:
    async with prepared(settings_for(folder, url), programme()):
        pass


@asynccontextmanager
async def _opened(folder: Path, url: str) -> AsyncIterator[Place]:
    clock = MovableClock()
    context = open_context(settings_for(folder, url), clock)
    try:
        async with standing(context, clock) as place:
            yield place
    finally:
        await context.database.close()


def _sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'civic.sqlite3'}"
