"""Runs in turns, ratios round by round, and goals."""

from pathlib import Path

import pytest

from civic.bench.measuring import Bench, Goal, Report, Series, WrongResult, interleave, require


def test_a_ratio_is_taken_round_by_round():
    """The second round was slow for both: what the machine did then is in neither ratio."""
    ours, theirs = Series((10.0, 5.0, 12.0)), Series((20.0, 10.0, 20.0))
    assert (ours / theirs).values == (0.5, 0.5, 0.6)
    assert (ours / theirs).median == 0.5


def test_a_ratio_needs_the_same_number_of_rounds():
    with pytest.raises(ValueError, match="longer"):
        Series((1.0,)) / Series((1.0, 2.0))


def test_one_disturbed_round_does_not_move_the_median():
    assert Series((1.0, 1.1, 0.9, 1.0, 90.0)).as_json() == {"median": 1.0, "min": 0.9, "max": 90.0}


@pytest.mark.parametrize(
    ("kind", "value", "tolerance", "holds"),
    [
        ("at least", 0.8, 1.0, True),
        ("at least", 0.79, 1.0, False),
        ("at least", 0.56, 0.7, True),
        ("at least", 0.55, 0.7, False),
        ("at most", 0.8, 1.0, True),
        ("at most", 0.81, 1.0, False),
        ("at most", 1.14, 0.7, True),
        ("at most", 1.15, 0.7, False),
    ],
)
def test_a_goal_holds_up_to_its_limit_and_the_tolerance(kind, value, tolerance, holds):
    assert Goal("a ratio", kind, 0.8, Series((value,))).holds(tolerance) is holds


def test_a_report_says_for_each_goal_whether_it_holds():
    report = Report()
    ours = report.line("ours", "/s", [50.0, 60.0, 70.0])
    theirs = report.line("theirs", "/s", [100.0, 100.0, 100.0])
    report.at_least("ours / theirs", 0.8, ours / theirs)
    report.at_most("theirs / ours", 2.0, theirs / ours)
    report.notes.append("something was left out")
    assert report.as_json(tolerance=1.0) == {
        "lines": [
            {"label": "ours", "unit": "/s", "median": 60.0, "min": 50.0, "max": 70.0},
            {"label": "theirs", "unit": "/s", "median": 100.0, "min": 100.0, "max": 100.0},
        ],
        "goals": [
            {"label": "ours / theirs", "at_least": 0.8, "median": 0.6, "min": 0.5, "max": 0.7, "holds": False},
            {
                "label": "theirs / ours",
                "at_most": 2.0,
                "median": 100 / 60,
                "min": 100 / 70,
                "max": 2.0,
                "holds": True,
            },
        ],
        "checked": [],
        "notes": ["something was left out"],
    }


def test_contestants_run_there_and_back():
    order: list[str] = []
    found = interleave({name: lambda name=name: order.append(name) or len(order) for name in "abc"}, 3)
    assert "".join(order) == "abccbaabc"
    assert found == {"a": [1, 6, 7], "b": [2, 5, 8], "c": [3, 4, 9]}


@pytest.mark.parametrize(("scale", "size"), [(1.0, 1_000), (0.5, 500), (0.01, 30)])
def test_a_size_is_scaled_but_never_below_what_means_something(scale, size):
    assert Bench(1, scale, Path()).sized(1_000, 30) == size


def test_a_wrong_result_stops_the_bench():
    require(True, "all is well")
    with pytest.raises(WrongResult, match="a vote is missing"):
        require(False, "a vote is missing")
