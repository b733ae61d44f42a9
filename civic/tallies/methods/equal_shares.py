"""One run of equal shares: with a given share for each voter, what is bought in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush

from civic.tallies.methods.assignment import Assignment, Costs
from civic.tallies.methods.greedy import keep
from civic.tallies.methods.lots import First
from civic.tallies.methods.options import Utility
from civic.tallies.methods.purses import Bounds, Electorate, Payment, Purses

NOTHING = Fraction(0)


@dataclass(frozen=True)
class Rule:
    """What stays the same in all runs of an election: voters, costs, and what a winner is worth."""

    electorate: Electorate
    costs: Costs
    utility: Utility

    @cached_property
    def supported(self) -> list[str]:
        """The proposals with a vote, by id."""
        return sorted(proposal for proposal, votes in self.electorate.votes.items() if votes)

    @cached_property
    def lowest_prices(self) -> list[tuple[Fraction, str]]:
        """What each would cost at best, all supporters paying the same; from the lowest up."""
        cheapest = {proposal: min(self.costs[proposal].values()) for proposal in self.supported}
        shared = {p: Fraction(cost, self.electorate.votes[p]) for p, cost in cheapest.items()}
        return sorted((self.price(cheapest[p], shared[p]), p) for p in self.supported)

    def price(self, cost: int, largest: int | Fraction) -> Fraction:
        """What the one who pays most pays for each unit of utility; the lowest price is bought first."""
        return Fraction(largest) / (cost if self.utility == "cost" and cost else 1)


@dataclass(frozen=True)
class Purchase:
    """A proposal that was bought: its cost when it was, and the largest payment for it, in yen."""

    proposal: str
    cost: int
    largest: Fraction

    @property
    def effective_votes(self) -> Fraction | None:
        """How many voters would pay its cost, all paying like the one who paid most; None when it is free."""
        return self.cost / self.largest if self.largest else None


@dataclass(frozen=True)
class _Contender:
    """A proposal that may be affordable, with bounds of its largest payment in the purses' units."""

    proposal: str
    cost: int
    bounds: Bounds
    lowest_price: Fraction
    highest_price: Fraction


@dataclass(frozen=True)
class _Offer:
    """A purchase that is possible now, and its rank: the smallest is bought."""

    proposal: str
    cost: int
    payment: Payment | None
    rank: tuple[Fraction, int, int]


class Run:
    """Buys until nothing more can be paid.

    Attributes:
        purchases: what was bought, in order.
        kept: a cheapest way in which the winners stand on their sites.
        purses: what the voters have left.
    """

    def __init__(self, rule: Rule, share: Fraction, limit_yen: int | None, first: First) -> None:
        self.purchases: list[Purchase] = []
        self.kept: Assignment = {}
        self.purses = Purses(rule.electorate, share)
        self._rule = rule
        self._limit_yen = limit_yen
        # Prices only rise while money goes and sites fill up: the last one seen is a lower bound.
        self._waiting = list(rule.lowest_prices)
        while offers := self._best():
            self._take(offers, first)

    def _take(self, offers: Sequence[_Offer], first: First) -> None:
        """Buy the best offer; level ones together when their order makes no difference."""
        if len(offers) == 1 or not self._take_all(offers):
            names = sorted(offer.proposal for offer in offers)
            chosen = first(names) if len(names) > 1 else names[0]
            for offer in offers:
                if offer.proposal == chosen:
                    self._buy(offer)
                else:
                    heappush(self._waiting, (offer.rank[0], offer.proposal))

    def _take_all(self, offers: Sequence[_Offer]) -> bool:
        """Buy all, unless one of them costs its supporters more after the others: then nothing is bought.

        When all keep their price one after the other, every purse pays the same in any order.
        """
        before = list(self.purchases), self.kept, self.purses.copy()
        for offer in offers:
            contender = self._contender(offer.proposal)
            again = self._exactly(contender) if contender else None
            if again is None or again.rank != offer.rank:
                self.purchases, self.kept, self.purses = before
                return False
            self._buy(again)
        return True

    def _buy(self, offer: _Offer) -> None:
        kept = keep(self.kept, [offer.proposal], self._rule.costs, self._limit_yen)
        assert kept is not None, "whatever is offered has a place"
        self.kept = kept
        if offer.payment is not None:
            self.purses.pay(offer.proposal, offer.payment)
        largest = offer.payment.largest if offer.payment else NOTHING
        self.purchases.append(Purchase(offer.proposal, offer.cost, largest))

    def _best(self) -> list[_Offer]:
        """The best offers, level in price, votes and cost. What cannot be bought now never can, and is dropped."""
        while contenders := self._contenders():
            offers = [offer for one in contenders if (offer := self._exactly(one))]
            best = min((offer.rank for offer in offers), default=None)
            for offer in offers:
                if offer.rank != best:
                    heappush(self._waiting, (offer.rank[0], offer.proposal))
            if best:
                return [offer for offer in offers if offer.rank == best]
        return []

    def _contenders(self) -> list[_Contender]:
        """Everyone who may be the best by the bounds; the others wait with their new bound."""
        seen: list[_Contender] = []
        at_most: Fraction | None = None
        while self._waiting and (at_most is None or self._waiting[0][0] <= at_most):
            contender = self._contender(heappop(self._waiting)[1])
            if contender:
                seen.append(contender)
                at_most = min(at_most or contender.highest_price, contender.highest_price)
        best = [one for one in seen if at_most is None or one.lowest_price <= at_most]
        for one in seen:
            if at_most is not None and one.lowest_price > at_most:
                heappush(self._waiting, (one.lowest_price, one.proposal))
        return best

    def _contender(self, proposal: str) -> _Contender | None:
        """A proposal with the bounds of its price; None when it has no place, or surely not the money."""
        cost = self._cost(proposal)
        bounds = None if cost is None else self.purses.bounds(proposal, cost)
        if cost is None or bounds is None:
            return None
        low, high = (self._rule.price(cost, self.purses.yen(units)) for units in (bounds.low, bounds.high))
        return _Contender(proposal, cost, bounds, low, high)

    def _exactly(self, one: _Contender) -> _Offer | None:
        """The offer with its exact price; None when the money is not there after all."""
        payment = self.purses.payment(one.proposal, one.cost, one.bounds) if one.cost else None
        if one.cost and payment is None:
            return None
        price = self._rule.price(one.cost, payment.largest if payment else 0)
        return _Offer(
            one.proposal, one.cost, payment, (price, -self._rule.electorate.votes[one.proposal], one.cost)
        )

    def _cost(self, proposal: str) -> int | None:
        """Its cost on the cheapest own site that it can have beside all winners; None when there is none."""
        costs = self._rule.costs
        for cost, site in sorted((cost, site) for site, cost in costs[proposal].items()):
            only_there = {**costs, proposal: {site: cost}}
            if keep(self.kept, [proposal], only_there, self._limit_yen) is not None:
                return cost
        return None
