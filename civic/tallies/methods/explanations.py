"""Why each proposal won or not, as codes and exact numbers; the words for them belong to whoever shows them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from civic.tallies.methods.assignment import Assignment, Costs, costs_of
from civic.tallies.methods.greedy import keep
from civic.tallies.methods.lots import Beacon, LastTie
from civic.tallies.methods.mes import Sharing
from civic.tallies.methods.options import read_mes_options
from civic.tallies.methods.registry import NO_OPTIONS, Options, compute
from civic.tallies.methods.types import BallotGroup, Outcome, TallyInput

Reason = Literal[
    "won",
    "tie_open",  # it, or something before it, waits for a lot
    "lost_by_lot",  # level in votes and cost with others, and the public lot went against it
    "no_votes",
    "dearer_than_budget",  # on each of its sites, even if nothing else won
    "fewer_votes",  # on each of its sites another one is first
    "sites_taken",  # no site of its own is left beside the winners
    "over_budget",  # the rest of the budget is too small
    "too_little_support",  # equal shares: its supporters cannot pay for it
    "not_computed",
]


@dataclass(frozen=True, slots=True)
class Missing:
    """Votes that would have made a proposal win.

    Attributes:
        votes: so many more voters who choose this proposal alone.
        exact: whether no smaller number does. Equal shares are not monotone: there one vote less does not
            suffice, but a much smaller number might.
    """

    votes: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """One proposal's fate.

    Attributes:
        proposal: which.
        approvals: its votes.
        reason: why it won or not.
        missing: what it lacked; None for winners, where no number of votes helps, and where ties are open.
    """

    proposal: str
    approvals: int
    reason: Reason
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class Support:
    """How equal shares supported a proposal.

    Attributes:
        effective_votes: of a winner bought with shares: how many voters would pay its cost, all paying like the
            one who paid most; None for all others.
        covered: of the others: the part of the lowest cost that its supporters still hold, 1 is just enough; None
            for winners and for what costs nothing.
    """

    effective_votes: Fraction | None
    covered: Fraction | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much two results agree: winners of both, and of either."""

    both: int
    either: int


def explain(
    name: str,
    tally_input: TallyInput,
    last_tie: LastTie = "pending",
    options: Options = NO_OPTIONS,
    *,
    count_missing: bool = True,
) -> list[Explanation]:
    """Every proposal's fate by a method, in the order of the options.

    Counts some twenty times for each loser to find the votes that it lacks, unless ``count_missing`` is False.

    Raises:
        TallyInputError: as ``compute``.
    """
    outcome = compute(name, tally_input, last_tie, options)
    costs = costs_of(tally_input.options)
    drawn = _level_before_lot(name, tally_input, last_tie, options)
    explanations = []
    for proposal, approvals in outcome.approvals.items():
        reason = _reason(name, tally_input, outcome, costs, proposal)
        if reason != "won" and proposal in drawn:
            reason = "lost_by_lot"
        missing = None
        if count_missing and reason not in ("won", "tie_open", "dearer_than_budget", "not_computed"):
            wins = _wins_with(name, tally_input, proposal, last_tie, options)
            missing = _missing(wins, most=_enough(name, tally_input, outcome), exact=name != "mes")
        explanations.append(Explanation(proposal, approvals, reason, missing))
    return explanations


def supports(
    tally_input: TallyInput, last_tie: LastTie = "pending", options: Options = NO_OPTIONS
) -> dict[str, Support]:
    """Each proposal's support by equal shares, after the last run; an open tie is taken by id.

    Raises:
        TallyInputError: as ``compute``.
    """
    sharing = Sharing(tally_input, read_mes_options(options))
    shared = sharing.shared_by(last_tie)
    bought = {purchase.proposal: purchase.effective_votes for purchase in shared.run.purchases}
    supported = {}
    for proposal, sites in sharing.rule.costs.items():
        cost = min(sites.values())
        won = proposal in shared.winners
        covered = None if won or not cost else shared.run.purses.money_for(proposal) / cost
        supported[proposal] = Support(bought.get(proposal), covered)
    return supported


def voters_with_a_winner(tally_input: TallyInput, winners: Collection[str]) -> int:
    """How many voters chose at least one of these proposals."""
    return sum(group.count for group in tally_input.ballots if not group.choices.isdisjoint(winners))


def overlap(one: Collection[str], other: Collection[str]) -> Overlap:
    """How much two sets of winners agree."""
    return Overlap(len({*one} & {*other}), len({*one} | {*other}))


def _level_before_lot(name: str, tally_input: TallyInput, last_tie: LastTie, options: Options) -> set[str]:
    """The proposals whose tie a public lot decided."""
    if not isinstance(last_tie, Beacon):
        return set()
    return {proposal for tie in compute(name, tally_input, "pending", options).ties for proposal in tie.between}


def _reason(name: str, tally_input: TallyInput, outcome: Outcome, costs: Costs, proposal: str) -> Reason:
    budget = tally_input.budget_yen
    won = outcome.selected_proposals
    if outcome.status == "not_computed":
        return "not_computed"
    if proposal in won:
        return "won"
    if not outcome.approvals[proposal]:
        return "no_votes"
    if budget is not None and min(costs[proposal].values()) > budget:
        return "dearer_than_budget"
    if any(proposal in tie.between for tie in outcome.ties):
        return "tie_open"
    if name == "site_winner":
        return _reason_at_sites(outcome, tally_input, costs, proposal)
    standing = keep({}, won, costs, None) or {}
    if not _has_place(standing, proposal, costs, None):
        return "sites_taken"
    if not _has_place(standing, proposal, costs, budget):
        return "over_budget"
    return "tie_open" if outcome.ties else "too_little_support"


def _has_place(standing: Assignment, proposal: str, costs: Costs, budget: int | None) -> bool:
    return keep(standing, [proposal], costs, budget) is not None


def _reason_at_sites(outcome: Outcome, tally_input: TallyInput, costs: Costs, proposal: str) -> Reason:
    """Whether it was first on one of its sites, which then the budget did not reach."""
    for site, cost in costs[proposal].items():
        mine = (-outcome.approvals[proposal], cost)
        rivals = (
            (-outcome.approvals[option.proposal], option.cost_yen)
            for option in tally_input.options
            if option.site == site and _affordable(option.cost_yen, tally_input.budget_yen)
        )
        if _affordable(cost, tally_input.budget_yen) and mine <= min(rivals):
            return "over_budget"
    return "fewer_votes"


def _affordable(cost: int, budget: int | None) -> bool:
    return budget is None or cost <= budget


def _wins_with(
    name: str, tally_input: TallyInput, proposal: str, last_tie: LastTie, options: Options
) -> Callable[[int], bool]:
    """Whether a proposal wins with so many more votes for it alone, by counting again."""

    def wins(more: int) -> bool:
        ballots = (*tally_input.ballots, BallotGroup(frozenset({proposal}), more))
        outcome = compute(name, replace(tally_input, ballots=ballots), last_tie, options)
        return proposal in outcome.selected_proposals

    return wins


def _enough(name: str, tally_input: TallyInput, outcome: Outcome) -> int:
    """More votes than can be needed: then it leads all others; with equal shares it holds nearly all shares."""
    if name == "mes":
        return 1 + 100 * tally_input.voters
    return 1 + sum(outcome.approvals.values())


def _missing(wins: Callable[[int], bool], most: int, exact: bool) -> Missing | None:
    """Double until it wins, then halve the distance; None when even ``most`` votes do not suffice."""
    low, high = 0, 1
    while not wins(high):
        if high >= most:
            return None
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle, high)
    return Missing(high, exact)
