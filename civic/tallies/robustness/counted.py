"""What can be counted again quickly: two rules look at nothing but the approvals of each proposal."""

from collections.abc import Mapping

from civic.tallies.methods.types import BallotGroup, TallyInput

BY_APPROVALS = frozenset({"site_winner", "greedy", "max_approval"})
"""The rules whose result follows from how many voters approve each proposal, whoever they are."""

MOST_CELLS = 50_000
"""Classes of equal ballots times proposals up to which equal shares are counted hundreds of times."""

MOST_SETS = 12
"""Proposals up to which the best of all sets is searched hundreds of times."""


def by_approvals(tally_input: TallyInput, approvals: Mapping[str, int]) -> TallyInput:
    """The same options with these approvals, each vote for one proposal alone: for ``BY_APPROVALS``."""
    ballots = tuple(BallotGroup(frozenset({proposal}), votes) for proposal, votes in approvals.items())
    return TallyInput(tally_input.budget_yen, tally_input.options, ballots)


def counts_quickly(name: str, tally_input: TallyInput) -> bool:
    """Whether the rule can count this election hundreds of times within some seconds."""
    proposals = len({option.proposal for option in tally_input.options})
    if name == "mes":
        return len(tally_input.ballots) * proposals <= MOST_CELLS
    return name != "max_approval" or proposals <= MOST_SETS
