"""The end of a test run: every skip by name with its reason, then one line that says it all.

The line is ``N passed, N failed, N skipped``. Errors outside a test's own body (collection, fixtures,
a crashed worker) are failures; so is a run that broke before it could count any.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

NOTHING_WENT_WRONG = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(getattr(report, "wasxfail", report.longrepr))


def _skips(stats: dict[str, list[pytest.TestReport]]) -> Iterator[str]:
    for report in [*stats.get("skipped", []), *stats.get("xfailed", [])]:
        yield f"{report.nodeid}: {_reason(report)}"


def summary_line(stats: dict[str, list[pytest.TestReport]], exitstatus: int) -> str:
    """``N passed, N failed, N skipped`` from the terminal reporter's lists and the run's exit status."""
    failed = sum(len(stats.get(kind, [])) for kind in ("failed", "error", "xpassed"))
    if failed == 0 and exitstatus not in NOTHING_WENT_WRONG:
        failed = 1
    return f"{len(stats.get('passed', []))} passed, {failed} failed, {len(list(_skips(stats)))} skipped"


def _holds(stats: dict[str, list[pytest.TestReport]]) -> Iterator[str]:
    """Tests of another runner that one of ours ran, as it recorded them under ``holds``."""
    for report in stats.get("passed", []):
        yield from (f"{report.nodeid}: {held}" for name, held in report.user_properties if name == "holds")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every skipped test, and what was counted as one but is many."""
    for held in _holds(terminalreporter.stats):
        terminalreporter.write_line(held)
    names = sorted(_skips(terminalreporter.stats))
    if names:
        terminalreporter.section("skipped, by name")
    for name in names:
        terminalreporter.write_line(name)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember how the run ended; ``pytest_unconfigure`` is not told."""
    session.config.stash[_ended] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the line after everything else, in the controlling process only."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    counted = _ended in config.stash and not hasattr(config, "workerinput")
    if reporter is None or not counted or config.option.collectonly:
        return
    sys.stdout.write(summary_line(reporter.stats, config.stash[_ended]) + "\n")
    sys.stdout.flush()


_ended = pytest.StashKey[int]()
