"""When the ballots themselves may be published. Pure."""

from collections.abc import Collection

from civic.tallies.methods.types import BallotGroup

FEW_PROPOSALS = 10
MOST_DIFFERENT = 30
"""Percent of the voters: with as many different ballots, a ballot begins to be as good as a name."""


def ballots_may_be_published(groups: Collection[BallotGroup], proposals: int) -> bool:
    """Whether merged ballots tell nothing about a person: few proposals, or most people voted as others did.

    Who knows some choices of a person could otherwise find the one ballot that fits, and read the rest of it.
    """
    voters = sum(group.count for group in groups)
    return proposals <= FEW_PROPOSALS or 100 * len(groups) < MOST_DIFFERENT * voters
