"""An empty installation, once on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.installation import installation

from civic.kernel.context import Context


@pytest.fixture
async def context(database_url: str, tmp_path: Path) -> AsyncIterator[Context]:
    """An installation without a programme."""
    async with installation(database_url, tmp_path) as opened:
        yield opened
