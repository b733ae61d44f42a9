"""When people voted, by the hour or the day: columns in the order of time, quiet ones too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.kernel.clock import JST
from civic.kernel.i18n import translate
from civic.tallies.robustness.types import Hour
from civic.web.charts import Column, Columns, percent
from civic.web.times import day, hour

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MOST_HOURS = 7 * 24
"""Beyond a week a column is a day: hours would be too thin to be read on paper."""

_TICKS = 4


@dataclass(frozen=True)
class _Step:
    """The voters of a column; ``hidden`` tells that some of its hours had too few to be told."""

    voters: int
    hidden: bool
    surge: bool


_QUIET = _Step(0, hidden=False, surge=False)


def hours_chart(hours: Sequence[Hour], lang: str) -> Columns | None:
    """The votes by the hour of each voter's last operation; by the day beyond a week. None without any to show."""
    if not any(one.voters for one in hours):
        return None
    begins = [_begin(one) for one in hours]
    wide = _HOUR if max(begins) - min(begins) <= _MOST_HOURS * _HOUR else _DAY
    steps = _steps(hours, wide)
    times = _times(min(steps), max(steps), wide)
    most = max(step.voters for step in steps.values())
    return Columns(
        name="hours",
        title=_title(wide, lang),
        most=translate(lang, "いちばん多いとき {n}人", n=f"{most:,}"),
        headings=(
            translate(lang, "時刻") if wide == _HOUR else translate(lang, "日"),
            translate(lang, "投票した人"),
        ),
        columns=tuple(
            Column(
                label=hour(begun, lang) if wide == _HOUR else day(begun, lang),
                value=_value(steps.get(begun, _QUIET), lang),
                share=percent(steps.get(begun, _QUIET).voters, most),
                tick=_tick(begun, wide) if _is_ticked(number, len(times)) else "",
                marked=steps.get(begun, _QUIET).surge,
            )
            for number, begun in enumerate(times)
        ),
    )


def _title(wide: timedelta, lang: str) -> str:
    if wide == _HOUR:
        return translate(lang, "最後の操作の時刻（1時間ごとの人数）")
    return translate(lang, "最後の操作の日（1日ごとの人数）")


def _begin(one: Hour) -> datetime:
    return datetime.fromisoformat(one.begin).astimezone(JST)


def _steps(hours: Sequence[Hour], wide: timedelta) -> Mapping[datetime, _Step]:
    steps: dict[datetime, _Step] = {}
    for one in hours:
        begun = _begin(one) if wide == _HOUR else _begin(one).replace(hour=0)
        step = steps.get(begun, _QUIET)
        hidden = step.hidden or one.voters is None
        steps[begun] = _Step(step.voters + (one.voters or 0), hidden, step.surge or one.surge)
    return steps


def _times(first: datetime, last: datetime, wide: timedelta) -> Sequence[datetime]:
    return [first + wide * number for number in range((last - first) // wide + 1)]


def _value(step: _Step, lang: str) -> str:
    if step.hidden and not step.voters:
        return translate(lang, "少ないため非表示")
    people = translate(lang, "{n}人", n=f"{step.voters:,}")
    if step.hidden:
        return translate(lang, "{people}以上（少ない時間は非表示）", people=people)
    return translate(lang, "{people}（急に増えた）", people=people) if step.surge else people


def _is_ticked(number: int, steps: int) -> bool:
    """A few evenly spaced, none so near the right edge that its words would be cut."""
    return number % max(1, -(-steps // _TICKS)) == 0 and number <= steps * 0.85


def _tick(begun: datetime, wide: timedelta) -> str:
    date = f"{begun.month}/{begun.day}"
    return f"{date} {begun:%H:%M}" if wide == _HOUR else date
