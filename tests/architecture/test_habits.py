"""Habits that keep the code calm: who commits, who asks the database, who knows the time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.source import ENTRY_POINTS, attributes, calls, modules, relative, text_of, tracked_files, tree

# The tutorial's way is measured beside ours: it is an application of its own.
MAY_COMMIT = (*ENTRY_POINTS, "civic/kernel/", "civic/bench/tutorial.py")
# The inbox and its neighbours are the webhook's own tables; nobody below could ask for them.
MAY_SELECT = ("webhooks/line/inbox", "webhooks/line/richmenu/queries.py")
CLOCKS = {"civic/kernel/clock.py", "webhooks/line/simulator/settings.py"}
TIME_OF_DAY = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime)|func\.now)$"
)
LONGEST_FILE = 450
CODE = {".css", ".html", ".js", ".mjs", ".py", ".sh", ".ts"}
LAST_SAFE = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")

# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w./})-])/(?:work|root|home|Users|opt)/[\w.]")
REGISTRY = re.compile(r"pypi\.org|python[h]osted\.org|registry\.npmjs|npm[m]irror")


def found(paths: Iterator[Path], pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern occurs: ``file:line: text``."""
    hits = []
    for path in paths:
        for number, line in enumerate((text_of(path) or "").splitlines(), 1):
            if pattern.search(line):
                hits.append(f"{relative(path)}:{number}: {line.strip()[:120]}")
    return hits


def test_only_entry_points_and_the_kernel_commit():
    hits = [
        f"{relative(path)}:{line}"
        for path in modules()
        if not relative(path).startswith(MAY_COMMIT)
        for line, name in calls(path)
        if name.endswith(".commit")
    ]
    assert hits == []


def test_entry_points_ask_queries_not_the_database():
    hits = [
        f"{relative(path)}:{line}"
        for path in modules()
        if relative(path).startswith(ENTRY_POINTS) and not relative(path).startswith(MAY_SELECT)
        for line, name in calls(path)
        if name.rsplit(".", 1)[-1] == "select" and not name.startswith("self.")
    ]
    assert hits == []


def test_time_comes_from_the_clock_only():
    hits = [
        f"{relative(path)}:{line}: {name}"
        for path in modules()
        if relative(path) not in CLOCKS
        for line, name in attributes(path)
        if TIME_OF_DAY.search(name)
    ]
    assert hits == []


@pytest.mark.parametrize(
    "spelling", ["datetime.now", "dt.datetime.utcnow", "date.today", "time.time", "sa.func.now"]
)
def test_the_time_of_day_is_recognised(spelling):
    assert TIME_OF_DAY.search(spelling)


@pytest.mark.parametrize("spelling", ["clock.now", "time.monotonic", "self.clock.now", "runtime.time"])
def test_other_clocks_are_left_alone(spelling):
    assert not TIME_OF_DAY.search(spelling)


def test_no_module_imports_the_time_by_name():
    names = {("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime")}
    hits = [
        f"{relative(path)}:{node.lineno}"
        for path in modules()
        if relative(path) not in CLOCKS
        for node in tree(path).body
        if type(node).__name__ == "ImportFrom" and names & {(node.module, alias.name) for alias in node.names}
    ]
    assert hits == []


def test_no_file_is_too_long_to_read():
    lengths = {
        relative(path): len((text_of(path) or "").splitlines())
        for path in tracked_files()
        if path.suffix in CODE and "civic/migrations/versions" not in path.as_posix()
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_templates_escape_everything():
    templates = (path for path in tracked_files() if path.suffix in {".html", ".j2", ".jinja"})
    assert found(templates, LAST_SAFE) == []


def test_no_file_names_a_machine_or_a_registry():
    assert found(iter(tracked_files()), MACHINE_PATH) == []
    assert found(iter(tracked_files()), REGISTRY) == []


@pytest.mark.parametrize("folder", ["home/someone", "root/.cache", "work/main"])
@pytest.mark.parametrize("before", ["see ", "'", "(", ""])
def test_a_machine_path_is_recognised(before, folder):
    assert MACHINE_PATH.search(f"{before}/{folder}")


@pytest.mark.parametrize(
    "text", ["/p/{programme}/work/1", "../work/x", "frontend/home/page", "/usr/lib/postgresql"]
)
def test_an_ordinary_path_is_left_alone(text):
    assert not MACHINE_PATH.search(text)
