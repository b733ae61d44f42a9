"""持ち分方式: the Method of Equal Shares. The rule in words: docs/methods.md, ``mes``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from civic.tallies.methods.assignment import Assignment, costs_of, stand, total_cost
from civic.tallies.methods.equal_shares import Rule, Run
from civic.tallies.methods.greedy import keep, level_tie, levels
from civic.tallies.methods.lots import First, LastTie, every_lot, in_order
from civic.tallies.methods.options import MesOptions
from civic.tallies.methods.purses import electorate_of
from civic.tallies.methods.types import Outcome, TallyInput, conclude

# A raise that leads nowhere must end: then the last result stands.
MOST_STEPS = 20_000


@dataclass(frozen=True)
class Shared:
    """A budget that was shared, all ties decided.

    Attributes:
        share: what every voter had in the last run, in yen.
        run: the last run.
        completed: what the rest of the budget paid afterwards, in order.
    """

    share: Fraction
    run: Run
    completed: tuple[str, ...]

    @property
    def winners(self) -> list[str]:
        """All winners, in the order in which they were bought, then completed."""
        return [purchase.proposal for purchase in self.run.purchases] + list(self.completed)


def mes(tally_input: TallyInput, last_tie: LastTie, options: MesOptions) -> Outcome:
    """Equal shares, raised step by step, then the completion, as the options say.

    With a tie whose lot would change the winners, those are shown who win by every lot.
    """
    sharing = Sharing(tally_input, options)
    costs = sharing.rule.costs
    approvals = dict(sharing.rule.electorate.votes)
    if last_tie != "pending":
        return conclude(approvals, stand(sharing.shared_by(last_tie).winners, costs), ())
    lots = every_lot(lambda first: sharing.shared(first).winners)
    ties = [level_tie(lots.between, costs)] if lots.between else []
    return conclude(approvals, stand(lots.decided, costs), ties)


class Sharing:
    """An election that can be shared by any lot."""

    def __init__(self, tally_input: TallyInput, options: MesOptions) -> None:
        self.rule = Rule(electorate_of(tally_input), costs_of(tally_input.options), options.utility)
        self._budget_yen = tally_input.budget_yen
        self._options = options

    def shared_by(self, last_tie: LastTie) -> Shared:
        """The budget shared with this last resort; ``pending`` is by id."""
        return self.shared(lambda level: in_order(level, last_tie)[0])

    def shared(self, first: First) -> Shared:
        """The budget shared; ``first`` decides between level proposals."""
        share, run = self._shares(first)
        completed = tuple(self._completion(run, first)) if self._options.completion == "greedy" else ()
        return Shared(share, run, completed)

    def _shares(self, first: First) -> tuple[Fraction, Run]:
        """The share at which raising ends, and the run with it."""
        voters, budget = self.rule.electorate.voters, self._budget_yen
        if budget is None or not voters:
            # Without a limit nobody's purse may run out: each could pay for everything alone.
            everything = Fraction(sum(max(sites.values()) for sites in self.rule.costs.values()))
            return everything, Run(self.rule, everything, None, first)
        if self._options.increment == 0:
            return Fraction(budget, voters), Run(self.rule, Fraction(budget, voters), budget, first)
        return self._raised(budget, budget // voters, first)

    def _raised(self, budget: int, share: int, first: First) -> tuple[Fraction, Run]:
        """From a whole share upwards; the last run within the budget stands."""
        step = max(1, share // 100) if self._options.increment == "auto" else self._options.increment
        run = Run(self.rule, Fraction(share), budget, first)
        for _ in range(MOST_STEPS):
            if self._is_enough(run, budget):
                break
            higher = share + step * self._idle_steps(run, share, step)
            following = Run(self.rule, Fraction(higher), None, first)
            if total_cost(following.kept, self.rule.costs) > budget:
                break
            share, run = higher, following
        return Fraction(share), run

    def _is_enough(self, run: Run, budget: int) -> bool:
        """Whether nothing more fits: the rest of the budget, or with ``overspend`` any budget."""
        limit = budget if self._options.stop == "exhausted" else None
        rest = (proposal for proposal in self.rule.supported if proposal not in run.kept)
        return all(keep(run.kept, [proposal], self.rule.costs, limit) is None for proposal in rest)

    def _idle_steps(self, run: Run, share: int, step: int) -> int:
        """How many steps up the next purchase can be at the earliest, while nothing was paid for yet; else 1."""
        if any(purchase.cost for purchase in run.purchases):
            return 1
        rest = (proposal for proposal in self.rule.supported if proposal not in run.kept)
        enough = min(
            -(-min(self.rule.costs[proposal].values()) // self.rule.electorate.votes[proposal])
            for proposal in rest
        )
        return max(1, -((share - enough) // step))

    def _completion(self, run: Run, first: First) -> Iterator[str]:
        """Down by votes, then lower cost: whatever still fits."""
        kept = run.kept
        for level in levels(self.rule.electorate.votes, self.rule.costs, "pending"):
            rest = [proposal for proposal in level if proposal not in kept]
            while fitting := [one for one in rest if self._beside(kept, [one]) is not None]:
                together = self._beside(kept, fitting)
                taken = fitting if together is not None else [first(fitting)]
                kept = self._beside(kept, taken) or kept
                rest = [one for one in fitting if one not in taken]
                yield from taken

    def _beside(self, kept: Assignment, newcomers: Sequence[str]) -> Assignment | None:
        return keep(kept, newcomers, self.rule.costs, self._budget_yen)
