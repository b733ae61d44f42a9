"""A programme's stages on one line of time, and what is going on now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.kernel.i18n import translate
from civic.programmes.tables import Stage
from civic.web import words
from civic.web.times import day, days


@dataclass(frozen=True)
class StageBar:
    """A stage; ``phase`` is past, present or coming, ``left`` and ``width`` are percent of the whole season."""

    name: str
    days: str
    phase: str
    left: float
    width: float


@dataclass(frozen=True)
class Timeline:
    """All stages; ``today`` in percent of the season, None outside it; ``now`` says what is going on."""

    stages: tuple[StageBar, ...]
    today: float | None
    today_words: str
    now: str


def timeline(stages: Sequence[Stage], now: datetime, lang: str) -> Timeline | None:
    """The stages of a programme as a line; None without any."""
    if not stages:
        return None
    begins = min(stage.opens_at for stage in stages)
    ends = max(stage.closes_at for stage in stages)

    def percent(instant: datetime) -> float:
        return round(100 * ((instant - begins) / (ends - begins)), 2)

    return Timeline(
        stages=tuple(
            StageBar(
                name=words.stage_kind(stage.kind, lang),
                days=days(stage.opens_at, stage.closes_at, lang),
                phase=phase(stage, now),
                left=percent(stage.opens_at),
                width=round(percent(stage.closes_at) - percent(stage.opens_at), 2),
            )
            for stage in stages
        ),
        today=percent(now) if begins <= now < ends else None,
        today_words=translate(lang, "今日 {day}", day=day(now, lang)),
        now=going_on(stages, now, lang),
    )


def phase(stage: Stage, now: datetime) -> str:
    """Whether a stage is past, present or coming."""
    if now < stage.opens_at:
        return "coming"
    return "present" if now < stage.closes_at else "past"


def going_on(stages: Sequence[Stage], now: datetime, lang: str) -> str:
    """``いま：投票の期間、あと13日``; between stages what comes next, after the last that all are over."""
    present = [stage for stage in stages if phase(stage, now) == "present"]
    if present:
        ending = min(present, key=lambda stage: stage.closes_at)
        names = translate(lang, "、").join(words.stage_kind(stage.kind, lang) for stage in present)
        return translate(lang, "いま：{stage}、{left}", stage=names, left=time_left(ending.closes_at - now, lang))
    coming = [stage for stage in stages if phase(stage, now) == "coming"]
    if coming:
        following = min(coming, key=lambda stage: stage.opens_at)
        name = words.stage_kind(following.kind, lang)
        return translate(lang, "つぎ：{stage}（{day} から）", stage=name, day=day(following.opens_at, lang))
    return translate(lang, "すべての段階が終わりました。")


def time_left(left: timedelta, lang: str) -> str:
    """How long something lasts still: in days from two days on, in hours from two hours on, else in minutes."""
    if left >= timedelta(days=2):
        return translate(lang, "あと{n}日", n=left // timedelta(days=1))
    if left >= timedelta(hours=2):
        return translate(lang, "あと{n}時間", n=left // timedelta(hours=1))
    if left >= timedelta(minutes=2):
        return translate(lang, "あと{n}分", n=left // timedelta(minutes=1))
    return translate(lang, "まもなく終わります")
