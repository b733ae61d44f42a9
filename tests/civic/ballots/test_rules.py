"""The rules of a ballot by themselves: its steps, its manifest, its close, the order in which options stand."""

import hashlib
import hmac
import itertools
from datetime import UTC, datetime

import pytest

from civic.ballots.rules import (
    COUNTING_STATES,
    Notice,
    closing_notice,
    closing_time,
    decimal,
    manifest,
    require_open,
    require_step,
    rotated,
    rotation_of,
    withdrawals,
)
from civic.ballots.tables import STATES
from civic.kernel.canonical import canonical_json
from civic.kernel.errors import Conflict

CLOSES = datetime(2026, 10, 18, 11, 0, tzinfo=UTC)
EARLIER, LATER = CLOSES.replace(hour=9), CLOSES.replace(day=20)
STEPS = {
    "draft": {"scheduled", "open", "cancelled"},
    "scheduled": {"draft", "open", "cancelled"},
    "open": {"closed", "cancelled"},
    "closed": {"sealed", "cancelled"},
    "sealed": {"decided"},
    "decided": set(),
    "cancelled": set(),
}


def test_the_states_of_a_ballot():
    assert set(STEPS) == set(STATES)
    assert {"sealed", "decided"} == COUNTING_STATES


@pytest.mark.parametrize(("present", "wanted"), list(itertools.product(STEPS, repeat=2)))
def test_a_ballot_takes_only_the_steps_of_its_life(present, wanted):
    if wanted in STEPS[present]:
        require_step("park-2026", present, wanted)
        return
    with pytest.raises(Conflict) as refusal:
        require_step("park-2026", present, wanted)
    assert refusal.value.code == "ballot_state"
    assert refusal.value.sentence("ja") == (
        f"投票「park-2026」は今「{present}」なので、「{wanted}」にはできません。状態を確かめてください。"
    )
    assert "park-2026" in refusal.value.sentence("en")


@pytest.mark.parametrize("present", STEPS)
def test_only_an_open_ballot_is_open(present):
    if present == "open":
        require_open("park-2026", present)
        return
    with pytest.raises(Conflict) as refusal:
        require_open("park-2026", present)
    assert refusal.value.code == "ballot_not_open"
    assert refusal.value.sentence("ja") == (
        f"投票「park-2026」は受付中ではありません（今は「{present}」）。受付中にだけできます。"
    )


def test_the_manifest_says_its_form_the_order_of_ties_and_the_options():
    options = ({"proposal": "bench"}, {"proposal": "tree"})
    assert manifest({"ballot": "park-2026", "max_approvals": 2}, options) == {
        "v": 1,
        "tie": ["approvals", "lower_cost", "tie_pending"],
        "ballot": "park-2026",
        "max_approvals": 2,
        "options": [{"proposal": "bench"}, {"proposal": "tree"}],
    }


def test_a_ballot_with_a_beacon_says_that_ties_go_by_lot():
    named = {"ja": "11月30日の終値", "en": "The close of 30 November"}
    assert manifest({"ballot": "park-2026", "beacon": named}, ()) == {
        "v": 1,
        "tie": ["approvals", "lower_cost", "lot"],
        "ballot": "park-2026",
        "beacon": named,
        "options": [],
    }


def test_the_bytes_of_manifests_stay_as_they_were():
    """Opened ballots are known by these bytes: the lines were written out by hand."""
    head = {"ballot": "park-2026", "budget_yen": None, "title": {"ja": "公園"}}
    assert (
        canonical_json(manifest(head, [{"proposal": "bench"}]))
        == (
            '{"ballot":"park-2026","budget_yen":null,"options":[{"proposal":"bench"}],'
            '"tie":["approvals","lower_cost","tie_pending"],"title":{"ja":"公園"},"v":1}'
        ).encode()
    )
    assert (
        canonical_json(manifest(head | {"beacon": {"ja": "終値"}}, []))
        == (
            '{"ballot":"park-2026","beacon":{"ja":"終値"},"budget_yen":null,"options":[],'
            '"tie":["approvals","lower_cost","lot"],"title":{"ja":"公園"},"v":1}'
        ).encode()
    )


def test_numbers_of_a_manifest_are_text_with_so_many_places():
    assert decimal(139.69050004, 7) == "139.6905000"
    assert (decimal(1.25, 2), decimal(-0.5, 0), decimal(3, 1)) == ("1.25", "-0", "3.0")


def closing(at: datetime, kind: str = "extension") -> Notice:
    return Notice(kind, CLOSES, closing_notice(at))


def test_a_ballot_closes_as_frozen_unless_a_notice_says_otherwise():
    correction = Notice("correction", CLOSES, {"wrong": "a", "right": "b"})
    assert closing_time(CLOSES, []) == CLOSES
    assert closing_time(CLOSES, [correction]) == CLOSES
    assert closing_time(CLOSES, [closing(LATER)]) == LATER
    assert closing_time(CLOSES, [closing(EARLIER, "closing"), correction]) == EARLIER


def test_of_several_notices_about_the_close_the_last_one_holds():
    assert closing_time(CLOSES, [closing(LATER), closing(EARLIER, "closing")]) == EARLIER
    assert closing_time(CLOSES, [closing(EARLIER, "closing"), closing(LATER)]) == LATER


def test_a_notice_about_the_close_carries_the_time_in_utc():
    assert closing_notice(CLOSES) == {"closes_at": "2026-10-18T11:00:00Z"}


def test_a_withdrawal_is_known_by_its_option_and_its_time():
    withdrawal = Notice("withdrawal", EARLIER, {"proposal": "tree", "reason": "roots"})
    assert withdrawals([closing(LATER), withdrawal]) == {"tree": EARLIER}
    assert withdrawals([closing(LATER)]) == {}


def test_where_a_voters_options_start_can_be_computed_again_by_whoever_has_the_key():
    voters = [b"voter %d" % number for number in range(400)]
    digests = [hmac.new(b"key", b"rotation:" + voter, hashlib.sha256).digest() for voter in voters]
    rotations = [rotation_of(b"key", voter) for voter in voters]
    assert rotations == [int.from_bytes(digest, "big") % 12 for digest in digests]
    assert set(rotations) == set(range(12))


def test_rotated_options_start_at_their_share_of_the_list():
    assert [rotated("abc", rotation)[0] for rotation in range(12)] == list("aaaabbbbcccc")
    assert rotated("abcd", 6) == ["c", "d", "a", "b"]
    assert rotated("abcd", 0) == ["a", "b", "c", "d"]
    assert rotated("", 5) == []
