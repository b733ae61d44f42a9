"""The effect of the first place against all turns of the cards, counted one by one."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.tallies.robustness.positions import Turned, positions, probability
from civic.tallies.robustness.types import Positions, Rotation


@given(st.dictionaries(st.integers(0, 4), st.integers(0, 2), max_size=3), st.integers(0, 6))
def test_the_probability_counts_every_turn_of_the_cards(starts, votes):
    """Four orders: each voter's cards are turned in each way, all together equally often."""
    chosen = [k for k, voters in starts.items() for _ in range(voters)]
    expected = Fraction(sum(chosen), 4)
    sums = [
        sum(turn < k for turn, k in zip(turns, chosen, strict=True))
        for turns in product(range(4), repeat=len(chosen))
    ]
    far = sum(abs(one - expected) >= abs(votes - expected) for one in sums)
    assert float(probability(votes, starts, 4)) == pytest.approx(far / len(sums), abs=1e-9)


def twelve(voters, votes_for_first):
    return [Turned(f"p{number}", voters, votes_for_first) for number in range(12)]


def test_a_first_card_that_gets_more_is_told():
    """1,200 voters chose one of twelve cards each: 100 are expected to have seen it first, with deviation 9.6."""
    found = positions(twelve(100, 13), {1: 1200})
    assert (found.first_share, found.other_share, found.words) == ("0.130", "0.083", "more_for_first")
    assert positions(twelve(100, 8), {1: 1200}).words == "as_chance"
    assert positions(twelve(100, 5), {1: 1200}).words == "fewer_for_first"


def test_a_hundred_voters_are_judged():
    """Half are expected: P(|X - 50| >= 11) of a hundred fair coins is 0.0352."""
    assert positions([Turned("a", 60, 20), Turned("b", 40, 19)], {1: 100}) == Positions(
        rotations=(Rotation(0, "a", 60, 20), Rotation(1, "b", 40, 19)),
        voters=100,
        first_share="0.390",
        other_share="0.500",
        p="0.035",
        words="fewer_for_first",
    )


def test_a_few_voters_are_not_judged_and_fewer_than_ten_are_not_shown():
    found = positions(twelve(3, 1), {1: 36})
    assert (found.p, found.words) == (None, "too_few")
    assert {one.votes_for_first for one in found.rotations} == {None}
    assert positions([Turned("a", 9, 1)], {1: 9}) is None
    assert positions([Turned("a", 10, 0)], {}).other_share == "0.000"


def test_one_small_order_hides_another_one():
    found = positions([Turned("a", 4, 4), Turned("b", 40, 1), Turned("c", 60, 1)], {1: 104})
    assert found.rotations == (Rotation(0, "a", None, None), Rotation(1, "b", None, None), Rotation(2, "c", 60, 1))


def test_a_million_voters_are_judged_by_the_same_rule():
    """Half chose 1 of 12, half 3 of 12: expected 166,667, deviation 363; 500 apart is 1.38 deviations: 0.168."""
    assert float(probability(167_167, {1: 500_000, 3: 500_000}, 12)) == pytest.approx(0.168, abs=0.003)
