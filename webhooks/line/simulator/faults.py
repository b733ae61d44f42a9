"""Faults of the API side, set by the driver: errors, rate limits, lost answers, slowness."""

import random
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What goes wrong.

    ``drop`` takes the request and loses the answer, ``slow`` takes it and answers late, ``reset`` ends the
    connection before the request is taken.
    """

    ERROR = "error"
    RATE_LIMIT = "rate_limit"
    DROP = "drop"
    SLOW = "slow"
    RESET = "reset"


@dataclass(slots=True)
class Fault:
    """Hits the next ``next`` calls, then each with probability ``ratio``; on all endpoints when none is named."""

    kind: FaultKind
    next: int = 0
    ratio: float = 0.0
    seconds: float = 0.0
    endpoints: Collection[str] = field(default_factory=tuple)

    def hits(self, endpoint: str, dice: random.Random) -> bool:
        """Decide for one call, using up one of ``next``."""
        if self.endpoints and endpoint not in self.endpoints:
            return False
        if self.next > 0:
            self.next -= 1
            return True
        return dice.random() < self.ratio


class Faults:
    """At most one fault of each kind; the first kind that hits is the call's fate."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._by_kind: dict[FaultKind, Fault] = {}

    def set(self, fault: Fault) -> None:
        """Put in place of an earlier fault of the same kind."""
        self._by_kind[fault.kind] = fault

    def clear(self) -> None:
        """All is well again."""
        self._by_kind.clear()

    def draw(self, endpoint: str) -> Fault | None:
        """The fault of one call to ``endpoint`` (``push``, ``reply``, ``profile`` …), or None."""
        return next((f for f in self._by_kind.values() if f.hits(endpoint, self._dice)), None)

    def summary(self) -> list[dict[str, Any]]:
        """What is set now, as JSON."""
        return [{**asdict(fault), "endpoints": list(fault.endpoints)} for fault in self._by_kind.values()]
