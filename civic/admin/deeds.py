"""What staff can do with a form: each deed is one action of the domain, in the caller's transaction."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots import actions as ballots
from civic.ballots.queries import ballot_by_slug
from civic.installations.actions import report_status
from civic.installations.queries import installation_of
from civic.kernel.clock import JST
from civic.kernel.errors import InvalidInput
from civic.kernel.security import BallotKeys
from civic.tallies import actions as tallies
from civic.web.forms import Form

LONGEST_NUMBER = 18
"""Digits of the largest row number that a database counts up to."""


@dataclass(frozen=True)
class Order:
    """A form that staff sent about one ballot, who sent it, and when it came."""

    ballot: str
    actor: str
    form: Form
    now: datetime
    keys: BallotKeys


Deed = Callable[[AsyncSession, Order], Awaitable[None]]


async def open_now(session: AsyncSession, order: Order) -> None:
    """Open the ballot at once."""
    await ballots.open_ballot(session, order.actor, order.ballot, order.now, order.keys, at_once=True)


async def close_now(session: AsyncSession, order: Order) -> None:
    """Close it at once; sealing and counting follow by themselves when the grace is over."""
    await ballots.close_ballot(session, order.actor, order.ballot, order.now, at_once=True)


async def extend(session: AsyncSession, order: Order) -> None:
    """Give people more time."""
    closes_at = local_time(order.form.one("closes_at"))
    await ballots.extend_ballot(session, order.actor, order.ballot, order.now, closes_at, order.form.one("reason"))


async def withdraw(session: AsyncSession, order: Order) -> None:
    """Take an option off the ballot."""
    proposal, reason = order.form.one("proposal"), order.form.one("reason")
    await ballots.withdraw_option(session, order.actor, order.ballot, order.now, proposal, reason)


async def cancel(session: AsyncSession, order: Order) -> None:
    """Call the ballot off."""
    await ballots.cancel_ballot(session, order.actor, order.ballot, order.now, order.form.one("reason"))


async def name_beacon(session: AsyncSession, order: Order) -> None:
    """Say which public value will draw an open tie."""
    await tallies.name_beacon(session, order.actor, order.ballot, order.form.one("beacon"), order.now)


async def report(session: AsyncSession, order: Order) -> None:
    """Say how far an installation of this ballot has come. NotFound for one of another ballot."""
    ballot = await ballot_by_slug(session, order.ballot)
    found = await installation_of(session, ballot.id or 0, row_number(order.form.one("installation")))
    status, note = order.form.one("status"), order.form.one("note")
    await report_status(session, order.actor, found.id or 0, status, note, order.now)


DEEDS: Mapping[str, Deed] = {
    "open": open_now,
    "close": close_now,
    "extend": extend,
    "withdraw": withdraw,
    "cancel": cancel,
    "name_beacon": name_beacon,
    "install": report,
}


def row_number(typed: str) -> int:
    """The number of a row as an address or a form gives it; 0, which no row has, when it is none."""
    return int(typed) if typed.isdecimal() and len(typed) <= LONGEST_NUMBER else 0


def local_time(typed: str) -> datetime:
    """A time as a browser sends it (``2026-10-20T18:00``), meant in Japan. InvalidInput when it is none."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise InvalidInput("time_unreadable", "日時を「2026-10-20T18:00」の形（日本時間）で入れてください。")
    return found.replace(tzinfo=JST)
