"""Fractions as decimal text, rounded half up."""

from fractions import Fraction

from civic.tallies.robustness.decimals import fixed, share


def test_half_is_rounded_up_to_fixed_places():
    assert [fixed(Fraction(5, 8), places) for places in (0, 1, 2, 3, 4)] == ["1", "0.6", "0.63", "0.625", "0.6250"]
    assert fixed(Fraction(1, 400), 2) == "0.00"


def test_a_part_of_nothing_is_nothing():
    assert (share(2, 3), share(2, 3, 2), share(0, 0)) == ("0.667", "0.67", "0.000")
