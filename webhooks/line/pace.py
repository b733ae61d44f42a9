"""How many requests a second may begin, as a token bucket."""

import asyncio
from dataclasses import dataclass, field

from civic.kernel.clock import monotonic

BURST = 0.1
"""The part of a second's requests that may begin at once. The rest refills the bucket, so that no second of the
clock ever sees more than the rate."""


@dataclass
class Pace:
    """``rate`` requests a second; 0 for as many as there are."""

    rate: float
    _tokens: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        """A full bucket."""
        self._tokens, self._at = self._most, monotonic()

    async def take(self) -> None:
        """Wait for one's turn; whoever asks first goes first."""
        if not self.rate:
            return
        now = monotonic()
        self._tokens = min(self._tokens + (now - self._at) * self._refill, self._most) - 1.0
        self._at = now
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / self._refill)

    @property
    def _most(self) -> float:
        return max(self.rate * BURST, 1.0)

    @property
    def _refill(self) -> float:
        return self.rate * (1 - BURST)
