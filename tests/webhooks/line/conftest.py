"""An installation with one open ballot, as most tests of the channel need it.

It is prepared once a test process and database; each test gets a copy of its own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.databases import DIALECTS, Installed
from support.line import MovableClock, Place, prepared, programme, settings_for, standing

from civic.kernel.context import open_context
from civic.kernel.logging import configure_logging


@pytest.fixture(autouse=True)
def logging_as_served() -> None:
    """One JSON line an event on stderr, as ``civic serve`` logs."""
    configure_logging()


@pytest.fixture
async def sqlite_place(installed: Installed, tmp_path: Path) -> AsyncIterator[Place]:
    """The ballot ``park-2026`` with four options, at most two choices, open; for what needs no other database."""
    folder = tmp_path / "data"
    async with _opened(folder, installed(_prepare, "sqlite", folder)) as place:
        yield place


@pytest.fixture
async def postgres_place(installed: Installed, tmp_path: Path) -> AsyncIterator[Place]:
    """The same on PostgreSQL."""
    folder = tmp_path / "data"
    async with _opened(folder, installed(_prepare, "postgres", folder)) as place:
        yield place


@pytest.fixture(params=DIALECTS)
def place(request: pytest.FixtureRequest) -> Place:
    """A prepared installation: the test runs once on SQLite and once on PostgreSQL."""
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found


async def _prepare(url: str, folder: Path) -> None:
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
