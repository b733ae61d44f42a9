"""Does the card that is shown first get more votes? Twelve orders of the cards were given out at random."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from civic.tallies.robustness.cells import FEWEST, shown_alone
from civic.tallies.robustness.decimals import fixed, share
from civic.tallies.robustness.types import Positions, Rotation

ENOUGH = 100
"""With fewer voters the cards' places are not judged."""

RARE = Fraction(1, 20)
# Beyond so many standard deviations a probability shows in none of the places.
_WIDTH = 12


@dataclass(frozen=True, slots=True)
class Turned:
    """The voters whose cards began at one place: how many, and how many chose the card that they saw first."""

    first: str
    voters: int
    votes_for_first: int


def positions(turned: Sequence[Turned], starts: Mapping[int, int]) -> Positions | None:
    """The votes for the first card beside those expected by chance.

    ``starts`` counts the voters by how many of the orders begin with a card that they chose. Each order was as
    likely for everyone, so without an effect of the place a voter who chose 3 of 12 beginnings has chosen the
    first card with probability 3/12, independent of all others; their sum has an exact distribution. None where
    fewer than ten people's cards were turned: there even the sum would tell of persons.
    """
    voters = sum(one.voters for one in turned)
    if voters < FEWEST:
        return None
    votes = sum(one.votes_for_first for one in turned)
    expected = sum((Fraction(n * k, len(turned)) for k, n in starts.items()), Fraction(0))
    p = probability(votes, starts, len(turned)) if voters >= ENOUGH else None
    shown = shown_alone({number: one.voters for number, one in enumerate(turned)})
    return Positions(
        rotations=tuple(_rotation(number, one, number in shown) for number, one in enumerate(turned)),
        voters=voters,
        first_share=share(votes, voters),
        other_share=fixed(expected / voters, 3),
        p=None if p is None else fixed(p, 3),
        words=_words(p, votes > expected),
    )


def probability(votes: int, starts: Mapping[int, int], orders: int) -> Fraction:
    """P(|X - E X| >= |votes - E X|): each of ``starts[k]`` voters adds 1 to X with probability k / orders."""
    expected = sum((Fraction(n * k, orders) for k, n in starts.items()), Fraction(0))
    apart = abs(votes - expected)
    begin, weights = 0, np.ones(1)
    for k, number in sorted(starts.items()):
        low, some = _binomial(number, k / orders)
        begin, weights = begin + low, np.convolve(weights, some)
    far = [abs(begin + at - expected) >= apart for at in range(len(weights))]
    return min(Fraction(1), Fraction(float(weights[far].sum())).limit_denominator(10**9))


def _binomial(coins: int, p: float) -> tuple[int, NDArray[np.float64]]:
    """The probabilities of the numbers of heads, from the first that matters: (that number, shape (numbers,))."""
    middle = round(coins * p)
    if p in (0.0, 1.0):
        return middle, np.ones(1)
    reach = int(_WIDTH * (coins * p * (1 - p)) ** 0.5) + _WIDTH
    low, high = max(0, middle - reach), min(coins, middle + reach)
    up = np.arange(middle, high)
    down = np.arange(middle, low, -1)
    above = np.cumprod((coins - up) / (up + 1) * (p / (1 - p)))
    below = np.cumprod(down / (coins - down + 1) * ((1 - p) / p))
    weights = np.concatenate([below[::-1], np.ones(1), above])
    return low, weights / weights.sum()


def _rotation(number: int, one: Turned, is_shown: bool) -> Rotation:
    if not is_shown:
        return Rotation(number, one.first, None, None)
    return Rotation(number, one.first, one.voters, one.votes_for_first)


def _words(p: Fraction | None, more: bool) -> str:
    if p is None:
        return "too_few"
    if p >= RARE:
        return "as_chance"
    return "more_for_first" if more else "fewer_for_first"
