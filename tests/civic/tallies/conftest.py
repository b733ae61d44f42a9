"""An installation with the small programme, on both databases, and a short way to a sealed ballot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.casting import small_installation

from civic.kernel.context import Context


@pytest.fixture
async def context(database_url: str, tmp_path: Path) -> AsyncIterator[Context]:
    """The small programme loaded, its ballots scheduled, at their opening instant."""
    async with small_installation(database_url, tmp_path) as opened:
        yield opened
