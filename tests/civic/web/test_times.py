"""Weekdays from the calendar of 2026: 1 October and 15 October are Thursdays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from civic.web.times import calendar_day, day, deadline, hour, moment

MIDNIGHT_IN_JAPAN = datetime(2026, 10, 15, 15, 0, tzinfo=UTC)


def test_a_moment_is_in_japan_with_its_weekday():
    instant = datetime(2026, 10, 1, 0, 5, tzinfo=UTC)
    assert moment(instant, "ja") == "2026年10月1日(木) 09:05"
    assert moment(instant, "en") == "Thu 1 Oct 2026, 09:05 JST"


def test_a_close_at_midnight_is_the_end_of_the_day_before():
    assert deadline(MIDNIGHT_IN_JAPAN, "ja") == "2026年10月15日(木) 23:59 まで"
    assert deadline(MIDNIGHT_IN_JAPAN, "en") == "Thu 15 Oct 2026, until 23:59 JST"


@pytest.mark.parametrize("later", [timedelta(microseconds=1), timedelta(seconds=1), timedelta(seconds=59)])
def test_a_close_just_after_midnight_is_not(later):
    assert deadline(MIDNIGHT_IN_JAPAN + later, "ja") == "2026年10月16日(金) 00:00 まで"


def test_any_other_close_is_told_as_it_is():
    assert deadline(datetime(2026, 10, 15, 9, 0, tzinfo=UTC), "ja") == "2026年10月15日(木) 18:00 まで"


def test_the_year_turns_in_japan_first():
    assert moment(datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "ja") == "2027年1月1日(金) 00:00"
    assert deadline(datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "en") == "Thu 31 Dec 2026, until 23:59 JST"


def test_an_operation_is_told_to_the_hour():
    instant = datetime(2026, 10, 1, 0, 59, 59, tzinfo=UTC)
    assert hour(instant, "ja") == "2026年10月1日(木) 9時台"
    assert hour(instant, "en") == "Thu 1 Oct 2026, between 09:00 and 09:59 JST"


def test_a_day_stands_alone_with_its_weekday():
    assert calendar_day(date(2026, 10, 1), "ja") == "2026年10月1日(木)"
    assert calendar_day(date(2026, 10, 1), "en") == "Thu 1 Oct 2026"
    assert day(MIDNIGHT_IN_JAPAN, "ja") == "2026年10月16日(金)"
