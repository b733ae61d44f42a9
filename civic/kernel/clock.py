"""The one place that asks what time it is. Times are UTC inside; people read Japan Standard Time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

JST = ZoneInfo("Asia/Tokyo")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds for measuring durations; unaffected by changes of the wall clock."""
    return time.monotonic()


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00Z, the unit of LINE's event timestamps; rounds down."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """The instant of a millisecond count, exact."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def iso(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds only when there are any, as manifests and JSON carry it."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds" if instant.microsecond else "seconds")
    return text.replace("+00:00", "Z")
