"""The wheel holds what the checkout holds, and nothing more."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.source import PACKAGES, ROOT, relative, tracked_files

FRONTEND = ("locale", "static", "styles", "templates")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("attara-*-py3-none-any.whl")
    return path


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def built_files() -> set[str]:
    """What `make frontend` made, as far as it did."""
    return {relative(path) for path in (ROOT / "frontend" / "static").rglob("*") if path.is_file()}


def expected() -> set[str]:
    """Every file of git that belongs to a package or to the pages, as it is called in the wheel, and the build."""
    names = {relative(path) for path in tracked_files()} | built_files()
    packages = {name for name in names if name.split("/")[0] in PACKAGES}
    pages = {name for name in names if name.startswith(tuple(f"frontend/{folder}/" for folder in FRONTEND))}
    return packages | {name.replace("frontend/", "civic/_frontend/", 1) for name in pages}


def test_the_wheel_ships_every_file_of_the_packages_and_pages(wheel):
    assert contents(wheel) == expected()


def test_data_and_texts_are_in_the_wheel(wheel):
    endings = {Path(name).suffix for name in contents(wheel)}
    assert {".html", ".po", ".yaml", ".glb", ".geojson", ".mako"} <= endings


def test_the_wheel_brings_the_command_and_the_licence(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "civic = civic.cli:app" in archive.read(entry_points).decode()
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
