"""The set with most votes: against all sets there are."""

from itertools import combinations, product
from random import Random

from civic.tallies.methods.max_approval import MOST_BRANCHES
from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput


def random_election(random: Random) -> TallyInput:
    pairs = random.sample(list(product("abcdef", "stuv")), random.randint(1, 12))
    options = tuple(Option(p, s, random.choice([0, 1, 2, 2, 3, 5])) for p, s in pairs)
    named = sorted({option.proposal for option in options})
    ballots = tuple(
        BallotGroup(frozenset(p for p in named if random.random() < 0.5), random.randint(0, 3)) for _ in range(4)
    )
    return TallyInput(random.choice([None, 0, 2, 4, 6, 8]), options, ballots)


def worths(election: TallyInput):
    """Every possible set with its worth: votes, then low cost, then rank of its members from the first down."""
    sites: dict[str, dict[str, int]] = {}
    for option in election.options:
        sites.setdefault(option.proposal, {})[option.site] = option.cost_yen
    votes = {p: sum(g.count for g in election.ballots if p in g.choices) for p in sites}
    level = {p: (-votes[p], min(sites[p].values())) for p in sites}
    supported = [p for p in sites if votes[p]]
    for size in range(len(supported) + 1):
        for chosen in combinations(supported, size):
            ways = product(*(sites[p].items() for p in chosen))
            fits = [sum(cost for _, cost in way) for way in ways if len({site for site, _ in way}) == size]
            cost = min(fits, default=None)
            if cost is not None and (election.budget_yen is None or cost <= election.budget_yen):
                ranks = sorted(level[p] for p in chosen)
                yield (-sum(votes[p] for p in chosen), cost, ranks), frozenset(chosen)


def test_it_is_the_best_of_all_sets():
    random = Random(20261124)
    seen = {"final": 0, "tie_pending": 0, "no_result": 0}
    for _ in range(1_000):
        election = random_election(random)
        every = list(worths(election))
        top = min(worth for worth, _ in every)
        best = [chosen for worth, chosen in every if worth == top]
        outcome = compute("max_approval", election)
        seen[outcome.status] += 1
        assert (outcome.status == "tie_pending") == (len(best) > 1), election
        assert set(outcome.selected_proposals) == frozenset.intersection(*best), election
        by_id = frozenset(compute("max_approval", election, "id_order").selected_proposals)
        assert by_id in best, election
        if outcome.ties:
            (tie,) = outcome.ties
            assert set(tie.between) <= frozenset.union(*best) - frozenset.intersection(*best), election
    assert min(seen.values()) >= 5, seen


def test_it_takes_more_votes_in_all_than_going_down_the_list(election):
    tally_input = election(100, {"a": {"s": 100}, "b": {"t": 50}, "c": {"u": 50}}, {"a": 5, "b": 4, "c": 3})
    assert compute("greedy", tally_input).selected_proposals == ["a"]
    assert compute("max_approval", tally_input).selected_proposals == ["b", "c"]


def test_forty_proposals_are_counted_and_forty_one_are_not(election):
    def with_proposals(number):
        sites = {f"p{i:02}": {f"s{i}": 10 + 7 * i % 23} for i in range(number)}
        return election(200, sites, {p: 50 + 11 * i % 37 for i, p in enumerate(sites)})

    forty = compute("max_approval", with_proposals(40))
    assert forty.status == "final"
    assert sum(option.cost_yen for option in forty.selected) <= 200
    outcome = compute("max_approval", with_proposals(41))
    assert (outcome.status, outcome.selected, len(outcome.approvals)) == ("not_computed", (), 41)


def test_forty_level_proposals_are_one_tie(election):
    tally_input = election(
        20, {f"p{i:02}": {f"s{i}": 1} for i in range(40)}, {" ".join(f"p{i:02}" for i in range(40)): 3}
    )
    outcome = compute("max_approval", tally_input)
    assert (outcome.status, outcome.selected) == ("tie_pending", ())
    assert len(compute("max_approval", tally_input, "id_order").selected) == 20
    assert MOST_BRANCHES < 2**40
