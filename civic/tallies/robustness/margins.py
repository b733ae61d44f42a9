"""The closest race: how few votes would have made somebody else win, found by counting again."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from civic.tallies.methods.explanations import Explanation
from civic.tallies.methods.lots import LastTie
from civic.tallies.methods.purses import Electorate
from civic.tallies.methods.registry import Options, compute
from civic.tallies.methods.types import BallotGroup, Outcome, TallyInput
from civic.tallies.robustness.counted import BY_APPROVALS, by_approvals
from civic.tallies.robustness.types import Margin


class Race:
    """An election that was counted, to be counted again with a few other votes.

    ``electorate`` holds the votes as they were cast; ``tally_input`` may hold only the approvals of each proposal
    where the rule looks at nothing else.
    """

    def __init__(
        self, name: str, tally_input: TallyInput, electorate: Electorate, last_tie: LastTie, options: Options
    ) -> None:
        self._name = name
        self._tally_input = tally_input
        self._electorate = electorate
        self._last_tie = last_tie
        self._options = options

    def margin(self, outcome: Outcome, explanations: Sequence[Explanation]) -> Margin | None:
        """The loser that lacks fewest votes, and whom it would replace.

        None where nothing is decided (no votes, an open tie), and where no votes would help anybody.
        """
        close = [(one.missing.votes, one.proposal) for one in explanations if one.missing]
        if outcome.status != "final" or not close:
            return None
        added, rival = min(close)
        after = self._count((*self._tally_input.ballots, BallotGroup(frozenset({rival}), added)))
        before_at = {option.site: option.proposal for option in outcome.selected}
        site = next(option.site for option in after.selected if option.proposal == rival)
        winner = self._displaced(outcome, after, before_at.get(site))
        switched = self._switched(winner, rival) if winner else None
        return Margin(winner, rival, site, added, switched, exact=self._name != "mes")

    def _displaced(self, before: Outcome, after: Outcome, held_site: str | None) -> str | None:
        """Who stood where the rival would stand, if that costs it the win there; else the first who would lose."""
        lost = [proposal for proposal in before.selected_proposals if proposal not in after.selected_proposals]
        if held_site and (self._name == "site_winner" or held_site in lost):
            return held_site
        return lost[0] if lost else None

    def _switched(self, winner: str, rival: str) -> int | None:
        """The fewest voters of the winner alone who would have to choose the rival instead."""
        if self._name not in BY_APPROVALS:
            return None
        approves = self._electorate.approves
        most = int(self._electorate.sizes[approves[winner] & ~approves[rival]].sum())

        def wins(voters: int) -> bool:
            votes = self._electorate.votes
            switched = {**votes, winner: votes[winner] - voters, rival: votes[rival] + voters}
            ballots = by_approvals(self._tally_input, switched).ballots
            return rival in self._count(ballots).selected_proposals

        if self._name == "max_approval":
            # Sums of votes decide, not their order; and whoever wins by such votes wins by more of them.
            voters = bisect_left(range(most + 1), True, key=wins)
            return voters if voters <= most else None
        numbers = sorted({number for number in self._turns(winner, rival) if 0 < number <= most})
        return next(filter(wins, numbers), None)

    def _turns(self, winner: str, rival: str) -> Iterator[int]:
        """All numbers of switched votes at which the order of the proposals can change."""
        votes: Mapping[str, int] = self._electorate.votes
        apart = votes[winner] - votes[rival]
        yield from (apart // 2, apart // 2 + 1)
        for proposal, others in votes.items():
            if proposal not in (winner, rival):
                yield from (votes[winner] - others, votes[winner] - others + 1)
                yield from (others - votes[rival], others - votes[rival] + 1)

    def _count(self, ballots: tuple[BallotGroup, ...]) -> Outcome:
        again = TallyInput(self._tally_input.budget_yen, self._tally_input.options, ballots)
        return compute(self._name, again, self._last_tie, self._options)
