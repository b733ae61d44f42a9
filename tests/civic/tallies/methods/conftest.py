"""A short way to write an election down."""

from collections.abc import Callable, Mapping

import pytest

from civic.tallies.methods.types import BallotGroup, Option, TallyInput

Election = Callable[[int | None, Mapping[str, Mapping[str, int]], Mapping[str, int]], TallyInput]


def build(budget_yen: int | None, sites: Mapping[str, Mapping[str, int]], votes: Mapping[str, int]) -> TallyInput:
    options = [Option(p, site, cost) for p, costs in sites.items() for site, cost in costs.items()]
    ballots = [BallotGroup(frozenset(choices.split()), count) for choices, count in votes.items()]
    return TallyInput(budget_yen, tuple(options), tuple(ballots))


@pytest.fixture(scope="session")
def election() -> Election:
    """``election(budget, {proposal: {site: cost}}, {"proposals apart by spaces": voters})``."""
    return build
