"""Things a machine may lack: a test that needs one is skipped by name, or fails where it is demanded.

``CIVIC_REQUIRE=postgres,browser,node`` lists the groups that have to be there; CI sets it, so that green
never means "not run".
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

GROUPS = {
    "postgres": "needs a PostgreSQL server binary",
    "browser": "needs Chromium",
    "node": "needs Node.js 20 or newer with npm",
}


def demanded() -> frozenset[str]:
    """The groups named in ``CIVIC_REQUIRE``; raises ``pytest.UsageError`` for a group nobody knows."""
    names = {name.strip() for name in os.environ.get("CIVIC_REQUIRE", "").split(",")} - {""}
    unknown = names - GROUPS.keys()
    if unknown:
        raise pytest.UsageError(
            f"CIVIC_REQUIRE names {', '.join(sorted(unknown))}; known are {', '.join(GROUPS)}."
        )
    return frozenset(names)


def require(group: str, reason: str) -> NoReturn:
    """Give up on the running test: skip it, or fail it when its group is demanded.

    Call it after finding that the thing is missing; ``reason`` says what, and how to get it.
    """
    if group not in GROUPS:
        raise ValueError(f"unknown group {group!r}; known are {', '.join(GROUPS)}")
    if group in demanded():
        pytest.fail(f"CIVIC_REQUIRE demands {group}: {reason}", pytrace=False)
    pytest.skip(f"{group}: {reason}")
