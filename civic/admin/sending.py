"""The seam to what all friends are told: the composition hands in how to ask LINE and how to plan."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.errors import Conflict
from civic.outbox.about import About
from civic.outbox.tables import DeliveryChunk


class Quota(Protocol):
    """The messages of this month."""

    @property
    def limit(self) -> int | None:
        """How many may be sent; None without a limit."""

    @property
    def used(self) -> int:
        """How many have been sent."""


class Plan(Protocol):
    """Who will hear; ``states`` counts the people by state of delivery once it was planned."""

    @property
    def quota(self) -> Quota | None:
        """The messages of this month; None when LINE did not say."""

    @property
    def left(self) -> int | None:
        """How many of them are neither sent nor planned by others; None without a limit."""

    @property
    def at_night(self) -> bool:
        """Whether it would ring at night if it were sent now."""

    @property
    def trouble(self) -> Conflict | None:
        """Why it does not fit into the month; None when it does, or was planned before."""

    @property
    def recipients(self) -> int:
        """How many people."""

    @property
    def messages(self) -> int:
        """How many messages that costs."""

    @property
    def languages(self) -> Mapping[str, int]:
        """How many people by language."""

    @property
    def left_out(self) -> Mapping[str, int]:
        """Before planning, the friends who do not hear, by reason: ``stopped``, ``opted_out``, ``not_meant``."""

    @property
    def state(self) -> str:
        """Of the campaign: running, stopped or done; empty before planning."""

    @property
    def states(self) -> Mapping[str, int]:
        """Empty before planning."""


class Trial(Protocol):
    """A letter that was sent to testers."""

    @property
    def sent(self) -> int:
        """How many people LINE took it for."""

    @property
    def refused(self) -> int:
        """How many people it was refused for."""


class Draft(Protocol):
    """A message with its recipients, found and frozen."""

    async def plan(self, session: AsyncSession, actor: str, now: datetime, *, anyway: bool = False) -> Plan:
        """Write it down; planned once, it only lets a stopped delivery go on.

        Conflict when it does not fit into the month, unless it is to be sent ``anyway``.
        """


class Announcer(Protocol):
    """Plans what friends are told, after a look at this month's quota."""

    async def preview(self, session: AsyncSession, about: About) -> Plan:
        """What planning would do now, or has done. Conflict when there is nothing to tell."""

    async def draft(self, session: AsyncSession, about: About) -> Draft:
        """Find the recipients, with a session that only reads: for a whole city it takes seconds."""

    async def requests(self, session: AsyncSession, about: About, limit: int) -> Sequence[DeliveryChunk]:
        """The requests that were made to LINE, those without a good end first."""

    async def give_up(self, session: AsyncSession, about: About, actor: str) -> None:
        """Write to nobody any more of those whom a used-up month has stopped. Conflict when nothing is stopped."""

    async def try_out(self, about: About, actor: str) -> Trial:
        """Send it to the testers now, outside of any campaign. Conflict when that cannot be."""


class Previews(Protocol):
    """What a letter says in a language, and how that looks."""

    @property
    def stylesheet(self) -> bytes:
        """The CSS of a drawn letter."""

    async def letter(self, session: AsyncSession, about: About, language: str) -> bytes:
        """The very messages that people get, as JSON. Conflict when there is nothing to tell."""

    def draw(self, letter: bytes, language: str, *, dark: bool) -> str:
        """A letter as an HTML page of its own."""


@dataclass(frozen=True)
class Messaging:
    """What the staff pages need of LINE.

    ``ask_line`` asks for this month's quota (Unavailable when LINE is not connected), ``unasked`` knows none.
    """

    ask_line: Callable[[], Awaitable[Announcer]]
    unasked: Announcer
    previews: Previews
