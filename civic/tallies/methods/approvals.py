"""Counting: how many voters approved each proposal. Every method starts from these numbers."""

from civic.tallies.methods.types import TallyInput


def count_approvals(tally_input: TallyInput) -> dict[str, int]:
    """Votes of every proposal of the options, 0 included, in the order in which the options name them.

    A ballot's choices are a set: a voter approves a proposal once or not at all.
    """
    approvals = {option.proposal: 0 for option in tally_input.options}
    for group in tally_input.ballots:
        for proposal in group.choices:
            approvals[proposal] += group.count
    return approvals
