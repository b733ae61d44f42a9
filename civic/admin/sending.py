"""The seam to what all friends are told: the composition hands in how to ask LINE and how to plan."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.outbox.about import About


class Plan(Protocol):
    """Who will hear; ``states`` counts the people by state of delivery once it was planned."""

    @property
    def recipients(self) -> int:
        """How many people."""

    @property
    def messages(self) -> int:
        """How many messages that costs."""

    @property
    def states(self) -> Mapping[str, int]:
        """Empty before planning."""


class Quota(Protocol):
    """The messages of this month."""

    @property
    def limit(self) -> int | None:
        """How many may be sent; None without a limit."""

    @property
    def used(self) -> int:
        """How many have been sent."""


class Announcer(Protocol):
    """Plans what all friends are told, after a look at this month's quota."""

    @property
    def quota(self) -> Quota | None:
        """What LINE said; None when it did not say."""

    async def preview(self, session: AsyncSession, about: About) -> Plan:
        """What planning would do now, or has done. Conflict when nothing is to tell or the quota is too small."""

    async def plan(self, session: AsyncSession, actor: str, about: About, now: datetime) -> Plan:
        """Plan it; planned once, it only lets a stopped delivery go on."""


AskLine = Callable[[], Awaitable[Announcer]]
"""Asks LINE for this month's quota. Unavailable when LINE is not connected."""
