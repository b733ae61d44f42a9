"""The season as one line. Pure."""

from datetime import UTC, datetime, timedelta

import pytest

from civic.admin.timeline import time_left, timeline
from civic.programmes.tables import Stage

BEGINS = datetime(2026, 9, 30, 15, tzinfo=UTC)
"""1 October in Japan."""

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def stage(kind, first, last):
    return Stage(programme_id=1, position=0, kind=kind, opens_at=BEGINS + first, closes_at=BEGINS + last)


STAGES = [
    stage("intake", 0 * DAY, 2 * DAY),
    stage("session", 4 * DAY, 5 * DAY),
    stage("ballot", 5 * DAY, 10 * DAY),
]


def test_without_stages_there_is_no_line():
    assert timeline([], BEGINS, "ja") is None


def test_bars_are_percent_of_the_season():
    line = timeline(STAGES, BEGINS, "en")
    assert [(bar.left, bar.width) for bar in line.stages] == [(0, 20), (40, 10), (50, 50)]
    assert [bar.days for bar in line.stages] == [
        "Thu 1 Oct – Fri 2 Oct 2026",
        "Mon 5 Oct 2026",
        "Tue 6 Oct – Sat 10 Oct 2026",
    ]


@pytest.mark.parametrize(
    ("after", "today", "now"),
    [
        (-HOUR, None, "つぎ：意見をあつめる（2026年10月1日(木) から）"),
        (0 * DAY, 0, "いま：意見をあつめる、あと2日"),
        (3 * DAY, 30, "つぎ：ワークショップ（2026年10月5日(月) から）"),
        (5 * DAY, 50, "いま：投票の期間、あと5日"),
        (10 * DAY - HOUR, 99.58, "いま：投票の期間、あと60分"),
        (10 * DAY, None, "すべての段階が終わりました。"),
    ],
)
def test_today_and_what_goes_on(after, today, now):
    line = timeline(STAGES, BEGINS + after, "ja")
    assert (line.today, line.now) == (today, now)


def test_stages_at_the_same_time_are_all_named():
    both = [*STAGES, stage("review", 4 * DAY, 6 * DAY)]
    now = timeline(both, BEGINS + 4 * DAY, "ja").now
    assert now == "いま：ワークショップ、確認と見直し、あと24時間"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (2 * DAY, "あと2日"),
        (2 * DAY - MINUTE, "あと47時間"),
        (2 * HOUR, "あと2時間"),
        (2 * HOUR - MINUTE, "あと119分"),
        (2 * MINUTE, "あと2分"),
        (MINUTE, "まもなく終わります"),
    ],
)
def test_what_is_left_is_said_in_the_largest_unit_that_fits_twice(left, words):
    assert time_left(left, "ja") == words


def test_a_season_over_new_year_says_both_years():
    line = timeline([stage("delivery", 80 * DAY, 100 * DAY)], BEGINS, "ja")
    assert line.stages[0].days == "2026年12月20日(日)〜2027年1月8日(金)"
