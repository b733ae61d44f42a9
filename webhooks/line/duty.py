"""A duty that only one process has at a time, kept by a lease row."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from civic.kernel.clock import Clock, monotonic
from civic.kernel.db import Database
from civic.kernel.ids import new_ulid
from civic.kernel.leases import take_lease

TTL = timedelta(seconds=30)
"""Longer than the longest call to LINE, so that nobody else begins while one is still under way."""

_RENEW_AFTER_S = 5.0


@dataclass
class Duty:
    """Holds the lease of a name for this process, renewing it now and then."""

    database: Database
    clock: Clock
    name: str
    _holder: str = ""
    _held_since: float = float("-inf")
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        """On SQLite only one process serves, so a new one goes on at once with what a killed one held."""
        self._holder = "the only process" if self.database.is_sqlite else new_ulid()

    async def hold(self) -> bool:
        """Whether the duty is ours now; takes or renews the lease when it is time to."""
        if self._was_just_renewed():
            return True
        async with self._renewing:  # one transaction, however many requests ask at once
            return self._was_just_renewed() or await self._renew()

    def _was_just_renewed(self) -> bool:
        return monotonic() - self._held_since < _RENEW_AFTER_S

    async def _renew(self) -> bool:
        async with self.database.writing(shown=False) as session:
            ours = await take_lease(session, self.name, self._holder, self.clock(), TTL)
        self._held_since = monotonic() if ours else float("-inf")
        return ours
