"""How the numbers of a chunk are kept, and when a message that nobody sends by hand may reach people."""

import sys
from array import array
from collections.abc import Iterable
from datetime import datetime, timedelta

from civic.kernel.clock import JST
from civic.kernel.errors import Conflict

NIGHT_FROM, NIGHT_UNTIL = 21, 8
"""Hours in Japan in which nobody's phone should ring for us."""


def pack(numbers: Iterable[int]) -> bytes:
    """Numbers of residents as little-endian 64-bit integers, eight bytes each."""
    return _swapped(array("Q", numbers)).tobytes()


def unpack(packed: bytes) -> list[int]:
    """The numbers that ``pack`` kept, in the same order."""
    numbers = array("Q")
    numbers.frombytes(packed)
    return _swapped(numbers).tolist()


def is_night(now: datetime) -> bool:
    """Whether it is between 21:00 and 8:00 in Japan."""
    hour = now.astimezone(JST).hour
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


def after_night(now: datetime) -> datetime:
    """The next moment at which a phone may ring: now, or 8:00 in Japan."""
    if not is_night(now):
        return now
    local = now.astimezone(JST)
    morning = local.replace(hour=NIGHT_UNTIL, minute=0, second=0, microsecond=0)
    return morning if local.hour < NIGHT_UNTIL else morning + timedelta(days=1)


def after_the_close() -> Conflict:
    """The refusal of a time at which a message would come too late."""
    return Conflict(
        "after_the_close",
        "その時刻には、投票が終わっています（21時から8時までは、朝の8時に送ります）。もっと早い日時にしてください。",
    )


def _swapped(numbers: "array[int]") -> "array[int]":
    """In the byte order that is kept, whatever the machine's."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
