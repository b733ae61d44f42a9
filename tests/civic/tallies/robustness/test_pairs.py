"""A winner against the next: the exact coin test, and who is compared with whom."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.tallies.methods.purses import electorate_of
from civic.tallies.methods.registry import compute
from civic.tallies.robustness.pairs import coin_probability, pairs_of
from civic.tallies.robustness.types import Pair
from tests.civic.tallies.robustness.elections import TWO_SITES, election


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_probability_is_that_of_fair_coins(one, other):
    coins = one + other
    far = sum(comb(coins, heads) for heads in range(coins + 1) if abs(2 * heads - coins) >= abs(one - other))
    assert abs(coin_probability(one, other) - Fraction(far, 2**coins)) < Fraction(1, 10**80)


@pytest.mark.parametrize(
    # 120 to 112 is McNemar's exact test of statsmodels; the million by the normal curve: 500 of half a million are
    # 0.999 deviations, and 2 * (1 - Phi(0.999)) = 0.3178.
    ("one", "other", "p"),
    [(120, 112, 0.646), (3, 1, 0.625), (0, 0, 1), (500_500, 499_500, 0.318), (1_000_000, 0, 0)],
)
def test_known_probabilities(one, other, p):
    assert float(coin_probability(one, other)) == pytest.approx(p, abs=5e-4)


def pairs(name, votes, sites=TWO_SITES, budget=None):
    counted = election(sites, votes, budget)
    return pairs_of(name, counted, compute(name, counted, "id_order"), electorate_of(counted))


def test_each_site_has_its_pair_and_only_who_chose_one_of_the_two_counts():
    """Plaza: 5 chose the bench alone, 2 the stage alone, 4 both. 2 * (1+7+21)/128 = 58/128 = 0.453."""
    votes = {"bench": 5, "stage": 2, "bench stage": 4, "swing": 1, "": 9}
    assert pairs("site_winner", votes) == (
        Pair("plaza", "bench", "stage", 5, 2, "0.453"),
        Pair("deck", "swing", "mist", 1, 0, "1.000"),
    )


def test_a_winner_elsewhere_is_a_rival_where_sites_are_decided_alone_and_none_where_each_stands_once():
    sites = {"a": {"s": 1, "t": 1}, "b": {"s": 1, "t": 9}, "c": {"s": 1}}
    votes = {"a": 3, "b": 2, "c": 1}
    assert [pair.second for pair in pairs("site_winner", votes, sites)] == ["b", "b"]
    there = {"a": {"s": 1}, "b": {"s": 1, "t": 1}, "c": {"s": 1}}
    assert [(pair.site, pair.second) for pair in pairs("site_winner", votes, there)] == [("s", "b")]
    assert [(pair.first, pair.second) for pair in pairs("greedy", votes, {**sites, "b": {"t": 9}})] == [("a", "c")]


def test_without_a_shared_site_the_last_winner_meets_the_first_loser():
    sites = {name: {f"site of {name}": 10} for name in "abcd"}
    votes = {"a": 4, "b": 3, "c": 2, "d": 1}
    assert pairs("greedy", votes, sites, budget=20) == (Pair(None, "b", "c", 3, 2, "1.000"),)


def test_what_nobody_can_pay_is_no_rival():
    sites = {"first": {"s": 10}, "dear": {"s": 11}, "next": {"s": 10}}
    assert [pair.second for pair in pairs("site_winner", {"first": 2, "dear": 3, "next": 1}, sites, 10)] == [
        "next"
    ]


def test_without_votes_there_is_no_pair():
    assert pairs("site_winner", {"": 3}) == ()
