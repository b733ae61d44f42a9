"""Installations for programme files, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.installation import installation

from civic.kernel.context import Context


@pytest.fixture
async def context(database_url: str, tmp_path: Path) -> AsyncIterator[Context]:
    """An empty, migrated installation."""
    async with installation(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def sqlite_context(tmp_path: Path) -> AsyncIterator[Context]:
    """The same on SQLite only, for rules that were decided before any database is asked."""
    async with installation(None, tmp_path) as opened:
        yield opened
