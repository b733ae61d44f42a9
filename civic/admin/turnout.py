"""How many people took part, hour by hour, as columns of a chart; nothing here knows a choice. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.kernel.clock import JST
from civic.kernel.i18n import marked, translate
from civic.web.times import day, hour

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_HOURS = 14 * 24
"""Beyond two weeks a column is a day: hours would be thinner than a pixel on a phone."""

MOST_TICKS = 5
LAST_TICK = 0.9
_STEPS = (1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672, 1344)


@dataclass(frozen=True)
class Column:
    """An hour or a day; ``share`` is its height in percent of the highest, ``tick`` mostly empty."""

    label: str
    people: int
    value: str
    share: float
    tick: str


@dataclass(frozen=True)
class Chart:
    """Columns with what they are called; ``most`` says how high the highest is."""

    name: str
    title: str
    most: str
    columns: tuple[Column, ...]
    label_heading: str
    value_heading: str


def turnout_chart(by_hour: Mapping[datetime, int], opens_at: datetime, until: datetime, lang: str) -> Chart:
    """One column an hour from the opening until now or the close; one a day when that is too many.

    ``by_hour`` is people by the beginning of the hour (UTC) in which they took part first.
    """
    begins = opens_at.astimezone(JST).replace(minute=0, second=0, microsecond=0)
    if until - begins <= MOST_HOURS * HOUR:
        return _chart(by_hour, _steps(begins, until, HOUR), HOUR, lang)
    return _chart(_by_day(by_hour), _steps(begins.replace(hour=0), until, DAY), DAY, lang)


def _by_day(by_hour: Mapping[datetime, int]) -> Mapping[datetime, int]:
    people: Counter[datetime] = Counter()
    for begun, number in by_hour.items():
        people[begun.astimezone(JST).replace(hour=0)] += number
    return people


def _steps(begins: datetime, until: datetime, wide: timedelta) -> Sequence[datetime]:
    """Every beginning of a column; one at least."""
    return [begins + wide * number for number in range(max(1, -((begins - until) // wide)))]


def _chart(people: Mapping[datetime, int], steps: Sequence[datetime], wide: timedelta, lang: str) -> Chart:
    highest = max([people.get(begun, 0) for begun in steps])
    ticks = _ticks(steps, wide, lang)
    hourly = wide == HOUR
    by_the_hour, by_the_day = marked("はじめて参加した人（1時間ごと）"), marked("はじめて参加した人（1日ごと）")
    return Chart(
        name="turnout",
        title=translate(lang, by_the_hour if hourly else by_the_day),
        most=translate(lang, "いちばん多いとき {n}人", n=f"{highest:,}"),
        columns=tuple(
            Column(
                label=hour(begun, lang) if hourly else day(begun, lang),
                people=people.get(begun, 0),
                value=translate(lang, "{n}人", n=f"{people.get(begun, 0):,}"),
                share=round(100 * people.get(begun, 0) / (highest or 1), 1),
                tick=ticks.get(begun, ""),
            )
            for begun in steps
        ),
        label_heading=translate(lang, "時刻") if hourly else translate(lang, "日"),
        value_heading=translate(lang, "参加した人"),
    )


def _ticks(steps: Sequence[datetime], wide: timedelta, lang: str) -> Mapping[datetime, str]:
    """A few round times, none so near the right edge that its words would be cut."""
    apart = next((s for s in _STEPS if len(steps) * (wide // HOUR) <= s * MOST_TICKS), _STEPS[-1])
    shown = steps[: max(1, int(len(steps) * LAST_TICK))]
    return {begun: _tick(begun, apart, lang) for begun in shown if _is_round(begun, apart, steps[0])}


def _is_round(begun: datetime, apart: int, first: datetime) -> bool:
    if apart < 24:
        return begun.hour % apart == 0
    return begun.hour == 0 and (begun.date() - first.date()).days % (apart // 24) == 0


def _tick(begun: datetime, apart: int, lang: str) -> str:
    if apart < 24:
        return f"{begun:%H:%M}"
    return translate(lang, "{month}/{day}", month=begun.month, day=begun.day)
