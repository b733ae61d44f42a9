"""Real data that the project does not ship: tests that need it skip by name where it is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.source import ROOT


def shared(name: str) -> Path:
    """A file of the shared test data."""
    path = Path(os.environ.get("CIVIC_TEST_SHARED", ROOT.parent / "shared")) / name
    if not path.exists():
        pytest.skip(f"needs {name} in the shared test data (CIVIC_TEST_SHARED)")
    return path
