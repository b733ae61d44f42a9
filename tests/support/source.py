"""The project's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("civic", "geodata", "webhooks")

# Who may commit, and who may not ask the database by themselves.
ENTRY_POINTS = (
    "civic/admin/",
    "civic/api/",
    "civic/cli/",
    "civic/jobs/",
    "civic/main.py",
    "civic/public/",
    "civic/worker.py",
    "webhooks/",
)


def relative(path: Path) -> str:
    """The path as people write it: from the checkout, with slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of our three packages; migrations are history and stand apart."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path for path in found if "civic/migrations/versions" not in path.as_posix()))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def attributes(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted spelling of every attribute used in a file, such as ``datetime.now``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted spelling of everything called in a file, such as ``session.commit``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that is in git or would be with the next commit; skips where there is no git checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a git checkout")
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def text_of(path: Path) -> str | None:
    """A tracked file's text; None when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
