"""An installation with one open ballot, as most tests of the channel need it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.line import Place, prepared, programme, settings_for, standing

from civic.kernel.logging import configure_logging


@pytest.fixture(autouse=True)
def logging_as_served() -> None:
    """One JSON line an event on stderr, as ``civic serve`` logs."""
    configure_logging()


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    """The ballot ``park-2026`` with four options, at most two choices, open; no web server, nothing sent."""
    settings = settings_for(tmp_path / "data", database_url)
    async with prepared(settings, programme()) as (context, clock), standing(context, clock) as place:
        yield place


@pytest.fixture
async def sqlite_place(tmp_path: Path) -> AsyncIterator[Place]:
    """The same on SQLite only, for what does not depend on the database."""
    settings = settings_for(tmp_path / "data", f"sqlite+aiosqlite:///{tmp_path / 'civic.sqlite3'}")
    async with prepared(settings, programme()) as (context, clock), standing(context, clock) as place:
        yield place
