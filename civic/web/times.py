"""Times as people in Japan read them: Japan Standard Time, the weekday beside the date, written out by rule.

The patterns are spelled out here, since CLDR's skeletons give unreadable Japanese (``20237月水5``).
"""

from datetime import date, datetime, timedelta

from civic.kernel.clock import JST
from civic.kernel.i18n import EASY_JAPANESE

_DAYS_JA = "月火水木金土日"
_DAYS_EASY = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_OF_MONTH = {
    1: "ついたち",
    2: "ふつか",
    3: "みっか",
    4: "よっか",
    5: "いつか",
    6: "むいか",
    7: "なのか",
    8: "ようか",
    9: "ここのか",
    10: "とおか",
    14: "じゅうよっか",
    20: "はつか",
    24: "にじゅうよっか",
}
"""The days of a month that are not read にち."""


def moment(instant: datetime, lang: str) -> str:
    """``2026年10月1日(木) 09:00`` or ``Thu 1 Oct 2026, 09:00 JST``; ``instant`` is aware."""
    local = instant.astimezone(JST)
    if lang == "en":
        return f"{calendar_day(local, lang)}, {local:%H:%M} JST"
    return f"{calendar_day(local, lang)} {local:%H:%M}"


def short_moment(instant: datetime, lang: str) -> str:
    """For a message: ``10月1日(木) 09:00`` or ``Thu 1 Oct, 09:00``, in Japan; ``instant`` is aware."""
    local = instant.astimezone(JST)
    return f"{_month_and_day(local, lang)}{', ' if lang == 'en' else ' '}{local:%H:%M}"


def deadline(closes_at: datetime, lang: str) -> str:
    """The last minute before ``closes_at`` (aware, exclusive): a close at 00:00 is 23:59 of the day before.

    ``2026年10月14日(水) 23:59 まで`` or ``Wed 14 Oct 2026, until 23:59 JST``.
    """
    local = last_minute(closes_at)
    if lang == "en":
        return f"{calendar_day(local, lang)}, until {local:%H:%M} JST"
    return f"{calendar_day(local, lang)} {local:%H:%M} まで"


def last_minute(closes_at: datetime) -> datetime:
    """The minute in Japan that names a deadline (aware, exclusive): one at 00:00 is 23:59 of the day before."""
    local = closes_at.astimezone(JST)
    at_midnight = f"{local:%H:%M:%S.%f}" == "00:00:00.000000"
    return local - timedelta(minutes=1) if at_midnight else local


def day(instant: datetime, lang: str) -> str:
    """The day only: ``2026年10月1日(木)`` or ``Thu 1 Oct 2026``; ``instant`` is aware."""
    return calendar_day(instant.astimezone(JST), lang)


def days(opens_at: datetime, closes_at: datetime, lang: str) -> str:
    """From the first day to that of the last minute before ``closes_at`` (aware, exclusive); a year is said once.

    ``2026年10月1日(木)〜10月14日(水)`` or ``Thu 1 Oct – Wed 14 Oct 2026``; one day alone for a stage of a day.
    """
    first, last = opens_at.astimezone(JST), (closes_at - timedelta(minutes=1)).astimezone(JST)
    if first.date() == last.date():
        return calendar_day(first, lang)
    begins, ends = calendar_day(first, lang), calendar_day(last, lang)
    if first.year == last.year and lang == "en":
        begins = _month_and_day(first, lang)
    elif first.year == last.year:
        ends = _month_and_day(last, lang)
    return f"{begins} – {ends}" if lang == "en" else f"{begins}〜{ends}"


def number_of_days(number: int, lang: str) -> str:
    """So many days: ``2日``, ``2日（ふつか）`` in easy Japanese, ``2 days``; one day is read いちにち."""
    if lang == "en":
        return "1 day" if number == 1 else f"{number} days"
    reading = "いちにち" if number == 1 else _DAY_OF_MONTH.get(number, "にち")
    return f"{number}日（{reading}）" if lang == EASY_JAPANESE else f"{number}日"


def calendar_day(when: date, lang: str) -> str:
    """A calendar day: ``2026年10月1日(木)`` or ``Thu 1 Oct 2026``; in easy Japanese with its readings."""
    if lang == "en":
        return f"{_month_and_day(when, lang)} {when.year}"
    return f"{when.year}年{'（ねん）' if lang == EASY_JAPANESE else ''}{_month_and_day(when, lang)}"


def hour(instant: datetime, lang: str) -> str:
    """The hour only, as the public record of an operation has it: ``2026年10月1日(木) 9時台``."""
    local = instant.astimezone(JST)
    if lang == "en":
        return f"{calendar_day(local, lang)}, between {local:%H}:00 and {local:%H}:59 JST"
    if lang == EASY_JAPANESE:
        return f"{calendar_day(local, lang)} {local:%H}:00 から {local:%H}:59 まで"
    return f"{calendar_day(local, lang)} {local.hour}時台"


def _month_and_day(when: date, lang: str) -> str:
    weekday = when.weekday()
    if lang == "en":
        return f"{_DAYS_EN[weekday]} {when.day} {_MONTHS_EN[when.month - 1]}"
    if lang == EASY_JAPANESE:
        read = _DAY_OF_MONTH.get(when.day, "にち")
        day_of_week = f"{_DAYS_JA[weekday]}曜日（{_DAYS_EASY[weekday]}ようび）"
        return f"{when.month}月（がつ）{when.day}日（{read}） {day_of_week}"
    return f"{when.month}月{when.day}日({_DAYS_JA[weekday]})"
