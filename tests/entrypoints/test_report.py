"""The last line of a test run can be trusted, and no skip is silent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SUPPORT = Path(__file__).parents[1]

MIXED = """
import pytest
from support.requirements import require

def test_good(): pass
def test_bad(): assert 1 == 2
def test_later(): pytest.skip("the reason why")
def test_needs_node(): require("node", "no node here")

@pytest.fixture
def broken(): raise RuntimeError("fixture")
def test_breaks(broken): pass
@pytest.mark.xfail(reason="known to fail")
def test_known(): assert False
"""


def run(folder: Path, source: str, *options: str, **environment: str) -> tuple[int, list[str]]:
    """Run one test file in a process of its own; returns the exit status and the lines it printed."""
    (folder / "test_it.py").write_text(source)
    (folder / "pytest.ini").write_text("[pytest]\n")
    base = {name: value for name, value in os.environ.items() if not name.startswith(("CIVIC_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "xdist", "-p", "support.report", *options, "test_it.py"],
        cwd=folder,
        env={**base, "PYTHONPATH": str(SUPPORT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["one process", "workers"])
def test_the_last_line_counts_errors_as_failures(tmp_path, options):
    status, lines = run(tmp_path, MIXED, *options)
    assert (status, lines[-1]) == (1, "1 passed, 2 failed, 3 skipped")


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["one process", "workers"])
def test_every_skip_is_named_with_its_reason(tmp_path, options):
    _, lines = run(tmp_path, MIXED, *options)
    assert "test_it.py::test_later: the reason why" in lines
    assert "test_it.py::test_needs_node: node: no node here" in lines
    assert "test_it.py::test_known: known to fail" in lines


def test_a_demanded_group_fails_instead_of_skipping(tmp_path):
    status, lines = run(tmp_path, MIXED, CIVIC_REQUIRE="postgres,node")
    assert (status, lines[-1]) == (1, "1 passed, 3 failed, 2 skipped")


def test_an_unknown_group_is_refused(tmp_path):
    _, lines = run(tmp_path, MIXED, CIVIC_REQUIRE="nodes")
    assert any("CIVIC_REQUIRE names nodes; known are postgres, browser, node." in line for line in lines)


def test_a_file_that_cannot_be_read_is_a_failure(tmp_path):
    status, lines = run(tmp_path, "import nothing_of_that_name")
    assert (status, lines[-1]) == (2, "0 passed, 1 failed, 0 skipped")


def test_a_clean_run_says_so(tmp_path):
    status, lines = run(tmp_path, "def test_good(): pass")
    assert (status, lines[-1]) == (0, "1 passed, 0 failed, 0 skipped")


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["one process", "workers"])
def test_tests_of_another_runner_are_told(tmp_path, options):
    source = 'def test_islands(record_property): record_property("holds", "30 vitest tests")'
    _, lines = run(tmp_path, source, *options)
    assert "test_it.py::test_islands: 30 vitest tests" in lines
