"""The closest race by counting again: hand-made cases, and no smaller number does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.tallies.methods.explanations import explain
from civic.tallies.methods.purses import electorate_of
from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import BallotGroup, TallyInput
from civic.tallies.robustness.counted import by_approvals
from civic.tallies.robustness.margins import Race
from civic.tallies.robustness.types import Margin
from tests.civic.tallies.robustness.elections import ONE_SITE, TWO_SITES, election


def margin(name, counted, **options):
    electorate = electorate_of(counted)
    quick = counted if name == "mes" else by_approvals(counted, electorate.votes)
    race = Race(name, quick, electorate, "pending", options)
    return race.margin(compute(name, counted, "pending", options), explain(name, quick, "pending", options))


def test_an_even_race_needs_one_vote_more_than_a_tie():
    """7 to 4 at the same cost: 4 more lead by one; 2 who switch make 5 to 6."""
    assert margin("site_winner", election(ONE_SITE, {"bench": 7, "stage": 4})) == Margin(
        "bench", "stage", "plaza", added=4, switched=2, exact=True
    )


def test_the_cheaper_one_wins_a_tie_already():
    sites = {"bench": {"plaza": 100}, "stage": {"plaza": 99}}
    found = margin("site_winner", election(sites, {"bench": 7, "stage": 4}))
    assert (found.added, found.switched) == (3, 2)


def test_the_closest_of_all_sites_is_told():
    counted = election(TWO_SITES, {"bench": 9, "stage": 2, "swing": 5, "mist": 4})
    found = margin("site_winner", counted)
    assert (found.winner, found.rival, found.site, found.added) == ("swing", "mist", "deck", 2)


def test_only_voters_of_the_winner_alone_can_switch():
    """6 chose both, 1 the bench alone: one switch makes 6 to 7."""
    assert margin("site_winner", election(ONE_SITE, {"bench stage": 6, "bench": 1})).switched == 1
    # 3 chose both and nobody one alone: level votes, and the cheaper bench; then nobody can switch.
    sites = {"bench": {"plaza": 90}, "stage": {"plaza": 100}}
    found = margin("site_winner", election(sites, {"bench stage": 3}))
    assert (found.added, found.switched) == (1, None)


def test_a_winner_elsewhere_loses_the_site_that_the_rival_takes():
    """a has both sites by 5 to 3. With 3 more b leads on its own; of those who switch 2 make 3 to 5."""
    counted = election({"a": {"s": 10, "t": 10}, "b": {"t": 10}}, {"a": 5, "b": 3})
    assert margin("site_winner", counted) == Margin("a", "b", "t", 3, 2, exact=True)


def test_who_moves_to_make_room_loses_nothing_and_who_falls_out_does():
    """Level with c the cheaper b comes first: x moves to its dear site, and then 30 for c are not left of 40."""
    counted = election({"x": {"s": 10, "t": 20}, "c": {"u": 30}, "b": {"s": 10}}, {"x": 9, "c": 5, "b": 4}, 40)
    assert margin("greedy", counted) == Margin("c", "b", "s", 1, 1, exact=True)


def test_where_room_is_left_nobody_falls_out():
    counted = election({"bench": {"plaza": 1}, "swing": {"deck": 1}}, {"bench": 3})
    assert margin("greedy", counted) == Margin(None, "swing", "deck", 1, None, exact=True)


@pytest.mark.parametrize(("cost", "added", "switched"), [(1, 9, 6), (3, 10, 7)])
def test_those_who_switch_must_lead_a_third_one_too(cost, added, switched):
    """d leads the site by 9 to 0. c, which has a site of its own, would take this one too with its 6."""
    counted = election({"d": {"s": 2}, "a": {"s": cost}, "c": {"s": 2, "t": 1}}, {"d": 9, "c": 6})
    assert margin("site_winner", counted) == Margin("d", "a", "s", added, switched, exact=True)


def test_by_the_greatest_sum_a_few_tip_two_proposals_together():
    """{a} has 100 votes, {b, c} 80 + 10: with 11 more it leads; 6 who switch make 94 to 96."""
    counted = election({"a": {"s": 20}, "b": {"t": 10}, "c": {"u": 10}}, {"a": 100, "b": 80, "c": 10}, 20)
    assert margin("max_approval", counted) == Margin("a", "b", "t", 11, 6, exact=True)


def test_without_a_loser_whom_votes_would_help_there_is_no_margin():
    assert margin("site_winner", election({"bench": {"plaza": 1}}, {"bench": 1})) is None


def test_equal_shares_say_that_a_smaller_number_might_do():
    sites = {name: {name: 10} for name in "ab"}
    found = margin("mes", election(sites, {"a": 6, "b": 4}, budget=10))
    assert (found.rival, found.switched, found.exact) == ("b", None, False)


def with_more(counted, *groups):
    return TallyInput(counted.budget_yen, counted.options, (*counted.ballots, *groups))


@pytest.mark.parametrize("name", ["site_winner", "greedy", "max_approval"])
@given(
    votes=st.dictionaries(st.sampled_from(["a", "b", "c", "d", "a b", "b c", "a d", ""]), st.integers(1, 9)),
    costs=st.tuples(*[st.integers(1, 4)] * 4),
    budget=st.none() | st.integers(2, 9),
)
def test_no_smaller_number_makes_anybody_else_win(name, votes, costs, budget):
    sites = {p: {site: cost} for p, site, cost in zip("abcd", "sstt", costs, strict=True)}
    counted = election(sites, votes, budget)
    before = compute(name, counted)
    found = margin(name, counted)
    tied = {proposal for tie in before.ties for proposal in tie.between}
    losers = [p for p in "abcd" if p not in before.selected_proposals and p not in tied]
    if found is None or before.ties:
        return
    for fewer in range(1, found.added):
        for loser in losers:
            after = compute(name, with_more(counted, BallotGroup(frozenset({loser}), fewer)))
            assert loser not in after.selected_proposals
    after = compute(name, with_more(counted, BallotGroup(frozenset({found.rival}), found.added)))
    assert found.rival in after.selected_proposals
    if found.switched:
        assert switching(name, counted, found) == found.switched


def switching(name, counted, found):
    """The fewest voters of the winner and not of the rival, one after the other, who change to the rival."""
    alone = [g for g in counted.ballots if found.winner in g.choices and found.rival not in g.choices]
    others = [g for g in counted.ballots if g not in alone]
    voters = [group.choices for group in alone for _ in range(group.count)]
    for number in range(1, len(voters) + 1):
        moved = [choices - {found.winner} | {found.rival} for choices in voters[:number]] + voters[number:]
        again = TallyInput(
            counted.budget_yen, counted.options, (*others, *(BallotGroup(choices, 1) for choices in moved))
        )
        if found.rival in compute(name, again).selected_proposals:
            return number
    return None
