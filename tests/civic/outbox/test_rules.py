"""Lists of residents in bytes, and the hours in which no phone may ring."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel.clock import JST
from civic.outbox.rules import after_night, is_night, pack, unpack

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zoned


def test_numbers_are_little_endian_words_of_eight_bytes():
    assert pack([1, 258]) == b"\x01" + bytes(7) + b"\x02\x01" + bytes(6)


@given(st.lists(st.integers(0, 2**63 - 1), max_size=500))
def test_what_was_packed_comes_back_in_order(numbers):
    assert unpack(pack(numbers)) == numbers


@pytest.mark.parametrize(
    ("local", "may_ring"),
    [
        ("2026-10-03T20:59:59", "2026-10-03T20:59:59"),
        ("2026-10-03T21:00:00", "2026-10-04T08:00:00"),
        ("2026-10-03T23:30:00", "2026-10-04T08:00:00"),
        ("2026-10-04T00:00:00", "2026-10-04T08:00:00"),
        ("2026-10-04T07:59:59", "2026-10-04T08:00:00"),
        ("2026-10-04T08:00:00", "2026-10-04T08:00:00"),
        ("2026-12-31T22:00:00", "2027-01-01T08:00:00"),
    ],
)
def test_the_night_in_japan_is_waited_for(local, may_ring):
    now = datetime.fromisoformat(local).replace(tzinfo=JST).astimezone(UTC)
    assert after_night(now) == datetime.fromisoformat(may_ring).replace(tzinfo=JST)


@given(MOMENTS)
def test_the_morning_is_never_more_than_a_night_away_and_never_in_the_past(now):
    morning = after_night(now)
    assert timedelta(0) <= morning - now <= timedelta(hours=11)
    assert not is_night(morning)
    assert (morning == now) or is_night(now)
