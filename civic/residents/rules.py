"""What a resident can say about the relation to the area, and what is kept of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.kernel.clock import JST

RELATIONS = ("live", "work", "study", "visit")
"""住む, 働く, 学ぶ, 訪れる: several can be true."""


UNSAID = "unsaid"
"""答えない."""

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Relations:
    """What somebody says about the area, and when each was last said or taken back (``times``, ms since 1970 UTC).

    ``times`` also has the last 答えない, which makes everything before it void. Events come in any order, and
    twice: the newest about a relation decides, and of two in one millisecond the one that leaves less said.
    """

    held: Sequence[str]
    times: Mapping[str, int]

    def say(self, relation: str, at_ms: int) -> "Relations":
        """With a relation; what is none changes nothing."""
        if relation not in RELATIONS or at_ms <= max(self._last(relation), self._last(UNSAID)):
            return self
        return self._with({*self.held, relation}, {**self.times, relation: at_ms})

    def take_back(self, relation: str, at_ms: int) -> "Relations":
        """Without a relation."""
        if relation not in RELATIONS or at_ms < self._last(relation) or at_ms <= self._last(UNSAID):
            return self
        return self._with({*self.held} - {relation}, {**self.times, relation: at_ms})

    def say_nothing(self, at_ms: int) -> "Relations":
        """答えない: only what was said later stays."""
        if at_ms <= self._last(UNSAID):
            return self
        later = {name: said for name, said in self.times.items() if said > at_ms}
        return self._with({name for name in self.held if name in later}, {**later, UNSAID: at_ms})

    def _last(self, name: str) -> int:
        return self.times.get(name, -1)

    @staticmethod
    def _with(held: set[str], times: Mapping[str, int]) -> "Relations":
        return Relations([known for known in RELATIONS if known in held], times)


def end_of_day(at_ms: int) -> int:
    """The first midnight (UTC) not before an instant; both in ms since 1970 UTC."""
    return -(-at_ms // DAY_MS) * DAY_MS


def next_night(now: datetime) -> datetime:
    """The next three o'clock in Japan, when hardly anybody votes."""
    local = now.astimezone(JST)
    three = local.replace(hour=3, minute=0, second=0, microsecond=0)
    return three if local < three else three + timedelta(days=1)
