"""Times as people in Japan read them: Japan Standard Time, the weekday beside the date, written out by rule.

The patterns are spelled out here, since CLDR's skeletons give unreadable Japanese (``20237月水5``).
"""

from datetime import date, datetime, timedelta

from civic.kernel.clock import JST

_DAYS_JA = "月火水木金土日"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(instant: datetime, lang: str) -> str:
    """``2026年10月1日(木) 09:00`` or ``Thu 1 Oct 2026, 09:00 JST``; ``instant`` is aware."""
    local = instant.astimezone(JST)
    if lang == "en":
        return f"{_date_en(local)}, {local:%H:%M} JST"
    return f"{_date_ja(local)} {local:%H:%M}"


def deadline(closes_at: datetime, lang: str) -> str:
    """The last minute before ``closes_at`` (aware, exclusive): a close at 00:00 is 23:59 of the day before.

    ``2026年10月14日(水) 23:59 まで`` or ``Wed 14 Oct 2026, until 23:59 JST``.
    """
    local = closes_at.astimezone(JST)
    if f"{local:%H:%M:%S.%f}" == "00:00:00.000000":
        local -= timedelta(minutes=1)
    if lang == "en":
        return f"{_date_en(local)}, until {local:%H:%M} JST"
    return f"{_date_ja(local)} {local:%H:%M} まで"


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
        begins = begins.removesuffix(f" {first.year}")
    elif first.year == last.year:
        ends = ends.removeprefix(f"{last.year}年")
    return f"{begins} – {ends}" if lang == "en" else f"{begins}〜{ends}"


def calendar_day(when: date, lang: str) -> str:
    """A calendar day: ``2026年10月1日(木)`` or ``Thu 1 Oct 2026``."""
    return _date_en(when) if lang == "en" else _date_ja(when)


def hour(instant: datetime, lang: str) -> str:
    """The hour only, as the public record of an operation has it: ``2026年10月1日(木) 9時台``."""
    local = instant.astimezone(JST)
    if lang == "en":
        return f"{_date_en(local)}, between {local:%H}:00 and {local:%H}:59 JST"
    return f"{_date_ja(local)} {local.hour}時台"


def _date_ja(local: date) -> str:
    return f"{local.year}年{local.month}月{local.day}日({_DAYS_JA[local.weekday()]})"


def _date_en(local: date) -> str:
    return f"{_DAYS_EN[local.weekday()]} {local.day} {_MONTHS_EN[local.month - 1]} {local.year}"
