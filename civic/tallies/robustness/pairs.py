"""A winner against the next: only voters who chose exactly one of the two tell them apart."""

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from civic.tallies.methods.purses import Electorate
from civic.tallies.methods.types import Option, Outcome, TallyInput
from civic.tallies.robustness.decimals import fixed
from civic.tallies.robustness.types import Pair

# Weights are whole numbers of units, the middle one this many: what is cut off is far below any place shown.
_MIDDLE = 1 << 320


def coin_probability(one: int, other: int) -> Fraction:
    """P(|X - m/2| >= |one - m/2|) for the heads X of m = one + other fair coins: the exact test of McNemar.

    In whole numbers, right to some eighty places for any m that people can cast.
    """
    if one == other:
        return Fraction(1)
    coins = one + other
    weights = list(_from_middle_down(coins))
    tail = sum(weights[coins // 2 - min(one, other) :])
    # Heads and tails are alike; an even number of coins has one middle, which is counted once.
    whole = 2 * sum(weights) - (weights[0] if coins % 2 == 0 else 0)
    return Fraction(2 * tail, whole)


def _from_middle_down(coins: int) -> Iterator[int]:
    """The weights of half as many heads as coins, of one head less, and so on, until one is nothing."""
    weight, heads = _MIDDLE, coins // 2
    while weight and heads >= 0:
        yield weight
        weight = weight * heads // (coins - heads + 1)
        heads -= 1


def pairs_of(name: str, tally_input: TallyInput, outcome: Outcome, electorate: Electorate) -> tuple[Pair, ...]:
    """On every site its winner against the next that wanted it; else the last winner and the first loser."""
    won = outcome.selected_proposals
    # Where sites are decided one by one, a winner elsewhere is a rival here as well.
    settled = frozenset() if name == "site_winner" else frozenset(won)
    found = [
        _pair(electorate, option.site, option.proposal, following)
        for option in outcome.selected
        if (following := _next_at(option, tally_input, electorate.votes, settled))
    ]
    losers = sorted((-votes, p) for p, votes in electorate.votes.items() if p not in won)
    if found or not won or not losers:
        return tuple(found)
    last = max((-electorate.votes[proposal], proposal) for proposal in won)[1]
    return (_pair(electorate, None, last, losers[0][1]),)


def _next_at(
    winner: Option, tally_input: TallyInput, votes: Mapping[str, int], settled: Collection[str]
) -> str | None:
    """Who has most votes of the others that could stand on a winner's site; then the cheaper, then by id."""
    budget = tally_input.budget_yen
    others = (option for option in tally_input.options if option.site == winner.site)
    rivals = [
        (-votes[option.proposal], option.cost_yen, option.proposal)
        for option in others
        if option.proposal != winner.proposal and option.proposal not in settled
        if budget is None or option.cost_yen <= budget
    ]
    return min(rivals)[2] if rivals else None


def _pair(electorate: Electorate, site: str | None, first: str, second: str) -> Pair:
    one, other = electorate.approves[first], electorate.approves[second]
    only_first = int(electorate.sizes[one & ~other].sum())
    only_second = int(electorate.sizes[other & ~one].sum())
    p = fixed(coin_probability(only_first, only_second), 3)
    return Pair(site, first, second, only_first, only_second, p)
