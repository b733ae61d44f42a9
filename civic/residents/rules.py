"""What a resident can say about the relation to the area, and what is kept of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from civic.kernel.clock import JST

RELATIONS = ("live", "work", "study", "visit")
"""住む, 働く, 学ぶ, 訪れる: several can be true."""


def toggled(relations: Sequence[str], relation: str) -> list[str]:
    """The relations with one more, or one less when it was there; what is no relation changes nothing."""
    held = set(relations) ^ {relation}
    return [known for known in RELATIONS if known in held]


def next_night(now: datetime) -> datetime:
    """The next three o'clock in Japan, when hardly anybody votes."""
    local = now.astimezone(JST)
    three = local.replace(hour=3, minute=0, second=0, microsecond=0)
    return three if local < three else three + timedelta(days=1)
