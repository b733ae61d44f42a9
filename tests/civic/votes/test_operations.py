"""The record of an operation, its salt and its receipt, recomputed here by other code."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel.clock import to_ms
from civic.kernel.ids import normalize_receipt
from civic.votes.operations import COLUMNS, Cast, OpenBallot, log_row, operation_record, receipt_of

KEY = bytes(range(32))
BALLOT = OpenBallot(7, "attara-2026", KEY)
LINE_ID = "U4af4980629b2d8b5c1f0a8e1d2c3b4a5"
AT = to_ms(datetime(2026, 10, 3, 4, 56, 7, 891_000, tzinfo=UTC))
CAST = Cast("line", LINE_ID, "add", ("shade-bench",), "01JA0000000000000000000001", AT)

slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
casts = st.builds(
    Cast,
    channel=st.sampled_from(["line", "web", "paper"]),
    account=st.text(min_size=1),
    op=st.sampled_from(["add", "remove", "none", "withdraw", "set"]),
    choices=st.lists(slugs, max_size=4).map(tuple),
    event_id=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26),
    at_ms=st.integers(0, 4_000_000_000_000),
)


def row_of(cast=CAST):
    return dict(zip(COLUMNS, log_row(BALLOT, cast), strict=False))


def crockford(data: bytes) -> str:
    """Crockford's base32 by taking five bits at a time off a string of bits; only 0-9 A-Z without I, L, O, U."""
    alphabet = [c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in "ILOU"]
    bits = "".join(f"{byte:08b}" for byte in data)
    return "".join(alphabet[int(bits[i : i + 5], 2)] for i in range(0, len(bits), 5))


def test_crockford_of_a_known_value():
    """Ten bytes of 0xFF are eighty ones: sixteen times 31, the letter Z. Ten zero bytes are sixteen noughts."""
    assert crockford(b"\xff" * 10) == "Z" * 16
    assert crockford(bytes(10)) == "0" * 16


@given(casts)
def test_the_receipt_is_the_hash_of_salt_and_record(cast):
    row = row_of(cast)
    code = crockford(hashlib.sha256(row["salt"] + row["record"]).digest()[:10])
    assert row["receipt"] == "-".join(re.findall("....", code)) == receipt_of(row["salt"], row["record"])


def test_the_pseudonym_is_keyed_by_the_ballot():
    wanted = hmac.new(KEY, b"line:" + LINE_ID.encode(), "sha256").digest()[:16]
    assert row_of()["voter"] == wanted
    assert log_row(OpenBallot(7, "attara-2026", bytes(32)), CAST)[2] != wanted


def test_the_record_by_hand():
    row = row_of()
    committed = hashlib.sha256(row["salt"] + f"{AT}:01JA0000000000000000000001".encode()).hexdigest()
    assert json.loads(row["record"]) == {
        "v": 1,
        "type": "vote",
        "ballot": "attara-2026",
        "p": row["voter"].hex(),
        "channel": "line",
        "op": "add",
        "choices": ["shade-bench"],
        "h": "2026-10-03T04Z",
        "tc": committed,
    }


@given(casts)
def test_the_record_is_canonical(cast):
    """Sorted keys, no spaces, ASCII: Python's own writer gives the very same bytes."""
    record = row_of(cast)["record"]
    again = json.dumps(json.loads(record), sort_keys=True, separators=(",", ":"))
    assert again.encode("ascii") == record


@given(st.integers(0, 4_000_000_000_000))
def test_the_hour_is_the_whole_of_the_time_that_a_record_tells(at_ms):
    record = json.loads(row_of(Cast("line", LINE_ID, "none", (), CAST.event_id, at_ms))["record"])
    hour = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)
    assert record["h"] == hour.strftime("%Y-%m-%dT%HZ")


def test_two_taps_of_one_hour_differ_in_nothing_that_is_a_time():
    """With one salt everything but the commitment is equal, so a reader cannot tell which came first."""
    salt, voter = bytes(16), bytes(16)
    later = Cast("line", LINE_ID, "add", ("shade-bench",), CAST.event_id, AT + 60_000)
    first, second = (json.loads(operation_record("b", voter, cast, salt)) for cast in (CAST, later))
    assert first.pop("tc") != second.pop("tc")
    assert first == second


def test_the_same_tap_is_salted_anew_so_its_receipt_cannot_be_guessed():
    first, second = row_of(), row_of()
    assert len(first["salt"]) == 16
    assert first["salt"] != second["salt"]
    assert first["receipt"] != second["receipt"]


def test_no_row_holds_the_line_id():
    for value in row_of().values():
        text = value if isinstance(value, bytes) else str(value).encode()
        assert LINE_ID.encode() not in text
        assert bytes.fromhex(LINE_ID[1:]) not in text


@pytest.mark.parametrize(
    "typed",
    ["n7k4-2m0q-10zz-aaaa", "N7K42M0Q10ZZAAAA", " n7k4 2moq ioZZ aaaa ", "N7K4-2MOQ-LOZZ-AAAA"],
)
def test_a_receipt_may_be_typed_as_people_type(typed):
    """O is read as 0, I and L as 1, small letters as capitals; spaces and hyphens do not matter."""
    assert normalize_receipt(typed) == "N7K4-2M0Q-10ZZ-AAAA"


NO_RECEIPTS = ["", "N7K4-2M0Q-10ZZ-AAA", "N7K4-2M0Q-10ZZ-AAAU", "N7K4-2M0Q-10ZZ-AAAAA", "受付番号"]


@pytest.mark.parametrize("typed", NO_RECEIPTS)
def test_what_cannot_be_a_receipt_is_none(typed):
    assert normalize_receipt(typed) is None


@given(casts)
def test_every_receipt_reads_back_as_itself(cast):
    receipt = row_of(cast)["receipt"]
    assert normalize_receipt(receipt.lower().replace("-", " ")) == receipt
