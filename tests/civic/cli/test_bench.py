"""``civic bench``: what is printed where, and when it exits with what."""

import json
import sys
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from civic.bench.measuring import Bench, CannotMeasure, Report, Series, require
from civic.bench.sections import SECTIONS
from civic.cli import app


def bench(*words):
    return CliRunner().invoke(app, ["bench", *words])


@pytest.fixture
def section(monkeypatch):
    """Register one more section, ``trial``, that does what the test says."""

    def register(run):
        monkeypatch.setitem(SECTIONS, "trial", "試し / a trial")
        monkeypatch.setitem(sys.modules, "civic.bench.sections.trial", SimpleNamespace(run=run))

    return register


def reporting(value: float):
    """A section that measured one ratio and wants at least 0.8 of it."""

    def run(_bench: Bench) -> Report:
        report = Report(checked=["all votes are there"], notes=["no PostgreSQL here"])
        report.line("votes taken", "/s", [8_000.0])
        report.at_least("votes / bare", 0.8, Series((value,)))
        return report

    return run


def test_json_is_one_object_and_everything_else_goes_to_stderr():
    done = bench("--only", "events", "--rounds", "1", "--scale", "0.01", "--tolerance", "0.5", "--json")
    answer = json.loads(done.stdout)
    assert (answer["rounds"], answer["scale"], answer["tolerance"]) == (1, 0.01, 0.5)
    assert list(answer["sections"]) == ["events"]
    measured = answer["sections"]["events"]
    assert set(measured) == {"lines", "goals", "checked", "notes"}
    assert all(set(line) == {"label", "unit", "median", "min", "max"} for line in measured["lines"])
    assert all(set(goal) == {"label", "at_most", "median", "min", "max", "holds"} for goal in measured["goals"])
    assert done.exit_code == (0 if all(goal["holds"] for goal in measured["goals"]) else 1)
    assert SECTIONS["events"] in done.stderr


def test_a_reached_goal_exits_0_and_everything_is_printed(section):
    section(reporting(0.9))
    done = bench("--only", "trial")
    assert done.exit_code == 0, done.output
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["votes", "taken", "8,000", "/s", "(8,000–8,000)"],
        ["ok", "votes", "/", "bare", "0.9", "≥", "0.8", "(0.9–0.9)"],
        ["ok", "all", "votes", "are", "there"],
        ["no", "PostgreSQL", "here"],
    ]


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_missed_goal_exits_1_and_is_named(section, words):
    section(reporting(0.7))
    done = bench("--only", "trial", *words)
    assert done.exit_code == 1
    assert "NO  trial: votes / bare" in done.stderr
    assert "Some goals were missed." in done.stderr
    if words:
        assert json.loads(done.stdout)["sections"]["trial"]["goals"][0]["holds"] is False


def test_a_tolerance_lets_a_busy_machine_fall_short(section):
    section(reporting(0.7))
    assert bench("--only", "trial", "--tolerance", "0.7").exit_code == 0


def test_a_wrong_result_exits_1_without_a_number(section):
    section(lambda _: require(False, "2 votes are missing from the log"))
    done = bench("--only", "trial", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "結果が正しくありません: 2 votes are missing from the log" in done.stderr
    assert "gave a wrong result" in done.stderr


def test_what_cannot_be_measured_exits_1_with_the_reason(section):
    def fail(_bench: Bench) -> Report:
        raise CannotMeasure("a server did not start:\nno space left")

    section(fail)
    done = bench("--only", "trial")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no space left" in done.stderr


def test_a_section_gets_an_empty_folder_that_is_removed(section):
    seen: list[Bench] = []

    def look(given: Bench) -> Report:
        assert list(given.folder.iterdir()) == []
        seen.append(given)
        return Report()

    section(look)
    assert bench("--only", "trial", "--rounds", "3", "--scale", "0.5").exit_code == 0
    assert (seen[0].rounds, seen[0].scale) == (3, 0.5)
    assert not seen[0].folder.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--only", "nonsense"),
        ("--rounds", "0"),
        ("--scale", "0"),
        ("--scale", "2"),
        ("--tolerance", "1.5"),
        ("x",),
    ],
)
def test_wrong_use_exits_2(words):
    done = bench(*words)
    assert (done.exit_code, done.stdout) == (2, "")
