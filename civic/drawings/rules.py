"""Which pictures a placement gets, and in what order they are drawn."""

from datetime import date, datetime, time

from civic.kernel.clock import JST
from civic.kernel.errors import InvalidInput
from geodata.scene import Sun
from geodata.sun import sun_at

CAMERAS = ("people", "approach", "overview")
"""The same three for every proposal, so that the pictures are fair; the first is the one on cards."""

EYES = ("child", "wheelchair")
"""Other eyes at the place of the first camera, whose eyes are an adult's."""

FIRST, REST = CAMERAS[:1], (*CAMERAS[1:], *EYES)
"""Two jobs a placement: every proposal gets its card's picture before any gets the others."""

HOURLY = CAMERAS[2]
"""The camera of the sun of a day and hour: from above, where shadows on the ground are seen whole."""

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class SunDown(InvalidInput):
    """There is no sun to draw."""


def typed_moment(day: str, hour: str) -> datetime:
    """A day (2026-12-22) and an hour (09:30) in Japan, as forms send them; InvalidInput for anything else."""
    try:
        when = time.fromisoformat(hour.strip()).replace(second=0, microsecond=0)
        moment = datetime.combine(date.fromisoformat(day.strip()), when, JST)
    except ValueError:
        raise _unreadable() from None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise _unreadable()
    return moment


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "moment_unreadable",
        "日付は 2026-12-22、時刻は 09:30 のように入れてください（{first}年から{last}年まで）。",
        first=_FIRST_YEAR,
        last=_LAST_YEAR,
    )


def sun_over(lon: float, lat: float, at: datetime) -> Sun:
    """The sun over a place at an instant (aware). SunDown when it does not stand a degree above the horizon."""
    azimuth, elevation = sun_at(lon, lat, at)
    try:
        return Sun(azimuth, elevation)
    except ValueError:
        raise SunDown(
            "sun_down",
            "この日時には、太陽が出ていないか、低すぎて（高さ1度未満）絵にできません。昼の時刻を選んでください。",
        ) from None
