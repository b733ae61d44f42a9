"""票の多い順: go down by votes, keep what still fits. The rule in words: docs/methods.md, ``greedy``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from civic.tallies.methods.approvals import count_approvals
from civic.tallies.methods.assignment import (
    Assignment,
    Costs,
    costs_of,
    seat,
    stand,
    total_cost,
)
from civic.tallies.methods.lots import LastTie, in_order
from civic.tallies.methods.types import Outcome, TallyInput, Tie, conclude


def greedy(tally_input: TallyInput, last_tie: LastTie = "pending") -> Outcome:
    """Down by approvals, then lower cost: keep what fits budget and sites with all kept before, skip the rest.

    The count stops at the first tie whose lot would change the result; what was kept before it stands.
    """
    approvals = count_approvals(tally_input)
    costs = costs_of(tally_input.options)
    kept: Assignment = {}
    ties: list[Tie] = []
    for level in levels(approvals, costs, last_tie):
        fitting = [proposal for proposal in level if keep(kept, [proposal], costs, tally_input.budget_yen)]
        together = keep(kept, fitting, costs, tally_input.budget_yen)
        if together is None:
            # Each fits alone and not all fit: whoever is drawn first is in, and someone is out.
            ties.append(level_tie(fitting, costs))
            break
        kept = together
    return conclude(approvals, stand(ranked(kept, approvals, costs), costs), ties)


def ranked(proposals: Iterable[str], approvals: Mapping[str, int], costs: Costs) -> list[str]:
    """Most approvals first, then lowest cost on the cheapest own site, then id in code-point order."""
    return sorted(proposals, key=lambda proposal: (*rank(proposal, approvals, costs), proposal))


def rank(proposal: str, approvals: Mapping[str, int], costs: Costs) -> tuple[int, int]:
    """Sort key: more approvals first, then lower cost."""
    return -approvals[proposal], min(costs[proposal].values())


def levels(approvals: Mapping[str, int], costs: Costs, last_tie: LastTie) -> Iterator[list[str]]:
    """The proposals with votes from the first down; level ones together, or one by one by the last resort."""
    order = ranked((p for p, votes in approvals.items() if votes > 0), approvals, costs)
    for _, level in groupby(order, key=lambda p: rank(p, approvals, costs)):
        if last_tie == "pending":
            yield list(level)
        else:
            yield from ([proposal] for proposal in in_order(level, last_tie))


def keep(kept: Assignment, newcomers: Sequence[str], costs: Costs, budget_yen: int | None) -> Assignment | None:
    """The kept proposals and all newcomers on sites of theirs within the budget; None when that is impossible."""
    for newcomer in newcomers:
        seated = seat(kept, newcomer, costs)
        if seated is None or (budget_yen is not None and total_cost(seated, costs) > budget_yen):
            return None
        kept = seated
    return kept


def level_tie(proposals: Sequence[str], costs: Costs) -> Tie:
    """Level proposals of which budget or sites hold only some."""
    sites = sorted({site for proposal in proposals for site in costs[proposal]})
    return Tie(tuple(sorted(proposals)), tuple(sites), "not_all_fit")
