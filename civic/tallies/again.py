"""A sealed ballot counted again under another budget: "what if", never the result."""

from collections import Counter, OrderedDict
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law
from civic.tallies.counting import tally_input_of
from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import Outcome, TallyInput
from civic.votes.rules import Count
from civic.votes.spans import cached_groups, places_of

MOST_GROUPS = 400_000
"""Merged ballots that are kept in memory, of all ballots together: some hundred megabytes at worst."""


class SealedVotes:
    """The merged votes of sealed ballots, those asked for last; a sealed ballot's votes no longer change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], TallyInput] = OrderedDict()

    async def of(self, session: AsyncSession, law: Law, inputs_sha256: str) -> TallyInput:
        """What the method of a sealed ballot sees; ``inputs_sha256`` is that of its tally."""
        key = law.ballot_id, inputs_sha256
        if key not in self._kept:
            self._kept[key] = await merged_votes(session, law)
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and sum(len(votes.ballots) for votes in self._kept.values()) > MOST_GROUPS:
            self._kept.popitem(last=False)
        return self._kept[key]


async def merged_votes(session: AsyncSession, law: Law) -> TallyInput:
    """The cached votes of a ballot merged by equal choices, in spans: no vote is held alone."""
    slugs = {str(place): proposal for proposal, place in (await places_of(session, law.ballot_id)).items()}
    written: Counter[str] = Counter()
    async for groups in cached_groups(session, law.ballot_id):
        for choices, voters in groups:
            written[choices] += voters
    merged: Counter[frozenset[str]] = Counter()
    for choices, voters in written.items():
        merged[frozenset(slugs[place] for place in choices.split())] += voters
    count = Count(merged, merged.total(), merged[frozenset()], late=0, invalid=0, channels={})
    return tally_input_of(law, count)


def with_budget(law: Law, votes: TallyInput, budget_yen: int) -> Outcome:
    """The outcome by the ballot's own method and options, had the budget been another; ties stay open."""
    return compute(
        law.document["method"], replace(votes, budget_yen=budget_yen), options=law.document["method_options"]
    )
