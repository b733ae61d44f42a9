"""Equal shares against the definition, written apart: every voter has a purse, every number is a fraction."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput

ELECTIONS = 2_100


def cheapest(proposals, sites, without_limit=10**9):
    """The lowest total cost of giving each proposal one of its own sites, by trying all; None if they cannot."""
    ways = product(*(sites[p].items() for p in proposals))
    fits = [sum(cost for _, cost in way) for way in ways if len({site for site, _ in way}) == len(way)]
    return min((total for total in fits if total <= without_limit), default=None)


def bought(votes, sites, share, limit, utility):
    """Winners in order when every voter has this share."""
    purses = [Fraction(share) for _ in votes]
    won = []
    while True:
        offers = []
        for p in sorted(set(sites) - set(won)):
            fans = [i for i, choices in enumerate(votes) if p in choices]
            costs = [c for s, c in sites[p].items() if cheapest([*won, p], sites | {p: {s: c}}, limit) is not None]
            if not fans or not costs or sum(purses[i] for i in fans) < min(costs):
                continue
            cost, paid = min(costs), Fraction(0)
            for number, money in enumerate(sorted(purses[i] for i in fans)):
                largest = (cost - paid) / (len(fans) - number)
                if largest <= money:
                    break
                paid += money
            price = largest / cost if utility == "cost" and cost else largest
            offers.append((price, -len(fans), cost, p, largest, fans))
        if not offers:
            return won
        *_, p, largest, fans = min(offers)
        for i in fans:
            purses[i] -= min(purses[i], largest)
        won.append(p)


def equal_shares(election, utility, increment, stop, completion):
    votes = [group.choices for group in election.ballots for _ in range(group.count)]
    sites = {}
    for option in election.options:
        sites.setdefault(option.proposal, {})[option.site] = option.cost_yen
    fans = {p: sum(p in choices for choices in votes) for p in sites}
    budget, limit = election.budget_yen, 10**9
    if not votes:
        return []
    share = Fraction(budget, len(votes)) if increment == 0 else budget // len(votes)
    won = bought(votes, sites, share, budget, utility)
    step = max(1, share // 100) if increment == "auto" else increment
    end = budget if stop == "exhausted" else limit
    while step and any(fans[p] and cheapest([*won, p], sites, end) is not None for p in set(sites) - set(won)):
        share += step
        higher = bought(votes, sites, share, limit, utility)
        if cheapest(higher, sites) > budget:
            break
        won = higher
    for p in sorted(sites, key=lambda p: (-fans[p], min(sites[p].values()), p)):
        if completion == "greedy" and fans[p] and p not in won and cheapest([*won, p], sites, budget) is not None:
            won = [*won, p]
    return won


def random_election(random: Random, sites: int) -> TallyInput:
    pairs = [(p, f"{p}{s}" if sites == 0 else "stu"[s]) for p in "abcde" for s in range(sites or 1)]
    chosen = random.sample(pairs, random.randint(1, min(len(pairs), 8)))
    options = tuple(Option(p, s, random.choice([0, 1, 2, 3, 5, 7, 11, 20])) for p, s in chosen)
    named = sorted({option.proposal for option in options})
    ballots = tuple(
        BallotGroup(frozenset(p for p in named if random.random() < 0.4), random.choice([0, 1, 1, 2, 3]))
        for _ in range(random.randint(0, 5))
    )
    return TallyInput(random.choice([0, 1, 7, 10, 15, 30, 60]), options, ballots)


@pytest.mark.parametrize("sites", [0, 2, 3])
def test_equal_shares_are_what_a_purse_for_each_voter_gives(sites):
    random = Random(20261123 + sites)
    winners = 0
    for _ in range(ELECTIONS // 3):
        election = random_election(random, sites)
        options = {
            "utility": random.choice(["cost", "cardinality"]),
            "increment": random.choice(["auto", 0, 1, 1, 2, 5]),
            "stop": random.choice(["exhausted", "overspend"]),
            "completion": random.choice(["greedy", "none"]),
        }
        found = compute("mes", election, "id_order", options).selected_proposals
        assert found == equal_shares(election, **options), (election, options)
        winners += len(found)
    assert winners > ELECTIONS / 6


@pytest.mark.parametrize("times", [2**20, 2**40, 2**46])
def test_as_many_times_the_voters_the_costs_and_the_budget_change_nothing(times):
    """The purses' units become coarse: then the exact fractions have to decide."""
    random = Random(times)
    for _ in range(150):
        small = random_election(random, random.choice([0, 2, 3]))
        large = TallyInput(
            (small.budget_yen or 0) * times,
            tuple(Option(o.proposal, o.site, o.cost_yen * times) for o in small.options),
            tuple(BallotGroup(group.choices, group.count * times) for group in small.ballots),
        )
        fixed = {"increment": 0, "utility": random.choice(["cost", "cardinality"])}
        few, many = compute("mes", small, options=fixed), compute("mes", large, options=fixed)
        assert (few.status, few.selected_proposals) == (many.status, many.selected_proposals), small
