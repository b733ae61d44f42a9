"""Equal shares of a budget in the voters' purses: who can still pay what, exactly, for a million voters.

Voters with equal ballots are one *class*; they always hold the same money. A class's exact money is its endowment
less the payments for what it approved, until it could not pay in full: then it holds nothing. So the exact sum
over any classes needs only counts of voters and one fraction for each purchase.

To find whom a payment empties, numpy compares whole numbers of a tiny unit that are known to be off by at most one
unit for each purchase. Where these cannot tell, the exact fractions do. No floats take part.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

import numpy as np
from numpy.typing import NDArray

from civic.tallies.methods.types import MAX_INTEGER, TallyInput, TallyInputError

Classes = NDArray[np.intp]  # indexes of classes
Units = NDArray[np.int64]  # money in units, or numbers of voters

# Sums of all voters' money stay below 2**62 units.
_BITS = 61
_EMPTY = -1  # one unit below nothing, so that its upper bound is nothing


@dataclass(frozen=True)
class Electorate:
    """The voters who approved anything, merged by equal ballots.

    Attributes:
        voters: all voters, blank votes included.
        sizes: voters of each class, shape (classes,).
        approves: who approves what: by proposal, shape (classes,).
        supporters: the classes that approve a proposal.
        supporting: how many voters each of these classes has.
        votes: voters who approve a proposal.
    """

    voters: int
    sizes: Units
    approves: Mapping[str, NDArray[np.bool_]]
    supporters: Mapping[str, Classes]
    supporting: Mapping[str, Units]
    votes: Mapping[str, int]


def electorate_of(tally_input: TallyInput) -> Electorate:
    """The electorate of an election.

    Raises:
        TallyInputError: ``number_too_large`` when there are more voters than readers of JSON can count.
    """
    if tally_input.voters > MAX_INTEGER:
        raise TallyInputError(
            "number_too_large",
            f"票の合計が大きすぎます。合わせて {MAX_INTEGER} 以下にしてください。",
            f"There are too many votes in all. Keep their sum at {MAX_INTEGER} or less.",
        )
    merged: Counter[frozenset[str]] = Counter()
    for group in tally_input.ballots:
        if group.count and group.choices:
            merged[group.choices] += group.count
    choosing: dict[str, list[int]] = {option.proposal: [] for option in tally_input.options}
    for number, choices in enumerate(merged):
        for proposal in choices:
            choosing[proposal].append(number)
    sizes = np.fromiter(merged.values(), dtype=np.int64, count=len(merged))
    supporters = {proposal: np.array(numbers, dtype=np.intp) for proposal, numbers in choosing.items()}
    supporting = {proposal: sizes[classes] for proposal, classes in supporters.items()}
    approves = {proposal: _marked(classes, len(merged)) for proposal, classes in supporters.items()}
    votes = {proposal: int(voters.sum()) for proposal, voters in supporting.items()}
    return Electorate(tally_input.voters, sizes, approves, supporters, supporting, votes)


@dataclass(frozen=True)
class Bounds:
    """The largest payment lies between these numbers of units."""

    low: int
    high: int


@dataclass(frozen=True)
class Payment:
    """What each supporter pays for a proposal: ``largest`` yen, or all that is left of those in ``emptied``."""

    largest: Fraction
    emptied: Classes


class Purses:
    """The money of all voters, from the endowment down."""

    def __init__(self, electorate: Electorate, endowment: Fraction) -> None:
        self._electorate = electorate
        self._endowment = endowment
        self._shift = _BITS - (max(electorate.voters, 1) * (ceil(endowment) + 1)).bit_length()
        self._paid: dict[str, Fraction] = {}
        self._money = np.full(len(electorate.sizes), self._units(endowment), dtype=np.int64)

    def yen(self, units: int) -> Fraction:
        """An amount of units in yen."""
        return Fraction(units) / Fraction(2) ** self._shift

    def copy(self) -> "Purses":
        """The same purses once more, to try a purchase."""
        other = Purses(self._electorate, self._endowment)
        other._paid = dict(self._paid)
        other._money = self._money.copy()
        return other

    def bounds(self, proposal: str, cost: int) -> Bounds | None:
        """Bounds in units of the largest payment for a cost; None when the supporters surely cannot pay it."""
        if not cost:
            return Bounds(0, 0)
        classes = self._electorate.supporters[proposal]
        money, sizes = self._money[classes], self._electorate.supporting[proposal]
        need = self._units(Fraction(cost))
        low = _largest_payment(money + 1, sizes, need, self._electorate.votes[proposal], 0)
        if low is None:
            return None
        at_least = np.maximum(money - len(self._paid), 0)
        high = _largest_payment(at_least, sizes, need + 1, self._electorate.votes[proposal], low)
        return Bounds(low, self._units(self._endowment) + 1 if high is None else high + 1)

    def payment(self, proposal: str, cost: int, bounds: Bounds) -> Payment | None:
        """The exact payment for a proposal of that cost; None when its supporters cannot pay it."""
        classes = self._electorate.supporters[proposal]
        money = self._money[classes]
        emptied = (money >= 0) & (money < bounds.low)
        unclear = (money >= bounds.low) & (money - len(self._paid) < bounds.high)
        purses = sorted(self._exactly(classes[unclear]))
        left = cost - self.total(classes[emptied])
        rich = int(self._electorate.supporting[proposal][money - len(self._paid) >= bounds.high].sum())
        rich += sum(self._size(group) for _, group in purses)
        groups = [classes[emptied]]
        for amount, group in purses:
            if left <= amount * rich:
                break
            left -= amount * self._size(group)
            rich -= self._size(group)
            groups.append(group)
        if not rich:
            return None
        return Payment(left / rich, np.concatenate(groups))

    def pay(self, proposal: str, payment: Payment) -> None:
        """Take the payment from the supporters' purses."""
        classes = self._electorate.supporters[proposal]
        holding = classes[self._money[classes] >= 0]
        self._money[holding] -= self._units(payment.largest)
        self._money[payment.emptied] = _EMPTY
        self._paid[proposal] = payment.largest

    def money_for(self, proposal: str) -> Fraction:
        """All that the supporters of a proposal hold."""
        classes = self._electorate.supporters[proposal]
        return self.total(classes[self._money[classes] >= 0])

    def total(self, classes: Classes) -> Fraction:
        """The exact money of classes that hold some, in yen."""
        if not len(classes):
            return Fraction(0)
        sizes = self._electorate.sizes[classes]
        common = lcm(self._endowment.denominator, *(largest.denominator for largest in self._paid.values()))
        total = _numerator(self._endowment, common) * int(sizes.sum())
        for proposal, largest in self._paid.items():
            payers = int(sizes @ self._electorate.approves[proposal][classes])
            total -= _numerator(largest, common) * payers
        return Fraction(total, common)

    def _exactly(self, classes: Classes) -> list[tuple[Fraction, Classes]]:
        """The exact money of one voter of these classes; classes that bought the same are together."""
        if not len(classes):
            return []
        bought = [self._electorate.approves[proposal][classes] for proposal in self._paid]
        if not bought:
            return [(self._endowment, classes)]
        patterns, which = np.unique(np.array(bought), axis=1, return_inverse=True)
        amounts = [self._left_of(patterns[:, number]) for number in range(patterns.shape[1])]
        by_pattern = [classes[which.ravel() == number] for number in range(len(amounts))]
        return sorted(zip(amounts, by_pattern, strict=True), key=lambda purse: purse[0])

    def _left_of(self, bought: NDArray[np.bool_]) -> Fraction:
        paid = (largest for largest, mine in zip(self._paid.values(), bought, strict=True) if mine)
        return self._endowment - sum(paid, Fraction(0))

    def _size(self, classes: Classes) -> int:
        return int(self._electorate.sizes[classes].sum())

    def _units(self, yen: Fraction) -> int:
        """An amount in units, rounded down."""
        if self._shift >= 0:
            return (yen.numerator << self._shift) // yen.denominator
        return yen.numerator // (yen.denominator << -self._shift)


def _numerator(number: Fraction, common: int) -> int:
    """The numerator of a fraction over a multiple of its denominator."""
    return number.numerator * (common // number.denominator)


def _marked(classes: Classes, size: int) -> NDArray[np.bool_]:
    marks = np.zeros(size, dtype=np.bool_)
    marks[classes] = True
    return marks


def _largest_payment(money: Units, sizes: Units, need: int, voters: int, least: int) -> int | None:
    """The largest payment q, rounded down, with sum(sizes * min(money, q)) = need; None when all is too little.

    Newton's method on a concave sum of whole numbers: from below it never jumps over q, and between two whole
    numbers there is no corner, so it ends on q.
    """
    worth = sizes * money
    if int(worth.sum()) < need:
        return None
    largest = max(need // voters, least)
    while True:
        poor = money <= largest
        rich = voters - int(sizes[poor].sum())
        if not rich:
            return largest
        following = (need - int(worth[poor].sum())) // rich
        if following <= largest:
            return largest
        largest = following
