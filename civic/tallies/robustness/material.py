"""What a study is made from: merged votes, with nothing in it that stands for a person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from civic.tallies.methods.lots import Beacon, LastTie
from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import BallotGroup, Option, Outcome, TallyInput
from civic.tallies.robustness.counted import BY_APPROVALS, by_approvals
from civic.tallies.robustness.positions import Turned

Places = tuple[int, ...]
"""Chosen proposals by their numbers in ``Material.proposals``, ascending."""


@dataclass(frozen=True, slots=True)
class Merged:
    """So many voters whose last operation came over a channel and who all chose the same."""

    places: Places
    channel: str
    voters: int


@dataclass(frozen=True, slots=True)
class Said:
    """The voters who said exactly these relations: how many, and how many of them chose each proposal."""

    relations: tuple[str, ...]
    voters: int
    approvals: tuple[int, ...]


@dataclass(frozen=True)
class Material:
    """A ballot that was counted, ready to be studied.

    Attributes:
        proposals: those that stand on the ballot, in its order.
        beacon: the value by which ties were drawn; None while none was.
        turned: by order of the cards: who saw them so, and how many of these chose the first; empty when the
            orders are not known (the ballot's key is gone, or a card was taken away during the vote).
        orders: how many of the twelve orders begin with each proposal.
        hours: voters by the hour (since 1970) of their last operation.
        said: voters by the relations that they said, the silent ones with none; empty when nobody said any.
    """

    method: str
    method_options: dict[str, int | str]
    budget_yen: int | None
    options: tuple[Option, ...]
    proposals: tuple[str, ...]
    manifest_sha256: str
    inputs_sha256: str
    beacon: str | None
    ballots: tuple[Merged, ...]
    turned: tuple[Turned, ...]
    orders: tuple[int, ...]
    hours: tuple[tuple[int, int], ...]
    said: tuple[Said, ...]

    @cached_property
    def tally_input(self) -> TallyInput:
        """The whole election, merged by equal choices, the ballots in code-point order of their choices."""
        return self.election_of(self.ballots)

    @cached_property
    def outcome(self) -> Outcome:
        """The result by the binding rule."""
        return self.count(self.ballots)

    @property
    def last_tie(self) -> LastTie:
        """How a tie is decided in the end."""
        if self.beacon is None:
            return "pending"
        return Beacon(self.manifest_sha256, self.inputs_sha256, self.beacon)

    def election_of(self, ballots: Iterable[Merged]) -> TallyInput:
        """An election with only some of the ballots."""
        merged: Counter[Places] = Counter()
        for ballot in ballots:
            merged[ballot.places] += ballot.voters
        groups = (BallotGroup(self._choices[places], merged[places]) for places in sorted(merged))
        return TallyInput(self.budget_yen, self.options, tuple(groups))

    def count(self, ballots: Iterable[Merged]) -> Outcome:
        """The result by the binding rule of only some of the ballots."""
        if self.method in BY_APPROVALS:
            election = by_approvals(TallyInput(self.budget_yen, self.options, ()), self.approvals_of(ballots))
        else:
            election = self.election_of(ballots)
        return compute(self.method, election, self.last_tie, self.method_options)

    def approvals_of(self, ballots: Iterable[Merged]) -> dict[str, int]:
        """The approvals of each proposal by some of the ballots."""
        votes = [0] * len(self.proposals)
        for ballot in ballots:
            for place in ballot.places:
                votes[place] += ballot.voters
        return dict(zip(self.proposals, votes, strict=True))

    @cached_property
    def _choices(self) -> dict[Places, frozenset[str]]:
        """The chosen proposals by their places; elections with some of the ballots share the sets."""
        distinct = {ballot.places for ballot in self.ballots}
        return {places: frozenset(self.proposals[place] for place in places) for places in distinct}
