"""Times as people in Japan read them: Japan Standard Time, the weekday beside the date, written out by rule.

The patterns are spelled out here, since CLDR's skeletons give unreadable Japanese (``20237月水5``).
"""

from datetime import datetime, timedelta

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


def hour(instant: datetime, lang: str) -> str:
    """The hour only, as the public record of an operation has it: ``2026年10月1日(木) 9時台``."""
    local = instant.astimezone(JST)
    if lang == "en":
        return f"{_date_en(local)}, between {local:%H}:00 and {local:%H}:59 JST"
    return f"{_date_ja(local)} {local.hour}時台"


def _date_ja(local: datetime) -> str:
    return f"{local.year}年{local.month}月{local.day}日({_DAYS_JA[local.weekday()]})"


def _date_en(local: datetime) -> str:
    return f"{_DAYS_EN[local.weekday()]} {local.day} {_MONTHS_EN[local.month - 1]} {local.year}"
