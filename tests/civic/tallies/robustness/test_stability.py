"""Drawing the votes again: the same draws everywhere, and what they must show."""

from dataclasses import replace

import pytest

from civic.tallies.methods.types import BallotGroup
from civic.tallies.robustness.counted import counts_quickly
from civic.tallies.robustness.stability import draws_for, stability
from tests.civic.tallies.robustness.elections import ONE_SITE, SEED, election


def test_a_landslide_wins_every_draw():
    found = stability("site_winner", election(ONE_SITE, {"bench": 90, "stage": 10}), SEED, {})
    assert (found.draws, found.wins) == (2000, {"bench": "1.000", "stage": "0.000"})


def test_a_close_race_wins_as_often_as_the_normal_curve_says():
    """120 to 112: the lead swings by sqrt(232) = 15.2, so 8 is 0.525 deviations: 0.700, and a little for ties."""
    found = stability("site_winner", election(ONE_SITE, {"bench": 120, "stage": 112}), SEED, {})
    assert float(found.wins["bench"]) == pytest.approx(0.70, abs=0.03)


def test_level_ones_share_the_draws():
    found = stability("greedy", election(ONE_SITE, {"bench stage": 5}), SEED, {})
    assert float(found.wins["bench"]) == pytest.approx(0.5, abs=0.05)
    assert float(found.wins["bench"]) + float(found.wins["stage"]) == pytest.approx(1)


def test_the_draws_depend_on_the_seed_and_not_on_the_order_of_the_ballots():
    votes = {"bench": 12, "stage": 11, "bench stage": 3, "": 2}
    turned = dict(reversed(votes.items()))
    first = stability("site_winner", election(ONE_SITE, votes), SEED, {})
    assert first == stability("site_winner", election(ONE_SITE, turned), SEED, {})
    assert first != stability("site_winner", election(ONE_SITE, votes), "00" * 32, {})


def test_the_draws_are_the_same_on_every_machine():
    """What was drawn once: a later version must draw it again."""
    level = stability("greedy", election(ONE_SITE, {"bench": 12, "stage": 12, "bench stage": 3}), SEED, {})
    assert level.wins == {"bench": "0.502", "stage": "0.498"}
    sites = {"a": {"s": 60}, "b": {"t": 30}, "c": {"u": 45}}
    counted = election(sites, {"a b": 9, "a": 8, "b c": 6, "c": 5, "": 3}, budget=100)
    assert stability("mes", counted, SEED, {}).wins == {"a": "0.820", "b": "1.000", "c": "0.180"}
    fixed = {"increment": 0, "completion": "none"}
    assert stability("mes", counted, SEED, fixed).wins == {"a": "0.285", "b": "0.635", "c": "0.070"}


def test_equal_shares_are_drawn_two_hundred_times():
    assert stability("mes", election(ONE_SITE, {"bench": 9, "stage": 1}, budget=100), SEED, {}).draws == 200


def test_without_votes_nothing_is_drawn():
    assert stability("site_winner", election(ONE_SITE, {}), SEED, {}) is None


def test_the_work_is_bounded():
    """A hundred million numbers of voters, or two hundred thousand classes of equal shares, and no more."""
    assert [draws_for("site_winner", classes) for classes in (0, 50_000, 241_512)] == [2000, 2000, 414]
    assert [draws_for("mes", classes) for classes in (1000, 4000, 241_512)] == [200, 50, 0]
    for voters, quickly in ((25_000, True), (25_001, False)):
        many = replace(election(ONE_SITE, {}), ballots=(BallotGroup(frozenset(), 1),) * voters)
        assert counts_quickly("mes", many) is quickly
    for number, quickly in ((12, True), (13, False)):
        some = election({str(p): {str(p): 1} for p in range(number)}, {})
        assert counts_quickly("max_approval", some) is quickly
