"""Elections to study, in short: proposals with sites and costs, and how many chose what over which channel."""

from collections.abc import Mapping
from typing import Any

from civic.tallies.methods.types import BallotGroup, Option, TallyInput
from civic.tallies.robustness.material import Material, Merged

Sites = Mapping[str, Mapping[str, int]]
SEED = "ab" * 32

ONE_SITE: Sites = {"bench": {"plaza": 100}, "stage": {"plaza": 100}}
TWO_SITES: Sites = {**ONE_SITE, "swing": {"deck": 50}, "mist": {"deck": 50}}


def material(sites: Sites, votes: Mapping[tuple[str, str], int], **rest: Any) -> Material:
    """``votes`` by choices (``"bench swing"``) and channel; no limit and ``site_winner`` unless said."""
    proposals = tuple(sites)
    given = {
        "method": "site_winner",
        "method_options": {},
        "budget_yen": None,
        "beacon": None,
        "turned": (),
        "orders": (0,) * len(proposals),
        "hours": (),
        "said": (),
    }
    ballots = (
        Merged(tuple(sorted(proposals.index(choice) for choice in choices.split())), channel, voters)
        for (choices, channel), voters in votes.items()
    )
    options = tuple(Option(p, site, cost) for p, at in sites.items() for site, cost in at.items())
    return Material(
        options=options,
        proposals=proposals,
        manifest_sha256=SEED,
        inputs_sha256="cd" * 32,
        ballots=tuple(ballots),
        **{**given, **rest},
    )


def election(sites: Sites, votes: Mapping[str, int], budget: int | None = None) -> TallyInput:
    """Votes by choices in words."""
    options = tuple(Option(p, site, cost) for p, at in sites.items() for site, cost in at.items())
    groups = tuple(BallotGroup(frozenset(choices.split()), voters) for choices, voters in votes.items())
    return TallyInput(budget, options, groups)
