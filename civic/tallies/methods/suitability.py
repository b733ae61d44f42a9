"""Whether a method suits a ballot, before anybody votes: codes, whose words belong to whoever shows them."""

from collections.abc import Collection
from typing import Literal

from civic.tallies.methods.assignment import costs_of
from civic.tallies.methods.greedy import keep
from civic.tallies.methods.types import Option

Unsuitable = Literal[
    "one_approval",  # equal shares, and every voter may choose one proposal only: hardly anything can be bought
    "no_budget",  # equal shares of nothing: whatever has votes and a place wins
    "no_rivals",  # whatever has a vote wins: all fit beside each other
]


def unsuitable(
    method: str, *, max_approvals: int, options: Collection[Option], budget_yen: int | None
) -> tuple[Unsuitable, ...]:
    """What speaks against this method for such a ballot; empty when nothing does.

    ``options`` are all (proposal, site) that can win; ``budget_yen`` None is no limit.
    """
    found: list[Unsuitable] = []
    if method == "mes" and max_approvals == 1:
        found.append("one_approval")
    if method == "mes" and budget_yen is None:
        found.append("no_budget")
    if _all_win(method, options, budget_yen):
        found.append("no_rivals")
    return tuple(found)


def _all_win(method: str, options: Collection[Option], budget_yen: int | None) -> bool:
    if method == "site_winner":
        sites = {option.site for option in options}
        cost = sum(option.cost_yen for option in options)
        return len(sites) == len(options) and (budget_yen is None or cost <= budget_yen)
    costs = costs_of(options)
    return keep({}, list(costs), costs, budget_yen) is not None
