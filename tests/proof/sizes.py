"""Small by default, all of it with ``FULL=1``."""

import os

import pytest
from support.databases import DIALECTS


def is_full() -> bool:
    """Whether this run is at full size."""
    return os.environ.get("FULL", "0") not in {"", "0"}


both_databases_when_full = pytest.mark.parametrize(
    "database_url", DIALECTS if is_full() else ["sqlite"], indirect=True
)
"""For proofs whose small size is there to see that they still run."""
