"""The fold by hand: each case is a small story with its outcome written down."""

from dataclasses import replace

import pytest

from civic.votes.channels import CHANNELS
from civic.votes.rules import Count, Folded, Tap, Terms, count, fallen_out, fold, in_time, is_valid

TERMS = Terms(
    opens_ms=1_000,
    closes_ms=2_000,
    grace_ms=100,
    max_approvals=2,
    options=frozenset({"bench", "stage", "swing", "mist"}),
    withdrawn={},
)
ONE = replace(TERMS, max_approvals=1)
NOBODY = dict.fromkeys(CHANNELS, 0)


def taps(*acts: str, start: int = 1_100) -> list[Tap]:
    """``taps("add bench", "none")``: one operation each ten milliseconds, events E0, E1, …"""
    words = [act.split() for act in acts]
    return [Tap(start + 10 * i, f"E{i}", op, tuple(rest), start + 10 * i) for i, (op, *rest) in enumerate(words)]


def vote(*choices: str) -> Folded:
    return Folded(choices, blank=False)


BLANK = Folded((), blank=True)


def test_an_add_is_a_vote():
    assert fold(taps("add bench"), TERMS) == vote("bench")


def test_choices_stand_in_the_order_in_which_they_were_added():
    assert fold(taps("add stage", "add bench"), TERMS) == vote("stage", "bench")


def test_the_limit_pushes_out_the_oldest():
    assert fold(taps("add bench", "add stage", "add swing"), TERMS) == vote("stage", "swing")


def test_with_one_approval_the_newest_replaces():
    assert fold(taps("add bench", "add stage"), ONE) == vote("stage")


def test_a_vote_tells_the_last_operation_that_counted_whatever_came_in_which_order():
    first, last, late = *taps("add bench", "add stage"), Tap(2_000, "E9", "add", ("swing",), 2_000)
    assert fold([late, last, first], TERMS).last == last


def test_a_second_tap_on_the_same_card_is_the_same_add_and_never_takes_back():
    assert fold(taps("add bench", "add bench"), TERMS) == vote("bench")


def test_a_second_tap_makes_the_choice_the_newest():
    story = taps("add bench", "add stage", "add bench", "add swing")
    assert fold(story, TERMS) == vote("bench", "swing")


def test_remove_takes_one_choice():
    assert fold(taps("add bench", "add stage", "remove bench"), TERMS) == vote("stage")


def test_removing_the_last_choice_is_no_vote_not_a_blank_one():
    assert fold(taps("add bench", "remove bench"), TERMS) is None


def test_removing_what_was_never_chosen_changes_nothing():
    assert fold(taps("add bench", "remove stage"), TERMS) == vote("bench")
    assert fold(taps("add bench", "remove stage", "add swing"), TERMS) == vote("bench", "swing")
    assert fold(taps("remove stage"), TERMS) is None


def test_none_is_a_blank_vote():
    assert fold(taps("none"), TERMS) == BLANK
    assert fold(taps("add bench", "none"), TERMS) == BLANK


def test_an_add_after_none_is_an_ordinary_vote():
    assert fold(taps("none", "add bench"), TERMS) == vote("bench")


def test_none_then_add_then_remove_is_no_vote():
    assert fold(taps("none", "add bench", "remove bench"), TERMS) is None


def test_a_remove_does_not_make_a_blank_vote_vanish():
    assert fold(taps("none", "remove bench"), TERMS) == BLANK


def test_withdraw_is_no_vote():
    assert fold(taps("add bench", "withdraw"), TERMS) is None
    assert fold(taps("none", "withdraw"), TERMS) is None


def test_one_may_vote_again_after_a_withdraw():
    assert fold(taps("add bench", "withdraw", "add stage"), TERMS) == vote("stage")


def test_a_paper_sheet_sets_all_choices_at_once():
    assert fold(taps("add bench", "set stage swing"), TERMS) == vote("stage", "swing")
    assert fold(taps("set stage stage"), TERMS) == vote("stage")


def test_an_empty_paper_sheet_is_blank():
    assert fold(taps("add bench", "set"), TERMS) == BLANK


def test_a_sheet_with_too_many_choices_is_invalid_and_changes_nothing():
    assert fold(taps("add mist", "set bench stage swing"), TERMS) == vote("mist")


def test_no_operation_is_no_vote():
    assert fold([], TERMS) is None


@pytest.mark.parametrize(("at_ms", "counts"), [(999, False), (1_000, True), (1_999, True), (2_000, False)])
def test_the_window_holds_its_opening_instant_and_not_its_closing_one(at_ms, counts):
    tap = Tap(at_ms, "E", "add", ("bench",), at_ms)
    assert in_time(tap, TERMS) is counts
    assert (fold([tap], TERMS) is not None) is counts


@pytest.mark.parametrize(("received_ms", "counts"), [(2_000, True), (2_099, True), (2_100, False), (9_000, False)])
def test_a_tap_before_the_close_has_until_the_end_of_the_grace_to_arrive(received_ms, counts):
    assert (fold([Tap(1_999, "E", "add", ("bench",), received_ms)], TERMS) is not None) is counts


def test_in_the_same_millisecond_the_higher_event_id_comes_last():
    same = [Tap(1_500, "01B", "add", ("bench",), 1_500), Tap(1_500, "01A", "add", ("stage",), 1_500)]
    assert fold(same, ONE) == fold(same[::-1], ONE) == vote("bench")


def test_event_time_decides_and_not_the_time_of_arrival():
    late_message = [Tap(1_500, "E1", "add", ("bench",), 1_900), Tap(1_600, "E2", "add", ("stage",), 1_601)]
    assert fold(late_message, ONE) == vote("stage")


@pytest.mark.parametrize(
    "act",
    ["add nowhere", "remove nowhere", "add bench stage", "remove", "add", "none bench", "withdraw bench", "set x"],
)
def test_an_operation_in_a_wrong_shape_or_with_an_unknown_name_changes_nothing(act):
    story = taps("add bench", act)
    assert not is_valid(story[1], TERMS)
    assert fold(story, TERMS) == vote("bench")


def withdrawn(proposal: str, at_ms: int, terms: Terms = TERMS) -> Terms:
    return replace(terms, withdrawn={proposal: at_ms})


def test_an_option_withdrawn_later_leaves_the_vote():
    assert fold(taps("add bench", "add stage"), withdrawn("bench", 1_500)) == vote("stage")


def test_a_vote_left_empty_by_a_withdrawal_is_blank():
    assert fold(taps("add bench"), withdrawn("bench", 1_500)) == BLANK


def test_an_add_at_or_after_the_notice_is_invalid_and_one_before_it_is_not():
    terms = withdrawn("bench", 1_110)
    before, at = Tap(1_109, "E", "add", ("bench",), 1_109), Tap(1_110, "E", "add", ("bench",), 1_110)
    assert (is_valid(before, terms), is_valid(at, terms)) == (True, False)
    assert fold([at], terms) is None


def test_a_set_at_or_after_the_notice_is_invalid_and_one_before_it_is_not():
    terms = withdrawn("bench", 1_110)
    before, at = (Tap(at_ms, "E", "set", ("stage", "bench"), at_ms) for at_ms in (1_109, 1_110))
    assert (is_valid(before, terms), is_valid(at, terms)) == (True, False)
    assert fold([at], terms) is None


def test_what_was_withdrawn_can_still_be_taken_back():
    assert fold(taps("add bench", "remove bench"), withdrawn("bench", 1_105)) is None


def test_a_withdrawn_option_takes_no_place_so_the_next_choice_pushes_nothing_out():
    """Two places: stage, and bench that was withdrawn at 1 115; swing finds its place free."""
    story = taps("add stage", "add bench", "add swing")
    assert fold(story, withdrawn("bench", 1_115)) == vote("stage", "swing")
    assert fallen_out(story, "E2", withdrawn("bench", 1_115)) == ()


def test_at_the_millisecond_of_the_notice_the_option_takes_no_place_any_more():
    story = taps("add stage", "add bench", "add swing")
    assert story[2].at_ms == 1_120
    assert fold(story, withdrawn("stage", 1_120)) == vote("bench", "swing")
    assert fallen_out(story, "E2", withdrawn("bench", 1_120)) == ()


def test_before_the_notice_an_option_took_its_place_like_every_other():
    """The third add came before the notice, so it pushed out the oldest, as the receipt then said."""
    story = taps("add stage", "add bench", "add swing")
    assert fold(story, withdrawn("bench", 1_121)) == vote("swing")


def test_what_fell_out_is_named():
    story = taps("add bench", "add stage", "add swing")
    assert fallen_out(story, "E2", TERMS) == ("bench",)
    assert fallen_out(story[:2], "E1", TERMS) == ()
    assert fallen_out(taps("add bench", "add stage"), "E1", ONE) == ("bench",)


def test_a_second_tap_pushes_nothing_out():
    assert fallen_out(taps("add bench", "add stage", "add bench"), "E2", TERMS) == ()


def test_where_no_vote_was_or_is_nothing_else_falls_out():
    assert fallen_out(taps("add bench"), "E0", TERMS) == ()
    assert fallen_out(taps("add bench", "withdraw"), "E1", TERMS) == ("bench",)


def test_a_voter_counts_in_the_channel_of_the_last_operation_that_counts():
    log = [
        (b"1", Tap(1_100, "E1", "add", ("bench",), 1_100, "line")),
        (b"1", Tap(1_300, "E2", "add", ("stage",), 1_300, "web")),
        (b"1", Tap(1_200, "E3", "remove", ("bench",), 1_900, "line")),  # arrived last, tapped before
        (b"1", Tap(2_000, "E4", "add", ("bench",), 2_000, "line")),  # late
        (b"1", Tap(1_400, "E5", "add", ("nowhere",), 1_400, "line")),  # invalid
        (b"2", Tap(1_100, "E6", "add", ("bench",), 1_100, "code")),
        (b"3", Tap(1_100, "E7", "add", ("bench",), 1_100, "code")),
        (b"3", Tap(1_200, "E8", "withdraw", (), 1_200, "code")),  # no vote, no voter
    ]
    assert count(log, TERMS).channels == NOBODY | {"web": 1, "code": 1}


def test_counting_says_what_counted_and_what_did_not():
    log = [
        (b"1", Tap(1_100, "E1", "add", ("bench",), 1_100)),
        (b"2", Tap(1_100, "E2", "none", (), 1_100)),
        (b"3", Tap(1_100, "E3", "add", ("bench",), 1_100)),
        (b"3", Tap(1_200, "E4", "add", ("stage",), 1_200)),
        (b"4", Tap(2_000, "E5", "add", ("bench",), 2_000)),  # late: at the close
        (b"1", Tap(1_900, "E6", "add", ("stage",), 2_100)),  # late: after the grace
        (b"5", Tap(1_100, "E7", "add", ("nowhere",), 1_100)),  # invalid
        (b"5", Tap(1_200, "E7b", "remove", (), 1_200)),  # invalid
        (b"6", Tap(1_100, "E8", "add", ("bench",), 1_100)),
        (b"6", Tap(1_200, "E9", "withdraw", (), 1_200)),
    ]
    ballots = {frozenset({"bench"}): 1, frozenset(): 1, frozenset({"bench", "stage"}): 1}
    assert count(log, TERMS) == Count(ballots, 3, blank=1, late=2, invalid=2, channels=NOBODY | {"line": 3})


def test_nothing_counted_is_all_zero():
    assert count([], TERMS) == Count({}, voters=0, blank=0, late=0, invalid=0, channels=NOBODY)
