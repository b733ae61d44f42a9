"""The order of a run: at random within each kind, but first what takes long.

With two processes the first one draws the demo's pictures and goes on with the browser, then with the servers; the
other one begins with everything else and takes over what is left. So neither waits for the other's pictures, and
no long test is the last one.
"""

from __future__ import annotations

import pytest

LONG = ("e2e", "entrypoints")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move the folders of long tests to the front; the random order within them stays."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, folder in enumerate(LONG) if folder in item.path.parts), len(LONG))
