"""Demos as data: loaded once a test run, by whichever test process comes first, and copied for each test."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.databases import finish

from civic.cli.demo import demo_settings
from civic.cli.demo_data import open_demo


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the whole test run; the other test processes wait until the first one has made it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo that nobody has played: West Shinjuku, its ballot open, nothing drawn."""
    return made_once(tmp_path_factory, "loaded-demo", lambda folder: finish(_load(folder / "demo"))) / "demo"


async def _load(folder: Path) -> None:
    context = await open_demo(demo_settings(folder, 1))
    await context.database.close()
