"""Golden cases of ``site_winner``, worked out by hand from docs/methods.md."""

from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import Option, Tie


def test_each_site_is_decided_alone_and_a_proposal_may_win_several(election):
    outcome = compute(
        "site_winner",
        election(
            None,
            {"bench": {"plaza": 300, "deck": 200}, "roof": {"plaza": 900}, "stage": {"deck": 100, "park": 50}},
            {"bench": 5, "roof": 4, "stage bench": 1},
        ),
    )
    # bench 6, roof 4, stage 1: bench leads on plaza and deck, stage is alone in the park.
    assert outcome.status == "final"
    assert outcome.approvals == {"bench": 6, "roof": 4, "stage": 1}
    assert outcome.selected == (
        Option("bench", "deck", 200),
        Option("bench", "plaza", 300),
        Option("stage", "park", 50),
    )
    assert outcome.selected_proposals == ["bench", "stage"]


def test_level_votes_go_to_the_lower_cost_there(election):
    outcome = compute(
        "site_winner",
        election(None, {"a": {"s": 30, "t": 10}, "b": {"s": 20, "t": 10}, "c": {"t": 90}}, {"a b": 2, "c": 1}),
    )
    assert outcome.selected == (Option("b", "s", 20),)
    assert outcome.ties == (Tie(("a", "b"), ("t",), "equal_at_site"),)
    assert outcome.ties[0].site == "t"
    assert outcome.status == "tie_pending"


def test_a_tie_on_one_site_leaves_the_other_sites_decided(election):
    tied = election(None, {"b": {"s": 20}, "a": {"s": 20}, "c": {"t": 90}}, {"a b": 2, "c": 3})
    pending = compute("site_winner", tied)
    assert pending.selected == (Option("c", "t", 90),)
    assert pending.ties == (Tie(("a", "b"), ("s",), "equal_at_site"),)
    by_id = compute("site_winner", tied, last_tie="id_order")
    assert by_id.status == "final"
    assert by_id.selected == (Option("c", "t", 90), Option("a", "s", 20))


def test_an_option_dearer_than_the_budget_is_left_out_before_the_site_is_decided(election):
    outcome = compute("site_winner", election(100, {"a": {"s": 101}, "b": {"s": 100}}, {"a": 9, "b": 1}))
    assert outcome.selected == (Option("b", "s", 100),)


def test_the_budget_pays_the_firsts_in_order_and_skips_what_does_not_fit(election):
    outcome = compute(
        "site_winner",
        election(
            100,
            {"a": {"s": 60}, "b": {"t": 50}, "c": {"u": 40}, "d": {"t": 1}},
            {"a": 9, "b": 8, "c": 7, "d": 1},
        ),
    )
    # 60 + 50 > 100: site t stays empty (its second, d, does not move up), and u is paid with the last 40.
    assert outcome.selected == (Option("a", "s", 60), Option("c", "u", 40))
    assert outcome.status == "final"


def test_level_sites_and_money_for_one_of_them_is_a_tie(election):
    level = election(
        100, {"a": {"s": 60}, "b": {"t": 60}, "c": {"u": 40}, "d": {"v": 50}}, {"a b": 5, "c": 2, "d": 3}
    )
    outcome = compute("site_winner", level)
    # a and b cost the same, so 40 remain whoever is drawn: d (50) does not fit, c (40) does.
    assert outcome.selected == (Option("c", "u", 40),)
    assert outcome.ties == (Tie(("a", "b"), ("s", "t"), "not_all_fit"),)
    assert outcome.ties[0].site is None
    by_id = compute("site_winner", level, last_tie="id_order")
    assert by_id.selected == (Option("a", "s", 60), Option("c", "u", 40))


def test_a_tied_site_keeps_its_money_while_the_lot_is_open(election):
    outcome = compute(
        "site_winner", election(100, {"a": {"s": 60}, "b": {"s": 60}, "c": {"t": 50}}, {"a b": 5, "c": 2})
    )
    assert outcome.selected == ()
    assert outcome.status == "tie_pending"
    assert [tie.site for tie in outcome.ties] == ["s"]


def test_a_tied_site_the_budget_does_not_reach_needs_no_lot(election):
    outcome = compute(
        "site_winner", election(100, {"a": {"s": 60}, "b": {"s": 60}, "c": {"t": 50}}, {"a b": 2, "c": 5})
    )
    assert outcome.status == "final"
    assert outcome.selected == (Option("c", "t", 50),)


def test_one_proposal_first_on_two_level_sites_with_money_for_one(election):
    outcome = compute("site_winner", election(100, {"a": {"s": 60, "t": 60}}, {"a": 2}))
    assert outcome.selected == ()
    assert outcome.ties == (Tie(("a",), ("s", "t"), "not_all_fit"),)
