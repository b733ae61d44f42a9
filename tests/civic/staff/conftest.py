"""An installation without anything in it, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.installation import installation

from civic.kernel.context import Context


@pytest.fixture
async def context(database_url: str, tmp_path: Path) -> AsyncIterator[Context]:
    """Migrated and opened; its clock moves only when told to."""
    async with installation(database_url, tmp_path) as opened:
        yield opened
