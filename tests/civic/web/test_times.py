"""Weekdays from the calendar of 2026: 1 October and 15 October are Thursdays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from civic.web.times import calendar_day, day, days, deadline, hour, moment, short_moment

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


def test_in_easy_japanese_each_part_has_its_reading():
    instant = datetime(2026, 10, 1, 0, 59, 59, tzinfo=UTC)
    today = "2026年（ねん）10月（がつ）1日（ついたち） 木曜日（もくようび）"
    assert day(instant, "ja@easy") == today
    assert moment(instant, "ja@easy") == f"{today} 09:59"
    assert hour(instant, "ja@easy") == f"{today} 09:00 から 09:59 まで"
    fortnight = days(instant, instant + timedelta(days=13), "ja@easy")
    assert fortnight == f"{today}〜10月（がつ）14日（じゅうよっか） 水曜日（すいようび）"


@pytest.mark.parametrize(
    ("number", "read"),
    [(1, "ついたち"), (2, "ふつか"), (8, "ようか"), (10, "とおか"), (11, "にち"), (14, "じゅうよっか"),
     (19, "にち"), (20, "はつか"), (24, "にじゅうよっか"), (31, "にち")],
)  # fmt: skip
def test_days_of_the_month_are_read_as_people_say_them(number, read):
    assert f"{number}日（{read}）" in calendar_day(date(2026, 10, number), "ja@easy")


def test_a_message_leaves_the_year_out():
    assert short_moment(MIDNIGHT_IN_JAPAN, "ja") == "10月16日(金) 00:00"
    assert short_moment(MIDNIGHT_IN_JAPAN, "en") == "Fri 16 Oct, 00:00"
    assert short_moment(MIDNIGHT_IN_JAPAN, "ja@easy") == "10月（がつ）16日（にち） 金曜日（きんようび） 00:00"
