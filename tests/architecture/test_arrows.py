"""Imports run against the flow, and every package has its place in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support.source import PACKAGES, ROOT

NOT_DOMAIN = {"admin", "api", "bench", "cli", "exports", "jobs", "migrations", "public", "staff", "web"}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packages that a test may spoil."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def contracts() -> list[dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_all_contracts_are_kept():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("civic/sites/tables.py", "import civic.votes", "The flow runs one way"),
        ("webhooks/line/spoiled.py", "import civic.main", "The flow runs one way"),
        ("civic/newcomer/__init__.py", "", "Every package has its place"),
        ("civic/votes/spoiled.py", "import fastapi", "The domain knows no web"),
        ("geodata/spoiled.py", "import sqlalchemy", "Geodata is pure"),
        ("civic/votes/spoiled.py", "import civic.residents", "Votes and tallies know no people"),
        ("webhooks/line/simulator/spoiled.py", "import civic.kernel", "The simulator is"),
    ],
)
def test_a_wrong_import_is_caught(copy, module, line, broken):
    if "civic.main" in line and not (copy / "civic/main.py").exists():
        (copy / "civic/main.py").write_text("")
    path = copy / module
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(f"\n{line}\n")
    result = lint_imports(copy)
    assert result.returncode == 1
    assert any(said.startswith(broken) and "BROKEN" in said for said in result.stdout.splitlines())


def test_both_orders_are_the_same():
    one, again = (contract["layers"] for contract in contracts() if contract["type"] == "layers")
    inside = [layer.replace("civic.", "") for layer in one if "civic." in layer]
    assert [layer.replace("webhooks | ", "") for layer in inside] == again


def test_every_domain_package_is_kept_from_the_web():
    (sources,) = (c["source_modules"] for c in contracts() if str(c["name"]).startswith("The domain knows"))
    folders = {path.parent.name for path in (ROOT / "civic").glob("*/__init__.py")}
    assert {f"civic.{name}" for name in folders - NOT_DOMAIN} <= set(sources)
