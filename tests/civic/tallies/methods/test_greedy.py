"""Golden cases of ``greedy``, worked out by hand from docs/methods.md."""

from itertools import product
from time import perf_counter

from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import Option, Tie


def test_goes_down_by_votes_skips_what_does_not_fit_and_goes_on(election):
    outcome = compute(
        "greedy",
        election(
            100,
            {"a": {"s": 60}, "b": {"t": 50}, "c": {"u": 40}, "d": {"v": 0}},
            {"a": 9, "b": 8, "c": 7, "d": 1},
        ),
    )
    assert outcome.selected == (Option("a", "s", 60), Option("c", "u", 40), Option("d", "v", 0))
    assert outcome.status == "final"


def test_an_earlier_winner_moves_to_another_of_its_sites(election):
    outcome = compute(
        "greedy", election(None, {"a": {"plaza": 10, "deck": 15}, "b": {"plaza": 20}}, {"a": 5, "b": 3})
    )
    # Alone, a stands on the plaza for 10; b can only stand there, so a moves to the deck for 15.
    assert outcome.selected == (Option("a", "deck", 15), Option("b", "plaza", 20))


def test_a_chain_of_moves_makes_room(election):
    outcome = compute(
        "greedy",
        election(
            None,
            {"a": {"s1": 1, "s2": 2}, "b": {"s2": 1, "s3": 2}, "c": {"s1": 1}},
            {"a": 5, "b": 4, "c": 3},
        ),
    )
    assert outcome.selected == (Option("a", "s2", 2), Option("b", "s3", 2), Option("c", "s1", 1))


def test_a_move_that_would_break_the_budget_is_not_made(election):
    sites = {"a": {"plaza": 10, "deck": 15}, "b": {"plaza": 20}, "c": {"park": 19}}
    outcome = compute("greedy", election(34, sites, {"a": 5, "b": 3, "c": 2}))
    # a + b = 15 + 20 = 35 > 34, so b is skipped and a stays where it is cheapest; c fits with 10 + 19.
    assert outcome.selected == (Option("a", "plaza", 10), Option("c", "park", 19))
    assert compute("greedy", election(35, sites, {"a": 5, "b": 3, "c": 2})).selected == (
        Option("a", "deck", 15),
        Option("b", "plaza", 20),
    )


def test_the_cheapest_sites_in_total_are_used(election):
    outcome = compute("greedy", election(None, {"a": {"s": 1, "t": 2}, "b": {"s": 1, "t": 9}}, {"a": 5, "b": 3}))
    # a on s and b on t would be 10 together, a on t and b on s only 3.
    assert outcome.selected == (Option("a", "t", 2), Option("b", "s", 1))


def test_equally_cheap_sites_go_by_site_id_to_the_more_approved_first(election):
    outcome = compute("greedy", election(None, {"a": {"t": 5, "s": 5}, "b": {"t": 5, "s": 5}}, {"b": 5, "a": 3}))
    assert outcome.selected == (Option("b", "s", 5), Option("a", "t", 5))


def test_level_votes_go_to_the_lower_cost_first(election):
    outcome = compute("greedy", election(10, {"a": {"s": 6}, "b": {"t": 5}}, {"a b": 2}))
    assert outcome.selected == (Option("b", "t", 5),)
    assert outcome.status == "final"


def test_a_tie_that_changes_nothing_is_not_pending(election):
    both_fit = compute("greedy", election(10, {"b": {"t": 5}, "a": {"s": 5}}, {"a b": 2}))
    assert both_fit.status == "final"
    assert both_fit.selected == (Option("a", "s", 5), Option("b", "t", 5))
    none_fits = compute("greedy", election(10, {"a": {"s": 5}, "b": {"t": 5}, "c": {"u": 6}}, {"a b": 2, "c": 3}))
    assert none_fits.status == "final"
    assert none_fits.selected_proposals == ["c"]


def test_a_tie_that_changes_the_result_stops_the_count(election):
    tied = election(14, {"c": {"u": 4}, "b": {"t": 6}, "a": {"s": 6}, "d": {"v": 1}}, {"c": 9, "a b": 2, "d": 1})
    pending = compute("greedy", tied)
    assert pending.status == "tie_pending"
    assert pending.selected == (Option("c", "u", 4),)
    assert pending.ties == (Tie(("a", "b"), ("s", "t"), "not_all_fit"),)
    by_id = compute("greedy", tied, last_tie="id_order")
    assert by_id.status == "final"
    assert by_id.selected_proposals == ["c", "a", "d"]


def test_only_the_level_proposals_that_still_fit_are_in_the_tie(election):
    outcome = compute(
        "greedy",
        election(100, {"top": {"s": 10}, "a": {"s": 5}, "b": {"t": 5}, "c": {"t": 5}}, {"top": 9, "a b c": 2}),
    )
    assert outcome.ties == (Tie(("b", "c"), ("t",), "not_all_fit"),)
    assert outcome.ties[0].site == "t"


def test_id_order_is_code_point_order_not_number_order(election):
    outcome = compute("greedy", election(5, {"9": {"s": 5}, "10": {"t": 5}}, {"9 10": 1}), last_tie="id_order")
    assert outcome.selected_proposals == ["10"]


def test_fifty_sites_and_two_hundred_proposals_are_counted_in_seconds(election):
    sites = {f"p{i:03}": {f"s{j:02}": 1000 + (i * 37 + j * 101) % 997 for j in range(50)} for i in range(200)}
    votes = {f"p{i:03}": 1000 - i for i in range(200)}
    started = perf_counter()
    outcome = compute("greedy", election(None, sites, votes))
    assert perf_counter() - started < 10
    # Without a budget the 50 most approved proposals fill the 50 sites.
    assert outcome.selected_proposals == [f"p{i:03}" for i in range(50)]
    assert len({option.site for option in outcome.selected}) == 50


def test_a_swap_of_any_two_sites_never_saves_money(election):
    sites = {f"p{i}": {f"s{j}": 10 + (i * 7 + j * 11) % 13 for j in range(6)} for i in range(6)}
    outcome = compute("greedy", election(None, sites, {f"p{i}": 9 - i for i in range(6)}))
    cost = {(o.proposal, o.site): o.cost_yen for o in outcome.selected}
    for (p, s), (q, t) in product(cost, cost):
        assert sites[p][t] + sites[q][s] >= sites[p][s] + sites[q][t]
