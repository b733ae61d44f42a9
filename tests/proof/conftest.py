"""The frame of `make proof`: small by default, all of it with ``FULL=1``, and one line for what each proof found.

The lines go to the terminal as they are found, and with their date to ``var/proof.txt``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from proof.sizes import is_full
from support.source import ROOT

# Half a minute of votes at a fixed rate: at small size only when it is named.
collect_ignore = [] if is_full() else ["test_rush.py"]

RESULTS = ROOT / "var" / "proof.txt"
T = TypeVar("T")


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether this run is at full size (``FULL=1``)."""
    return is_full()


@pytest.fixture(scope="session")
def sized(full: bool) -> Callable[[T, T], T]:
    """``sized(small, full)``: the size of this run."""
    return lambda small_size, full_size: full_size if full else small_size


@pytest.fixture
def found(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], full: bool) -> Callable[[str], None]:
    """Write down one line of what a proof found, before its laws are asserted: it is wanted above all then."""
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    size = "full" if full else "small"

    def write(line: str) -> None:
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M} {size}: {line}\n")
        with capsys.disabled():
            terminal.write_line(f"\n{line}")

    return write
