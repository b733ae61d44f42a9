"""The votes drawn again and again from themselves: how often would each proposal win?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from civic.tallies.methods.lots import Beacon
from civic.tallies.methods.purses import Classes
from civic.tallies.methods.registry import Options, compute
from civic.tallies.methods.types import BallotGroup, TallyInput
from civic.tallies.robustness.counted import BY_APPROVALS, by_approvals
from civic.tallies.robustness.decimals import share
from civic.tallies.robustness.types import Stability

DRAWS = 2_000
DRAWS_OF_SHARES = 200
FEWEST_DRAWS = 50

# So many numbers of voters are drawn in all, at most: some ten seconds.
MOST_NUMBERS = 100_000_000
MOST_NUMBERS_OF_SHARES = 200_000


def stability(name: str, tally_input: TallyInput, seed: str, options: Options) -> Stability | None:
    """The share of draws in which each proposal wins; None without votes, or when too few draws could be counted.

    Each draw is as many votes as were cast, drawn with putting back (``numpy``'s PCG64, seeded with the manifest's
    hash, over the ballots by their choices in code-point order). A tie in a draw is decided by a lot of its own,
    so over the draws level ones win equally often.
    """
    draws = draws_for(name, len(tally_input.ballots))
    if not tally_input.voters or draws < FEWEST_DRAWS:
        return None
    wins: Counter[str] = Counter({option.proposal: 0 for option in tally_input.options})
    for number, drawn in enumerate(_draws(name, tally_input, seed, draws)):
        lot = Beacon(seed, f"{number:064x}", "draw")
        wins.update(compute(name, drawn, lot, options).selected_proposals)
    return Stability(draws, {proposal: share(won, draws) for proposal, won in wins.items()})


def draws_for(name: str, classes: int) -> int:
    """How many draws of so many classes of equal ballots are bearable."""
    if name in BY_APPROVALS:
        return min(DRAWS, MOST_NUMBERS // max(classes, 1))
    return min(DRAWS_OF_SHARES, MOST_NUMBERS_OF_SHARES // max(classes, 1))


def _draws(name: str, tally_input: TallyInput, seed: str, draws: int) -> Iterator[TallyInput]:
    ballots = sorted(tally_input.ballots, key=lambda group: sorted(group.choices))
    sizes = np.array([group.count for group in ballots], dtype=np.int64)
    voters = int(sizes.sum())
    supporters = _supporters(tally_input, ballots)
    chance = np.random.Generator(np.random.PCG64(int(seed, 16)))
    for _ in range(draws):
        drawn = chance.multinomial(voters, sizes / voters)
        if name in BY_APPROVALS:
            votes = {proposal: int(drawn[classes].sum()) for proposal, classes in supporters.items()}
            yield by_approvals(tally_input, votes)
        else:
            again = (BallotGroup(g.choices, int(n)) for g, n in zip(ballots, drawn, strict=True) if n)
            yield TallyInput(tally_input.budget_yen, tally_input.options, tuple(again))


def _supporters(tally_input: TallyInput, ballots: Sequence[BallotGroup]) -> Mapping[str, Classes]:
    """The numbers of the classes that approve each proposal."""
    choosing: dict[str, list[int]] = {option.proposal: [] for option in tally_input.options}
    for number, group in enumerate(ballots):
        for proposal in group.choices:
            choosing[proposal].append(number)
    return {proposal: np.array(numbers, dtype=np.intp) for proposal, numbers in choosing.items()}
