"""Why a proposal won or not, and how many votes it lacked."""

from fractions import Fraction

import pytest

from civic.tallies.methods.explanations import (
    Missing,
    Overlap,
    Support,
    explain,
    overlap,
    supports,
    voters_with_a_winner,
)
from civic.tallies.methods.lots import Beacon
from civic.tallies.methods.registry import METHODS, compute
from civic.tallies.methods.types import BallotGroup, TallyInput


def fates(name, tally_input, last_tie="id_order", **options):
    return {
        one.proposal: (one.reason, None if one.missing is None else one.missing.votes)
        for one in explain(name, tally_input, last_tie, options)
    }


def test_greedy_says_why_and_how_many_votes_are_missing(election):
    sites = {"a": {"s": 60}, "b": {"t": 30}, "c": {"s": 5}, "d": {"u": 40}, "e": {"v": 99}, "f": {"w": 1}}
    found = fates("greedy", election(90, sites, {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}))
    assert found == {
        "a": ("won", None),
        "b": ("won", None),
        "c": ("sites_taken", 2),  # 5 votes like a, and cheaper
        "d": ("over_budget", 3),  # 5 votes like a, and cheaper: then 50 are left, enough for b, not for a
        "e": ("dearer_than_budget", None),
        "f": ("no_votes", 4),  # 4 votes like b, and cheaper: a leaves 30
    }


def test_site_winner_says_whether_votes_or_money_were_missing(election):
    sites = {"a": {"s": 60}, "b": {"s": 60}, "c": {"t": 50}}
    assert fates("site_winner", election(100, sites, {"a": 5, "b": 3, "c": 4})) == {
        "a": ("won", None),
        "b": ("fewer_votes", 3),  # with 5 the id decides for a
        "c": ("over_budget", 1),  # 5 like a, and cheaper
    }


def test_what_nobody_can_pay_is_no_rival_and_the_whole_budget_may_be_asked(election):
    sites = {"a": {"s": 60}, "c": {"t": 100}, "x": {"t": 101}, "d": {"s": 70, "u": 101}}
    assert fates("site_winner", election(100, sites, {"a": 5, "c": 4, "x": 9, "d": 3})) == {
        "a": ("won", None),
        "c": ("over_budget", 2),  # 6 lead a, and all is spent on c
        "x": ("dearer_than_budget", None),
        "d": ("fewer_votes", 3),  # with 5 a is cheaper; on the other site it can never stand
    }


@pytest.mark.parametrize("name", METHODS)
def test_who_lost_the_lot_is_told_so_and_nobody_else(election, name):
    """a and b are level on one site; one more would lead. c stands alone, and has no vote."""
    tally_input = election(20, {"a": {"s": 10}, "b": {"s": 10}, "c": {"t": 10}}, {"a": 4, "b": 4})
    drawn = {Beacon("0" * 64, "0" * 64, str(value)).lot("a"): value for value in range(9)}
    for value in (drawn[min(drawn)], drawn[max(drawn)]):
        found = fates(name, tally_input, Beacon("0" * 64, "0" * 64, str(value)))
        assert {found["a"], found["b"]} == {("won", None), ("lost_by_lot", 1)}
        assert found["c"][0] == "no_votes"
    assert {fates(name, tally_input)[proposal][0] for proposal in "ab"} >= {"won"}
    assert "lost_by_lot" not in {reason for reason, _ in fates(name, tally_input).values()}


def test_an_open_tie_is_the_reason_of_all_that_wait_for_it(election):
    sites = {"a": {"s": 60}, "b": {"t": 60}, "c": {"u": 10}}
    found = explain("greedy", election(100, sites, {"a": 5, "b": 5, "c": 4}))
    assert [(one.reason, one.missing) for one in found] == [("tie_open", None)] * 3


def test_equal_shares_say_what_the_supporters_of_a_loser_still_hold(election):
    # 4 voters, 25 each. a costs 60 for 3 voters: 20 each. b: the fourth holds 25 of 40, so 5/8.
    tally_input = election(100, {"a": {"s": 60}, "b": {"t": 40}}, {"a": 3, "b": 1})
    fixed = {"increment": 0, "completion": "none"}
    assert supports(tally_input, "id_order", fixed) == {
        "a": Support(Fraction(3), None),
        "b": Support(None, Fraction(5, 8)),
    }
    # With one more, 5 voters hold 20 each: two pay 40 for b, and a still costs three of them 20 each.
    assert fates("mes", tally_input, **fixed)["b"] == ("too_little_support", 1)
    (_, b) = explain("mes", tally_input, "id_order", fixed)
    assert b.missing == Missing(1, exact=False)


def test_support_follows_the_lot(election):
    """Of two level ones on a site the drawn one is paid by its four voters."""
    tally_input = election(20, {"a": {"s": 10}, "b": {"s": 10}}, {"a": 4, "b": 4})
    for value in "0123456789":
        beacon = Beacon("0" * 64, "0" * 64, value)
        first = min("ab", key=beacon.lot)
        assert [p for p, one in supports(tally_input, beacon).items() if one.effective_votes == 4] == [first]


def test_equal_shares_can_lack_many_times_the_votes_there_are(election):
    """n of n + 1 voters hold 100 n / (n + 1): 95 only from 19 on."""
    tally_input = election(100, {"a": {"s": 10}, "b": {"t": 95}}, {"a": 1})
    assert fates("mes", tally_input, increment=0, completion="none")["b"] == ("no_votes", 19)


def test_not_computed_is_a_reason(election):
    many = {f"p{i}": {f"s{i}": 1} for i in range(41)}
    assert fates("max_approval", election(3, many, {"p1": 1}))["p1"] == ("not_computed", None)


@pytest.mark.parametrize("name", METHODS)
def test_with_the_missing_votes_it_wins_and_with_one_less_it_does_not(election, name):
    sites = {"a": {"s": 6, "t": 7}, "b": {"s": 5}, "c": {"u": 4}, "d": {"t": 8}, "e": {"u": 3}}
    tally_input = election(14, sites, {"a b": 4, "c": 3, "d e": 2, "a d": 2, "e": 1, "": 2})
    lacking = [one for one in explain(name, tally_input, "id_order") if one.missing]
    assert lacking
    for one in lacking:
        for fewer, wins in ((0, True), (1, False)):
            more = BallotGroup(frozenset({one.proposal}), one.missing.votes - fewer)
            again = TallyInput(14, tally_input.options, (*tally_input.ballots, more))
            assert (one.proposal in compute(name, again, "id_order").selected_proposals) is wins


def test_voters_with_a_winner_are_counted_once_each(election):
    tally_input = election(9, {"a": {"s": 1}, "b": {"t": 1}}, {"a": 2, "a b": 3, "b": 4, "": 5})
    assert voters_with_a_winner(tally_input, ["a", "b"]) == 9
    assert voters_with_a_winner(tally_input, ["b"]) == 7
    assert voters_with_a_winner(tally_input, []) == 0


def test_two_results_overlap():
    assert overlap(["a", "b"], ["b", "c"]) == Overlap(1, 3)
    assert overlap([], []) == Overlap(0, 0)


def test_missing_votes_are_counted_with_the_options_of_the_ballot(election):
    """With shares of 100 / 6 the three supporters of b hold 50; of five voters the two hold only 40."""
    options = {"increment": 0, "completion": "none"}
    tally_input = election(100, {"a": {"s": 50}, "b": {"t": 50}}, {"a": 3, "b": 1})
    assert fates("mes", tally_input, **options) == {"a": ("won", None), "b": ("too_little_support", 2)}
