"""The edge cases of a tally, one test each; every case holds for all methods unless it says otherwise."""

import pytest

from civic.tallies.methods.registry import METHODS, compare, compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput, TallyInputError

every_method = pytest.mark.parametrize("method", METHODS)
THREE = {"a": {"s": 10}, "b": {"t": 20}, "c": {"u": 30}}


@every_method
def test_zero_votes_give_no_result(election, method):
    outcome = compute(method, election(100, THREE, {}))
    assert (outcome.status, outcome.selected, outcome.ties) == ("no_result", (), ())
    assert outcome.approvals == {"a": 0, "b": 0, "c": 0}


@every_method
def test_all_blank_has_turnout_and_no_winner(election, method):
    tally_input = election(100, THREE, {"": 7})
    assert (tally_input.voters, tally_input.blank) == (7, 7)
    outcome = compute(method, tally_input)
    assert (outcome.status, outcome.selected) == ("no_result", ())


@every_method
def test_no_options_at_all_give_no_result(method):
    outcome = compute(method, TallyInput(None, (), (BallotGroup(frozenset(), 3),)))
    assert (outcome.status, outcome.approvals) == ("no_result", {})


@every_method
def test_a_blank_vote_counts_as_a_voter_and_changes_no_winner(election, method):
    without, with_blank = election(100, THREE, {"a": 2}), election(100, THREE, {"a": 2, "": 5})
    assert (without.voters, with_blank.voters, with_blank.blank) == (2, 7, 5)
    assert compute(method, without) == compute(method, with_blank)


@every_method
def test_one_voter_decides(election, method):
    assert compute(method, election(None, THREE, {"b": 1})).selected == (Option("b", "t", 20),)


@every_method
def test_one_proposal_wins_with_one_vote_and_not_without(election, method):
    only = {"a": {"s": 10}}
    assert compute(method, election(None, only, {"a": 1})).status == "final"
    assert compute(method, election(None, only, {"": 1})).status == "no_result"


@every_method
def test_zero_approvals_never_win_even_when_free_and_alone(election, method):
    outcome = compute(method, election(None, {"a": {"s": 0}, "b": {"t": 0}}, {"b": 1}))
    assert outcome.selected_proposals == ["b"]


@every_method
def test_cost_zero_wins_if_approved(election, method):
    outcome = compute(method, election(0, {"a": {"s": 0}}, {"a": 1}))
    assert (outcome.status, outcome.selected) == ("final", (Option("a", "s", 0),))


@every_method
def test_budget_zero_pays_only_what_is_free(election, method):
    outcome = compute(method, election(0, {"a": {"s": 1}, "b": {"s": 0}}, {"a": 9, "b": 1}))
    assert outcome.selected == (Option("b", "s", 0),)


@every_method
def test_a_cost_above_the_budget_never_wins(election, method):
    outcome = compute(method, election(99, {"a": {"s": 100}}, {"a": 9}))
    assert (outcome.status, outcome.selected, outcome.ties) == ("no_result", (), ())


@every_method
def test_a_cost_equal_to_the_budget_fits(election, method):
    assert compute(method, election(100, {"a": {"s": 100}}, {"a": 1})).selected_proposals == ["a"]


@every_method
def test_two_approvals_of_one_proposal_in_a_ballot_are_one(election, method):
    outcome = compute(method, election(None, THREE, {"a a a": 2}))
    assert outcome.approvals["a"] == 2


@every_method
def test_a_tie_at_the_budget_edge_shows_no_winner(election, method):
    outcome = compute(method, election(10, {"a": {"s": 10}, "b": {"t": 10}}, {"a b": 3}))
    assert (outcome.status, outcome.selected) == ("tie_pending", ())
    assert [(tie.between, tie.site, tie.reason) for tie in outcome.ties] == [(("a", "b"), None, "not_all_fit")]


@every_method
def test_a_tie_for_the_last_site_shows_no_winner(election, method):
    outcome = compute(method, election(None, {"a": {"s": 10}, "b": {"s": 10}}, {"a b": 3}))
    assert (outcome.status, outcome.selected) == ("tie_pending", ())
    assert [(tie.between, tie.site) for tie in outcome.ties] == [(("a", "b"), "s")]


@every_method
def test_a_withdrawn_proposal_is_out_and_ballots_left_empty_are_blank(election, method):
    tally_input = election(None, THREE, {"a": 9, "a b": 2, "c": 1}).without({"a"})
    assert (tally_input.voters, tally_input.blank) == (12, 9)
    outcome = compute(method, tally_input)
    assert outcome.approvals == {"b": 2, "c": 1}
    assert outcome.selected_proposals == ["b", "c"]


def test_a_withdrawal_leaves_the_budget_as_it_was(election):
    assert election(70, THREE, {"a": 1}).without({"a"}).budget_yen == 70
    assert election(None, THREE, {"a": 1}).without({"a"}).budget_yen is None


def test_withdrawing_all_proposals_leaves_no_result(election):
    outcome = compute("greedy", election(None, THREE, {"a b c": 4}).without(["a", "b", "c"]))
    assert (outcome.status, outcome.approvals) == ("no_result", {})


def test_a_choice_that_is_not_an_option_is_refused_and_named(election):
    with pytest.raises(TallyInputError) as refusal:
        election(None, THREE, {"a": 1, "a ghost": 2})
    assert refusal.value.code == "unknown_proposal"
    for sentence in (refusal.value.message_ja, refusal.value.message_en):
        assert "ballots[1].choices" in sentence
        assert "ghost" in sentence


@pytest.mark.parametrize(
    ("budget", "cost", "count", "code", "path"),
    [
        (-1, 0, 0, "negative", "budget_yen"),
        (None, -5, 0, "negative", "options[0].cost_yen"),
        (None, 0, -1, "negative", "ballots[0].count"),
        (2**53, 0, 0, "number_too_large", "budget_yen"),
    ],
)
def test_numbers_out_of_range_are_refused_by_path(election, budget, cost, count, code, path):
    with pytest.raises(TallyInputError) as refusal:
        election(budget, {"a": {"s": cost}}, {"a": count})
    assert refusal.value.code == code
    assert refusal.value.message_ja.startswith(path)
    assert refusal.value.message_en.startswith(path)


@pytest.mark.parametrize("option", [Option("", "s", 1), Option("a", "", 1), Option("", "", 1)])
def test_an_option_without_a_name_is_refused_by_path(option):
    with pytest.raises(TallyInputError) as refusal:
        TallyInput(None, (Option("b", "t", 1), option), ())
    assert refusal.value.code == "empty_name"
    assert refusal.value.message_ja == "options[1] の proposal か site が空です。どちらにも名前を書いてください。"
    assert refusal.value.message_en == "options[1] has an empty proposal or site. Write a name for both."


@pytest.mark.parametrize("method", [name for name in METHODS if name != "mes"])
def test_the_largest_numbers_are_exact(election, method):
    # One yen below and above 2**52: doubles still hold them, a float sum of three would not.
    near = 2**52
    sites = {"a": {"s": near + 1}, "b": {"t": near - 2}, "c": {"u": 1}}
    outcome = compute(method, election(2 * near - 1, sites, {"a": 3, "b": 2, "c": 1}))
    assert outcome.selected_proposals == ["a", "b"]
    assert sum(option.cost_yen for option in outcome.selected) == 2 * near - 1


@every_method
@pytest.mark.parametrize("odd", ["広場🌸", "مقعد", 'a;"b"', "=SUM(A1)", "葛󠄀飾"])
def test_names_of_any_script_are_only_names(method, odd):
    tally_input = TallyInput(None, (Option(odd, "s", 1),), (BallotGroup(frozenset({odd}), 2),))
    assert compute(method, tally_input).selected_proposals == [odd]


def test_compared_methods_name_their_winners_or_the_decided_part(election):
    tally_input = election(
        None,
        {"a": {"s": 1, "t": 2}, "b": {"s": 5}, "c": {"u": 3}, "d": {"u": 3}},
        {"a": 9, "b": 4, "c d": 2},
    )
    # site_winner: a takes s and t, u is level. greedy: a moves to t so that b has s; then c and d are level.
    assert compare(tally_input) == {
        "site_winner": ["a"],
        "greedy": ["a", "b"],
        # Without a budget all who vote can pay for everything: only c and d are level, for one site.
        "mes": ["a", "b"],
        "max_approval": ["a", "b"],
    }


def test_an_unknown_method_is_refused_with_the_names_there_are(election):
    with pytest.raises(TallyInputError) as refusal:
        compute("borda", election(None, THREE, {}))
    assert refusal.value.code == "unknown_method"
    assert "site_winner, greedy" in refusal.value.message_ja
    assert "site_winner, greedy" in refusal.value.message_en


def test_a_recount_by_version_1_gives_the_results_of_version_1(election):
    """If this fails, results already published would change: raise the method's version instead."""
    tally_input = election(
        1_000,
        {
            "shade": {"plaza": 400, "deck": 450},
            "stage": {"plaza": 500},
            "swing": {"deck": 300, "park": 350},
            "cafe": {"park": 600, "deck": 300},
            "mist": {"gate": 100},
            "mural": {"gate": 100, "wall": 150},
        },
        {"shade stage": 40, "swing": 31, "stage swing": 9, "cafe mist": 20, "mural cafe": 22, "": 6},
    )
    # Votes: stage 49, cafe 42, shade 40, swing 40, mural 22, mist 20.
    # site_winner: plaza stage 500, deck cafe 300, park cafe 600, gate mural 100, wall mural 150.
    #   Paid in order: stage (500 left), cafe deck (200), cafe park 600 no, mural gate (100), mural wall 150 no.
    # greedy: stage plaza 500; cafe deck 300; swing (cheapest 300) no, shade no; mural gate 100;
    #   mist pushes mural to the wall: 500 + 300 + 150 + 100 > 1000, no.
    assert (METHODS["site_winner"].version, METHODS["greedy"].version) == (1, 1)
    assert compute("site_winner", tally_input).selected == (
        Option("stage", "plaza", 500),
        Option("cafe", "deck", 300),
        Option("mural", "gate", 100),
    )
    assert compute("greedy", tally_input).selected == (
        Option("stage", "plaza", 500),
        Option("cafe", "deck", 300),
        Option("mural", "gate", 100),
    )
