"""Turnout as columns. Pure: everybody counted is in exactly one column."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.admin.turnout import MOST_HOURS, turnout_chart

OPENS = datetime(2026, 10, 14, 0, 30, tzinfo=UTC)
"""09:30 in Japan."""

HOUR = timedelta(hours=1)
FIRST = OPENS.replace(minute=0)


def chart(by_hour, hours, lang="ja"):
    return turnout_chart(by_hour, OPENS, OPENS + hours * HOUR, lang)


def test_each_hour_since_the_opening_has_a_column_and_quiet_ones_are_empty():
    found = chart({FIRST: 3, FIRST + 2 * HOUR: 12}, 3)
    assert [(column.label, column.people, column.share) for column in found.columns] == [
        ("2026年10月14日(水) 9時台", 3, 25.0),
        ("2026年10月14日(水) 10時台", 0, 0.0),
        ("2026年10月14日(水) 11時台", 12, 100.0),
        ("2026年10月14日(水) 12時台", 0, 0.0),
    ]
    assert found.most == "いちばん多いとき 12人"


def test_the_moment_of_opening_has_its_column_too():
    assert [column.people for column in chart({}, 0).columns] == [0]


def test_two_weeks_are_hours_and_anything_longer_days():
    assert len(chart({}, MOST_HOURS - 0.5).columns) == MOST_HOURS
    days = chart({FIRST: 2, FIRST + 15 * HOUR: 5, FIRST + 20 * HOUR: 1}, MOST_HOURS + 1).columns
    assert [(column.label, column.people) for column in days][:2] == [
        ("2026年10月14日(水)", 2),
        ("2026年10月15日(木)", 6),
    ]


@given(
    hours=st.integers(0, 3_000),
    people=st.dictionaries(st.integers(0, 3_000), st.integers(1, 10**6), max_size=20),
)
def test_nobody_is_lost_and_ticks_are_few_and_early_enough(hours, people):
    within = {FIRST + begun * HOUR: number for begun, number in people.items() if begun <= hours}
    found = chart(within, hours, "en")
    assert sum(column.people for column in found.columns) == sum(within.values())
    assert len(found.columns) <= MOST_HOURS
    ticks = [place for place, column in enumerate(found.columns) if column.tick]
    assert len(ticks) <= 6
    assert all(place <= 0.9 * len(found.columns) for place in ticks)
