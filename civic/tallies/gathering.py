"""From a log as it is counted to the material of a study: numbers alone, and whose they are is gone.

A voter's pseudonym is looked at for the order of their cards and for what they said about the area, and kept
nowhere. Everything is merged into counters on the way, so memory does not grow with the votes.
"""

from collections import Counter
from collections.abc import Mapping

from civic.ballots.queries import Law
from civic.ballots.rules import ROTATIONS, rotated, rotation_of
from civic.tallies.counting import options_of
from civic.tallies.robustness.material import Material, Merged, Places, Said
from civic.tallies.robustness.positions import Turned
from civic.votes.channels import CHANNELS, PAPER
from civic.votes.rules import Folded, Tap

HOUR_MS = 3_600_000

Relations = tuple[str, ...]


class Gathering:
    """Gathers the votes of a sealed ballot, span by span.

    ``ballot_key`` is None when the order of the cards cannot be known any more; ``relations`` tells by pseudonym
    what some voters said about the area, in the order in which it is asked.
    """

    def __init__(self, law: Law, ballot_key: bytes | None, relations: Mapping[bytes, Relations]) -> None:
        self._law = law
        self._proposals = [proposal for proposal in law.options if proposal not in law.withdrawn]
        self._bits = {proposal: 1 << place for place, proposal in enumerate(self._proposals)}
        # Once a card was taken away, nobody knows in which order somebody saw the others.
        self._ballot_key = None if law.withdrawn else ballot_key
        self._firsts = [rotated(self._proposals, number)[0] for number in range(ROTATIONS) if self._proposals]
        self._relations = relations
        self._merged: Counter[int] = Counter()
        self._turned: Counter[tuple[int, bool]] = Counter()
        self._hours: Counter[int] = Counter()
        self._said: dict[Relations, Counter[int]] = {}

    def add(self, votes: Mapping[bytes, Folded]) -> None:
        """Take the votes of a span."""
        for voter, vote in votes.items():
            chosen = sum(map(self._bits.__getitem__, vote.choices))
            assert vote.last is not None, "a vote in a log was made by an operation"
            self._add_ballot(chosen, vote.last)
            if self._ballot_key is not None and vote.last.channel != PAPER and self._firsts:
                number = rotation_of(self._ballot_key, voter)
                self._turned[number, self._firsts[number] in vote.choices] += 1
            if voter in self._relations:
                self._said.setdefault(self._relations[voter], Counter())[chosen] += 1

    def material(self, inputs_sha256: str, beacon: str | None) -> Material:
        """What was gathered; ``beacon`` is the value by which open ties were drawn."""
        document = self._law.document
        return Material(
            method=document["method"],
            method_options=document["method_options"],
            budget_yen=document["budget_yen"],
            options=options_of(self._law),
            proposals=tuple(self._proposals),
            manifest_sha256=self._law.sha256,
            inputs_sha256=inputs_sha256,
            beacon=beacon,
            ballots=self._ballots(),
            turned=self._turned_cards(),
            orders=tuple(self._firsts.count(proposal) for proposal in self._proposals),
            hours=tuple(sorted(self._hours.items())),
            said=self._all_said(),
        )

    def _add_ballot(self, chosen: int, last: Tap) -> None:
        self._merged[chosen * len(CHANNELS) + CHANNELS.index(last.channel)] += 1
        self._hours[last.at_ms // HOUR_MS] += 1

    def _ballots(self) -> tuple[Merged, ...]:
        found = []
        for number, voters in self._merged.items():
            chosen, channel = divmod(number, len(CHANNELS))
            found.append(Merged(self._places(chosen), CHANNELS[channel], voters))
        return tuple(sorted(found, key=lambda merged: (merged.places, merged.channel)))

    def _places(self, chosen: int) -> Places:
        return tuple([place for place in range(len(self._proposals)) if chosen >> place & 1])

    def _turned_cards(self) -> tuple[Turned, ...]:
        if self._ballot_key is None:
            return ()
        return tuple(
            Turned(first, self._turned[number, True] + self._turned[number, False], self._turned[number, True])
            for number, first in enumerate(self._firsts)
        )

    def _all_said(self) -> tuple[Said, ...]:
        """What was said, and last what everybody else chose, who said nothing."""
        spoken = [self._said_by(relations, chosen) for relations, chosen in sorted(self._said.items())]
        if not spoken:
            return ()
        everybody: Counter[int] = Counter()
        for number, voters in self._merged.items():
            everybody[number // len(CHANNELS)] += voters
        for chosen in self._said.values():
            everybody.subtract(chosen)
        return *spoken, self._said_by((), everybody)

    def _said_by(self, relations: Relations, chosen: Mapping[int, int]) -> Said:
        approvals = [0] * len(self._proposals)
        for bits, voters in chosen.items():
            for place in self._places(bits):
                approvals[place] += voters
        return Said(relations, sum(chosen.values()), tuple(approvals))
