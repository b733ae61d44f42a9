"""The methods against the definition, written apart: try every lot and every way to place the winners.

A tie is open exactly when two lots give different winners; what is decided is what every lot selects.
"""

from itertools import permutations, product
from random import Random

import pytest

from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput

ELECTIONS = 800


def random_election(random: Random, options_at_most: int) -> TallyInput:
    pairs = list(product("abcd", "stu"))
    chosen = random.sample(pairs, random.randint(options_at_most // 2, options_at_most))
    options = tuple(Option(p, s, random.choice([0, 1, 2, 2, 2, 3])) for p, s in chosen)
    named = sorted({option.proposal for option in options})
    ballots = tuple(
        BallotGroup(frozenset(p for p in named if random.random() < 0.5), random.choice([1, 1, 2]))
        for _ in range(random.randint(0, 3))
    )
    return TallyInput(random.choice([None, 0, 2, 3, 4, 5, 6, 8]), options, ballots)


def votes_of(election: TallyInput, proposal: str) -> int:
    return sum(group.count for group in election.ballots if proposal in group.choices)


def within(election: TallyInput, options: list[Option]) -> bool:
    return election.budget_yen is None or sum(o.cost_yen for o in options) <= election.budget_yen


def cheapest_placing(election: TallyInput, proposals: tuple[str, ...]) -> list[Option] | None:
    """All ways to give each proposal one of its own sites; the cheapest, then the smallest site names."""
    own = [[o for o in election.options if o.proposal == p] for p in proposals]
    ways = [list(way) for way in product(*own) if len({o.site for o in way}) == len(way)]
    ways = [way for way in ways if within(election, way)]
    return min(ways, key=lambda way: (sum(o.cost_yen for o in way), [o.site for o in way]), default=None)


def greedy_by_lot(election: TallyInput, lot: tuple[str, ...]) -> frozenset[str]:
    cheapest = {p: min(o.cost_yen for o in election.options if o.proposal == p) for p in lot}
    kept: tuple[str, ...] = ()
    for p in sorted(lot, key=lambda p: (-votes_of(election, p), cheapest[p], lot.index(p))):
        if votes_of(election, p) and cheapest_placing(election, (*kept, p)) is not None:
            kept = (*kept, p)
    return frozenset(kept)


def site_winner_by_lot(election: TallyInput, lot: tuple[Option, ...]) -> frozenset[Option]:
    order = sorted(lot, key=lambda o: (-votes_of(election, o.proposal), o.cost_yen, lot.index(o)))
    order = [o for o in order if votes_of(election, o.proposal) and within(election, [o])]
    firsts = [o for i, o in enumerate(order) if o.site not in {earlier.site for earlier in order[:i]}]
    paid: list[Option] = []
    for option in firsts:
        if within(election, [*paid, option]):
            paid.append(option)
    return frozenset(paid)


@pytest.mark.parametrize("seed", range(4))
def test_greedy_is_what_every_lot_gives(seed):
    random = Random(20260705 + seed)
    seen = {"final": 0, "tie_pending": 0, "no_result": 0}
    for _ in range(ELECTIONS // 4):
        election = random_election(random, 9)
        proposals = sorted({o.proposal for o in election.options})
        results = {greedy_by_lot(election, lot) for lot in permutations(proposals)}
        outcome = compute("greedy", election)
        seen[outcome.status] += 1
        assert (outcome.status == "tie_pending") == (len(results) > 1), election
        if len(results) == 1:
            assert frozenset(outcome.selected_proposals) == min(results), election
        (tie,) = outcome.ties or (None,)
        if tie:
            assert all(set(outcome.selected_proposals) < result for result in results), election
            assert all(any(p in result for result in results) for p in tie.between), election
            assert not any(set(tie.between) <= result for result in results), election
        placing = cheapest_placing(election, tuple(outcome.selected_proposals))
        assert list(outcome.selected) == placing, election
    assert min(seen.values()) >= 5, seen


@pytest.mark.parametrize("seed", range(4))
def test_greedy_by_id_is_the_lot_in_id_order(seed):
    random = Random(19610705 + seed)
    for _ in range(ELECTIONS // 4):
        election = random_election(random, 12)
        lot = tuple(sorted({o.proposal for o in election.options}))
        outcome = compute("greedy", election, "id_order")
        assert frozenset(outcome.selected_proposals) == greedy_by_lot(election, lot), election


@pytest.mark.parametrize("seed", range(4))
def test_site_winner_is_what_every_lot_gives(seed):
    random = Random(20231014 + seed)
    seen = {"final": 0, "tie_pending": 0, "no_result": 0}
    for _ in range(ELECTIONS // 4):
        election = random_election(random, 5)
        results = {site_winner_by_lot(election, lot) for lot in permutations(election.options)}
        outcome = compute("site_winner", election)
        seen[outcome.status] += 1
        assert (outcome.status == "tie_pending") == (len(results) > 1), election
        assert set(outcome.selected) == frozenset.intersection(*results), election
    assert min(seen.values()) >= 5, seen


@pytest.mark.parametrize("seed", range(4))
def test_site_winner_by_id_is_the_lot_in_id_order(seed):
    random = Random(20230705 + seed)
    for _ in range(ELECTIONS // 4):
        election = random_election(random, 12)
        lot = tuple(sorted(election.options, key=lambda o: (o.proposal, o.site)))
        outcome = compute("site_winner", election, "id_order")
        assert set(outcome.selected) == site_winner_by_lot(election, lot), election
