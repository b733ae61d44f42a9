"""Laws that every election obeys, whatever the method."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.tallies.methods.lots import Beacon
from civic.tallies.methods.registry import METHODS, compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput

PROPOSALS, SITES = "abcdef", "stuv"
every_method = pytest.mark.parametrize("method", METHODS)
last_ties = st.sampled_from(["pending", "id_order", Beacon("1f" * 32, "e8" * 32, "38,208.03")])


@st.composite
def elections(draw: st.DrawFn) -> TallyInput:
    # Few different costs and votes, so that ties and full sites are common.
    pairs = st.tuples(st.sampled_from(PROPOSALS), st.sampled_from(SITES))
    costs = draw(st.dictionaries(pairs, st.integers(0, 6), max_size=12))
    options = tuple(Option(proposal, site, cost) for (proposal, site), cost in costs.items())
    named = sorted({option.proposal for option in options})
    choices = st.frozensets(st.sampled_from(named)) if named else st.just(frozenset())
    ballots = draw(st.lists(st.builds(BallotGroup, choices, st.integers(0, 4)), max_size=6))
    return TallyInput(draw(st.none() | st.integers(0, 20)), options, tuple(ballots))


@every_method
@given(elections(), last_ties, st.randoms(use_true_random=False))
def test_order_of_ballots_and_options_is_irrelevant(method, tally_input, last_tie, random):
    ballots, options = list(tally_input.ballots), list(tally_input.options)
    random.shuffle(ballots)
    random.shuffle(options)
    shuffled = TallyInput(tally_input.budget_yen, tuple(options), tuple(ballots))
    assert compute(method, shuffled, last_tie) == compute(method, tally_input, last_tie)


@every_method
@given(elections(), last_ties)
def test_splitting_ballots_into_single_votes_is_irrelevant(method, tally_input, last_tie):
    single = tuple(BallotGroup(group.choices, 1) for group in tally_input.ballots for _ in range(group.count))
    split = TallyInput(tally_input.budget_yen, tally_input.options, single)
    assert compute(method, split, last_tie) == compute(method, tally_input, last_tie)


@every_method
@given(elections(), last_ties)
def test_merging_equal_ballots_is_irrelevant(method, tally_input, last_tie):
    counts: Counter[frozenset[str]] = Counter()
    for group in tally_input.ballots:
        counts[group.choices] += group.count
    merged = tuple(BallotGroup(choices, count) for choices, count in counts.items())
    assert compute(method, TallyInput(tally_input.budget_yen, tally_input.options, merged), last_tie) == compute(
        method, tally_input, last_tie
    )


@every_method
@given(elections(), last_ties)
def test_winners_are_options_with_votes_within_the_budget_one_a_site(method, tally_input, last_tie):
    outcome = compute(method, tally_input, last_tie)
    assert set(outcome.selected) <= set(tally_input.options)
    assert all(outcome.approvals[option.proposal] > 0 for option in outcome.selected)
    if tally_input.budget_yen is not None:
        assert sum(option.cost_yen for option in outcome.selected) <= tally_input.budget_yen
    sites = [option.site for option in outcome.selected]
    assert len(sites) == len(set(sites))


@pytest.mark.parametrize("method", ["greedy", "mes", "max_approval"])
@given(elections(), last_ties)
def test_a_proposal_is_built_once(method, tally_input, last_tie):
    proposals = [option.proposal for option in compute(method, tally_input, last_tie).selected]
    assert len(proposals) == len(set(proposals))


@every_method
@given(elections())
def test_the_status_says_what_there_is(method, tally_input):
    outcome = compute(method, tally_input)
    expected = "tie_pending" if outcome.ties else "final" if outcome.selected else "no_result"
    assert outcome.status == expected
    assert compute(method, tally_input, "id_order").ties == ()


@every_method
@given(elections(), st.text(max_size=5))
def test_a_lot_ends_every_tie_and_keeps_what_is_decided_without_it(method, tally_input, value):
    outcome = compute(method, tally_input)
    drawn = compute(method, tally_input, Beacon("1f" * 32, "e8" * 32, value))
    assert drawn.ties == ()
    # Level winners stand in the order of the lot: only who wins is the same.
    decided, winners = set(outcome.selected_proposals), set(drawn.selected_proposals)
    assert decided <= winners
    if not outcome.ties:
        assert (drawn.status, winners) == (outcome.status, decided)


@every_method
@given(elections())
def test_a_result_without_a_tie_is_the_result_by_id(method, tally_input):
    outcome = compute(method, tally_input)
    if outcome.status != "tie_pending":
        assert compute(method, tally_input, "id_order") == outcome


@every_method
@given(elections())
def test_what_is_decided_despite_a_tie_also_wins_by_id(method, tally_input):
    decided = compute(method, tally_input).selected_proposals
    assert set(decided) <= set(compute(method, tally_input, "id_order").selected_proposals)


# Not of equal shares: more voters make every share smaller.
@pytest.mark.parametrize("method", ["site_winner", "greedy", "max_approval"])
@given(elections(), st.sampled_from(PROPOSALS), st.integers(1, 5))
def test_more_votes_for_a_winner_keep_it_a_winner(method, tally_input, winner, more):
    if winner in compute(method, tally_input, "id_order").selected_proposals:
        extra = (*tally_input.ballots, BallotGroup(frozenset({winner}), more))
        after = TallyInput(tally_input.budget_yen, tally_input.options, extra)
        assert winner in compute(method, after, "id_order").selected_proposals
