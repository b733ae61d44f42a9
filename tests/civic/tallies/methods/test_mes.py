"""Equal shares by hand, and golden results that a later version must give again."""

from fractions import Fraction

import pytest

from civic.tallies.methods.equal_shares import Purchase
from civic.tallies.methods.lots import Beacon
from civic.tallies.methods.mes import Sharing
from civic.tallies.methods.options import MesOptions, read_mes_options
from civic.tallies.methods.registry import METHODS, check_options, compute
from civic.tallies.methods.types import TallyInputError

FIXED = {"increment": 0, "completion": "none"}


def winners(tally_input, **options):
    return compute("mes", tally_input, "id_order", options).selected_proposals


def test_a_majority_does_not_take_all(election):
    # 10 voters, 10 each. a, b and c have 6 effective votes, b is cheap and first by id: 6 voters keep 20 in all,
    # too little for a and c. d: 4 voters hold 40.
    sites = {"a": {"s": 60}, "b": {"t": 40}, "c": {"u": 40}, "d": {"v": 40}}
    tally_input = election(100, sites, {"a b c": 6, "d": 4})
    assert winners(tally_input, **FIXED) == ["b", "d"]
    assert compute("greedy", tally_input, "id_order").selected_proposals == ["b", "c"]


def test_who_has_less_pays_all_there_is(election):
    # 4 voters, 25 each. a: three pay 12 each, 13 left. b: two of them and the fourth hold 13 + 13 + 25 < 54, no;
    # c: the same three, cost 50: 13 + 13 + 24, so the fourth pays most, 24: effective votes 50/24.
    sites = {"a": {"s": 36}, "b": {"t": 54}, "c": {"u": 50}}
    tally_input = election(100, sites, {"a b c": 2, "a": 1, "b c": 1})
    sharing = Sharing(tally_input, MesOptions(increment=0, completion="none"))
    run = sharing.shared_by("id_order").run
    assert run.purchases == [Purchase("a", 36, Fraction(12)), Purchase("c", 50, Fraction(24))]
    assert [purchase.effective_votes for purchase in run.purchases] == [3, Fraction(25, 12)]
    assert run.purses.money_for("c") == 1


def test_utility_decides_between_dear_and_cheap(election):
    # a: 3 voters pay 20 each, 3 effective votes; b: 2 voters pay 5 each. Payments per winner: b is cheaper.
    tally_input = election(100, {"a": {"s": 60}, "b": {"t": 10}}, {"a": 2, "a b": 1, "b": 1})
    assert winners(tally_input, **FIXED) == ["a", "b"]
    assert winners(tally_input, **FIXED, utility="cardinality") == ["b", "a"]


def test_raising_stops_when_nothing_more_fits_or_goes_on_until_overspending(election):
    # 2 voters, 5 each. a costs 6, b 7, c 4; each has one voter, c both.
    # 5: c (2 each). Left 3. 6: c, 4 each. ... 8: c, then a of the first for 6. Rest 0 of 10: nothing fits.
    sites = {"a": {"s": 6}, "b": {"t": 7}, "c": {"u": 4}}
    tally_input = election(10, sites, {"a c": 1, "b c": 1})
    assert winners(tally_input, completion="none", increment=1) == ["c", "a"]
    # 9 would buy b too, for 17: the result before stands, the same here.
    assert winners(tally_input, completion="none", increment=1, stop="overspend") == ["c", "a"]
    # By steps of 4 the second run already costs 17; the first stands, and completion goes down by votes: a.
    assert winners(tally_input, completion="none", increment=4) == ["c"]
    assert winners(tally_input, completion="greedy", increment=4) == ["c", "a"]


def test_sites_are_shared_and_earlier_winners_may_move(election):
    # a is bought on the cheap site s; b stands only on s: a moves to t. c stands only where b does.
    sites = {"a": {"s": 10, "t": 20}, "b": {"s": 10}, "c": {"s": 1}}
    outcome = compute("mes", election(100, sites, {"a": 5, "b": 4, "c": 1}), "id_order")
    assert [(one.proposal, one.site) for one in outcome.selected] == [("a", "t"), ("b", "s")]


def test_moving_must_stay_within_the_budget(election):
    sites = {"a": {"s": 10, "t": 95}, "b": {"s": 10}}
    assert winners(election(100, sites, {"a": 5, "b": 4}), **FIXED) == ["a"]


def test_raising_ends_although_nobody_can_ever_pay(election):
    # One of a million approves something; all others are blank. The share must reach its cost.
    tally_input = election(1_000_000, {"a": {"s": 900_000}}, {"a": 1, "": 999_999})
    assert winners(tally_input) == ["a"]
    assert winners(tally_input, increment=0, completion="none") == []


def test_level_ones_that_do_not_touch_each_other_are_no_tie(election):
    # 21 voters; who chose all eight pays 10/7 for each. With 12 each nobody is emptied.
    sites = {p: {p.upper(): 10} for p in "abcdefgh"}
    votes = dict.fromkeys("abcdefgh", 2) | {"a b c d e f g h": 5}
    outcome = compute("mes", election(12 * 21, sites, votes), options=FIXED)
    assert (outcome.status, len(outcome.selected)) == ("final", 8)


def test_a_lot_decides_only_what_it_changes(election):
    # a and b are level for one site; c wins by every lot.
    tally_input = election(100, {"a": {"s": 30}, "b": {"s": 30}, "c": {"t": 20}}, {"a": 4, "b": 4, "c": 3})
    outcome = compute("mes", tally_input)
    assert (outcome.status, outcome.selected_proposals) == ("tie_pending", ["c"])
    assert [tie.between for tie in outcome.ties] == [("a", "b")]
    drawn = compute("mes", tally_input, Beacon("0" * 64, "0" * 64, "1"))
    assert len(drawn.selected) == 2


def test_many_classes_that_hold_exactly_what_is_asked(election):
    # 3 voters, 10 each; a: 3 voters pay 5; b: two of them hold 5 each, b costs 10: both are emptied exactly.
    tally_input = election(30, {"a": {"s": 15}, "b": {"t": 10}}, {"a b": 2, "a": 1})
    assert winners(tally_input, **FIXED) == ["a", "b"]
    assert winners(election(30, {"a": {"s": 15}, "b": {"t": 11}}, {"a b": 2, "a": 1}), **FIXED) == ["a"]


def test_numbers_beyond_doubles_are_exact(election):
    # Two voters hold half of 2**53 - 1 each: a costs all of it for both, and is bought; one yen more is not.
    most = 2**53 - 1
    assert winners(election(most, {"a": {"s": most}}, {"a": 2}), **FIXED) == ["a"]
    assert winners(election(most - 1, {"a": {"s": most}}, {"a": 2}), **FIXED) == []
    many = 2**52
    assert winners(election(many, {"a": {"s": many - 1}}, {"a": many - 1, "": 1}), **FIXED) == ["a"]
    assert winners(election(many, {"a": {"s": many}}, {"a": many - 1, "": 1}), **FIXED) == []


def test_too_many_voters_are_refused(election):
    with pytest.raises(TallyInputError) as refusal:
        compute("mes", election(10, {"a": {"s": 1}}, {"a": 2**53 - 1, "": 1}))
    assert refusal.value.code == "number_too_large"


def test_the_options_have_defaults(election):
    assert read_mes_options({}) == MesOptions("cost", "auto", "exhausted", "greedy")
    assert read_mes_options({"increment": 3, "stop": "overspend"}) == MesOptions("cost", 3, "overspend", "greedy")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ({"utilty": "cost"}, "unknown_method_option", "utility, increment, stop, completion"),
        ({"utility": "votes"}, "wrong_method_option", "cost, cardinality"),
        ({"increment": -1}, "wrong_method_option", "auto"),
        ({"increment": 1.0}, "wrong_method_option", "auto"),
        ({"increment": True}, "wrong_method_option", "auto"),
        ({"stop": ["exhausted"]}, "wrong_method_option", "exhausted, overspend"),
        ({"completion": None}, "wrong_method_option", "greedy, none"),
    ],
)
def test_a_wrong_option_is_refused_with_what_may_stand_there(options, code, said):
    with pytest.raises(TallyInputError) as refusal:
        check_options("mes", options)
    assert refusal.value.code == code
    assert said in refusal.value.message_ja
    assert said in refusal.value.message_en


@pytest.mark.parametrize("method", [name for name in METHODS if name != "mes"])
def test_the_other_methods_have_no_options(election, method):
    with pytest.raises(TallyInputError) as refusal:
        compute(method, election(1, {"a": {"s": 1}}, {"a": 1}), options={"utility": "cost"})
    assert refusal.value.code == "unknown_method_option"
