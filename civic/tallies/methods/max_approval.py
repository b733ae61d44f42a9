"""票の合計が最大: the set with most votes in all. The rule in words: docs/methods.md, ``max_approval``.

Branch and bound: every proposal is taken or left, and a branch is cut when even a relaxed problem, in which parts
of proposals can be built, cannot beat the best set found. In whole votes and whole yen.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from civic.tallies.methods.approvals import count_approvals
from civic.tallies.methods.assignment import Assignment, Costs, costs_of, stand, total_cost
from civic.tallies.methods.greedy import keep, levels, rank
from civic.tallies.methods.lots import LastTie
from civic.tallies.methods.types import Outcome, TallyInput, Tie, conclude

MOST_PROPOSALS = 40
# Even forty proposals can need too many branches; a comparison is not worth an hour.
MOST_BRANCHES = 50_000

Worth = tuple[int, int]
"""Votes in all, and minus the cost in all: the greatest is best."""


class TooManyBranches(RuntimeError):
    """The search was given up."""


def max_approval(tally_input: TallyInput, last_tie: LastTie = "pending") -> Outcome:
    """The set with most votes in all that fits budget and sites; then the cheapest; then the higher in the order.

    ``not_computed`` with more than ``MOST_PROPOSALS`` proposals, or more than ``MOST_BRANCHES`` branches.
    """
    approvals = count_approvals(tally_input)
    costs = costs_of(tally_input.options)
    if len(costs) > MOST_PROPOSALS:
        return Outcome("not_computed", approvals, (), ())
    order = [proposal for level in levels(approvals, costs, _ordered(last_tie)) for proposal in level]
    election = _Election(order, approvals, costs, tally_input.budget_yen)
    try:
        best = election.best()
        others = election.rivals_of(best) if last_tie == "pending" else []
    except TooManyBranches:
        return Outcome("not_computed", approvals, (), ())
    decided = [proposal for proposal in best if all(proposal in other for other in others)]
    between = {proposal for other in others for proposal in set(other) ^ set(best)}
    sites = {site for proposal in between for site in costs[proposal]}
    ties = [Tie(tuple(sorted(between)), tuple(sorted(sites)), "not_all_fit")] if others else []
    return conclude(approvals, stand(decided, costs), ties)


def _ordered(last_tie: LastTie) -> LastTie:
    return "id_order" if last_tie == "pending" else last_tie


@dataclass(frozen=True)
class _Branch:
    """Everything up to ``position`` in the order is decided."""

    position: int
    kept: Assignment
    votes: int
    cost: int

    @property
    def worth(self) -> Worth:
        return self.votes, -self.cost


class _Election:
    """The supported proposals in order, with what the search needs to know of them."""

    def __init__(
        self, order: Sequence[str], approvals: Mapping[str, int], costs: Costs, budget_yen: int | None
    ) -> None:
        self._order = order
        self._costs = costs
        self._budget_yen = budget_yen
        self._levels = [rank(proposal, approvals, costs) for proposal in order]
        self._votes = [approvals[proposal] for proposal in order]
        self._cheapest = [cost for _, cost in self._levels]
        self._sites = len({site for proposal in order for site in costs[proposal]})
        self._thrifty = sorted(range(len(order)), key=lambda i: Fraction(self._cheapest[i], self._votes[i]))
        self._branches = 0

    def best(self) -> list[str]:
        """The best set, in order. Taking comes before leaving, so of equal sets the higher one is found first."""
        best = _Branch(0, {}, 0, 0)
        rest = [best]
        while rest:
            branch = rest.pop()
            if branch.worth > best.worth:
                best = branch
            if branch.position < len(self._order) and self._may_exceed(branch, best):
                rest += self._children(branch)
        return self._in_order(best)

    def rivals_of(self, best: Sequence[str]) -> list[list[str]]:
        """For each winner that some equally good set does without: such a set. Only level proposals differ."""
        rivals: list[list[str]] = []
        for missing in best:
            if all(missing in rival for rival in rivals):
                rivals += self._as_good(best, missing)
        return rivals

    def _as_good(self, best: Sequence[str], missing: str) -> Iterator[list[str]]:
        """One set as good as the best without one of its winners, if there is any."""
        wanted = Counter(self._level_of(proposal) for proposal in best)
        members = Counter(self._levels)
        if wanted[self._level_of(missing)] == members[self._level_of(missing)]:
            return
        cost = self._cost_of(best)
        rest = [_Branch(0, {}, 0, 0)]
        while rest:
            branch = rest.pop()
            if self._can_match(branch, wanted, cost):
                if branch.position == len(self._order):
                    yield self._in_order(branch)
                    return
                children = self._children(branch)
                rest += [child for child in children if missing not in child.kept]

    def _can_match(self, branch: _Branch, wanted: Mapping[tuple[int, int], int], cost: int) -> bool:
        """Whether a branch still leads to the wanted number of each level at that cost."""
        taken = Counter(self._levels[i] for i in range(branch.position) if self._order[i] in branch.kept)
        coming = Counter(self._levels[branch.position :])
        still = {level: number - taken[level] for level, number in wanted.items()}
        if any(taken[level] > wanted.get(level, 0) for level in taken):
            return False
        if any(number > coming[level] for level, number in still.items()):
            return False
        return branch.cost + sum(number * level[1] for level, number in still.items()) <= cost

    def _children(self, branch: _Branch) -> list[_Branch]:
        """The next proposal left, and where it fits taken; what is last is searched first."""
        self._branches += 1
        if self._branches > MOST_BRANCHES:
            raise TooManyBranches
        position = branch.position + 1
        left = _Branch(position, branch.kept, branch.votes, branch.cost)
        kept = keep(branch.kept, [self._order[branch.position]], self._costs, self._budget_yen)
        if kept is None:
            return [left]
        votes = branch.votes + self._votes[branch.position]
        return [left, _Branch(position, kept, votes, total_cost(kept, self._costs))]

    def _may_exceed(self, branch: _Branch, best: _Branch) -> bool:
        """Whether anything below a branch can beat the best: by more votes, or as many for less."""
        possible = branch.votes + min(self._votes_in_budget(branch), self._votes_on_sites(branch))
        if possible != best.votes:
            return possible > best.votes
        return branch.cost + self._cost_of_votes(branch, best.votes - branch.votes) < best.cost

    def _votes_in_budget(self, branch: _Branch) -> int:
        """The most further votes that the rest of the budget pays, if parts can be built."""
        room = None if self._budget_yen is None else self._budget_yen - branch.cost
        votes = 0
        for i in self._coming(branch):
            if room is not None and self._cheapest[i] > room:
                return votes + self._votes[i] * room // self._cheapest[i]
            votes += self._votes[i]
            room = None if room is None else room - self._cheapest[i]
        return votes

    def _votes_on_sites(self, branch: _Branch) -> int:
        """The most further votes that the free sites hold: the order goes down by votes."""
        free = self._sites - len(branch.kept)
        return sum(self._votes[branch.position : branch.position + free])

    def _cost_of_votes(self, branch: _Branch, votes: int) -> int:
        """What so many further votes cost at least, if parts can be built."""
        cost = 0
        for i in self._coming(branch):
            if self._votes[i] >= votes:
                return cost - (-votes * self._cheapest[i] // self._votes[i])
            votes -= self._votes[i]
            cost += self._cheapest[i]
        return cost

    def _coming(self, branch: _Branch) -> Iterator[int]:
        """What is not yet decided, the cheapest votes first."""
        return (i for i in self._thrifty if i >= branch.position)

    def _level_of(self, proposal: str) -> tuple[int, int]:
        return self._levels[self._order.index(proposal)]

    def _cost_of(self, proposals: Sequence[str]) -> int:
        kept = keep({}, proposals, self._costs, self._budget_yen)
        assert kept is not None, "the best set fits"
        return total_cost(kept, self._costs)

    def _in_order(self, branch: _Branch) -> list[str]:
        return [proposal for proposal in self._order if proposal in branch.kept]
