"""The order of a run: at random within each kind, but each process begins with what takes long.

The first process draws the demo's pictures and goes on with the browser tests that need them, another one begins
with the other browser tests, another one with real servers. So nobody waits for somebody else's pictures, and no
long test is the last one: what is left of a process's share is taken over by those that have ended theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

import pytest

T = TypeVar("T")


def _shows_pictures(item: pytest.Item) -> bool:
    return "drawn" in getattr(item, "fixturenames", ())


def _is_in(folder: str) -> Callable[[pytest.Item], bool]:
    return lambda item: folder in item.path.parts


LONG = (_shows_pictures, _is_in("e2e"), _is_in("entrypoints"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal the long tests out, one kind after the other; the random order within them stays."""
    processes = int(getattr(config, "workerinput", {"workercount": 1})["workercount"])
    items[:] = dealt(items, LONG, processes)


def dealt(items: Sequence[T], kinds: Sequence[Callable[[T], bool]], processes: int) -> Iterator[T]:
    """All items as equal shares in a row, which is how xdist gives them away, each with its long kinds first."""
    long: list[list[T]] = [[] for _ in kinds]
    others: list[T] = []
    for item in items:
        kind = next((kind for kind, is_of_it in zip(long, kinds, strict=True) if is_of_it(item)), others)
        kind.append(item)
    firsts = [list(chain.from_iterable(long[number::processes])) for number in range(processes)]
    rest, share = iter(others), len(items) // processes
    for first in firsts:
        yield from first
        yield from islice(rest, max(0, share - len(first)))
    yield from rest
