"""Weights by hand, their limits, and when they are refused."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from civic.tallies.robustness.raking import (
    Margin,
    Raked,
    Refused,
    Target,
    effective_number,
    rake,
    rake_relations,
    trimmed,
)
from civic.tallies.robustness.types import RelationCell, RelationTable


def table(*cells):
    return RelationTable(tuple(RelationCell(names, n, {"a": a, "b": n - a}) for names, n, a in cells), None)


def target(relation, percent):
    return Target(relation, Fraction(percent), "区の統計", date(2026, 4, 1))


VOTERS = table((("live",), 80, 60), (("work",), 20, 5), ((), 30, 1))


def test_one_target_by_hand():
    """Residents weigh 0.5 / 0.8 = 0.625, the others 0.5 / 0.2 = 2.5; a: (60 * 0.625 + 5 * 2.5) / 100 = 50 %.

    Effective: 100^2 / (80 * 0.390625 + 20 * 6.25) = 10000 / 156.25 = 64. Who said nothing has no weight.
    """
    assert rake_relations(VOTERS, [target("live", 50)]) == Raked(
        people=100,
        raw={"a": "65.0", "b": "35.0"},
        weighted={"a": "50.0", "b": "50.0"},
        effective="64.0",
        design_effect="1.56",
        greatest="2.50",
    )


def test_ten_people_beside_the_target_are_enough():
    """Weights 0.5 / 0.9 and 5: 100^2 / (90 * 0.5556^2 + 10 * 25) = 36 effective ones."""
    few = table((("live",), 90, 1), (("work",), 10, 1))
    assert rake_relations(few, [target("live", 50)]).effective == "36.0"


def test_two_margins_are_met_together():
    people = np.array([40.0, 30.0, 20.0, 10.0])
    margins = [Margin(np.array([1, 1, 0, 0], dtype=bool), 0.5), Margin(np.array([1, 0, 1, 0], dtype=bool), 0.3)]
    weights = rake(people, margins, np.ones(4))
    for margin in margins:
        assert (people * weights)[margin.inside].sum() / people.sum() == pytest.approx(margin.share, abs=1e-9)
    assert (people * weights).sum() == pytest.approx(100)
    # Raking keeps how the two margins go together: the odds ratio stays 40 * 10 / (30 * 20).
    assert weights[0] * weights[3] / (weights[1] * weights[2]) == pytest.approx(1, abs=1e-6)


def test_a_weight_above_five_means_is_cut_and_the_targets_are_met_again():
    people = np.array([100.0, 2.0, 98.0])
    inside = np.array([False, True, False])
    weights = trimmed(people, [Margin(inside, 0.3), Margin(np.array([True, False, False]), 0.5)])
    assert (people * weights)[inside].sum() / people.sum() == pytest.approx(0.3)


def test_the_effective_number_is_kishs():
    assert effective_number(np.array([80.0, 20.0]), np.array([0.625, 2.5])) == pytest.approx(64)


@pytest.mark.parametrize(
    ("voters", "targets", "reason"),
    [
        (RelationTable(None, "small_cell"), [target("live", 50)], "small_cell"),
        (RelationTable(None, "nobody_said"), [target("live", 50)], "nobody_said"),
        (VOTERS, [], "no_target"),
        (VOTERS, [target("live", 50), target("live", 60)], "wrong_target"),
        (VOTERS, [target("live", 100)], "wrong_target"),
        (VOTERS, [target("live", 0)], "wrong_target"),
        (VOTERS, [target("live", 1)], "few_effective"),  # 100^2 / (80 * 0.0125^2 + 20 * 4.95^2) = 20
        (table(((), 30, 1)), [target("live", 50)], "nobody_said"),
        (table((("live",), 95, 1), (("work",), 5, 1)), [target("live", 50)], "small_target"),
        (VOTERS, [target("study", 5)], "small_target"),
        # 40 and 960 voters, wanted 95 to 5: the few weigh 23.75, far from 0.3 of 1,000 effective ones.
        (table((("live",), 40, 1), (("work",), 960, 1)), [target("live", 95)], "few_effective"),
        (table((("live",), 12, 1), (("work",), 12, 1)), [target("live", 50)], "few_effective"),
    ],
)
def test_weights_that_would_say_nothing_are_refused(voters, targets, reason):
    assert rake_relations(voters, targets) == Refused(reason)
