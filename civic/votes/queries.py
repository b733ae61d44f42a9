"""Reads of the vote log. Nothing here tells how many approvals a proposal has; only tallies may ask that."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, distinct, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law
from civic.kernel.clock import from_ms, to_ms
from civic.votes.rules import Folded, Tap, Terms
from civic.votes.tables import Operation, Vote

_HOUR_MS = 3_600_000
_TAP = (Operation.at_ms, Operation.event_id, Operation.op, Operation.choices, Operation.received_ms)


def terms_of(law: Law) -> Terms:
    """The terms of the fold that a ballot's manifest and notices lay down."""
    return Terms(
        opens_ms=to_ms(law.opens_at),
        closes_ms=to_ms(law.closes_at),
        grace_ms=law.document["late_grace_s"] * 1000,
        max_approvals=law.document["max_approvals"],
        options=frozenset(law.options),
        withdrawn={proposal: to_ms(at) for proposal, at in law.withdrawn.items()},
    )


async def taps_of(session: AsyncSession, ballot_id: int, voters: Iterable[bytes]) -> Mapping[bytes, list[Tap]]:
    """All operations of some voters in one ballot."""
    mine = col(Operation.ballot_id) == ballot_id, col(Operation.voter).in_(list(voters))
    rows = await session.exec(select(Operation.voter, *_TAP).where(*mine))  # type: ignore[call-overload]
    found: dict[bytes, list[Tap]] = defaultdict(list)
    for voter, *rest in rows:
        found[voter].append(_tap(rest))
    return found


async def receipts_of(session: AsyncSession, ballot_id: int, events: Iterable[str]) -> Mapping[str, str]:
    """The receipt codes of some events, by event id."""
    mine = col(Operation.ballot_id) == ballot_id, col(Operation.event_id).in_(list(events))
    rows = await session.exec(select(Operation.event_id, Operation.receipt).where(*mine))
    return dict(rows.all())


async def turnout(session: AsyncSession, ballot_id: int, terms: Terms) -> int:
    """How many people have taken part so far: distinct voters with an operation in the window."""
    counted = select(func.count(distinct(col(Operation.voter)))).where(*_in_window(ballot_id, terms))
    return (await session.exec(counted)).one()


async def turnout_by_hour(session: AsyncSession, ballot_id: int, terms: Terms) -> Mapping[datetime, int]:
    """How many people took part for the first time in each hour, by its beginning (UTC); quiet hours are left out.

    Adds up to ``turnout``: everybody is counted once, in the hour of their first operation in the window.
    """
    first = (
        select(func.min(col(Operation.at_ms)).label("at_ms"))
        .where(*_in_window(ballot_id, terms))
        .group_by(col(Operation.voter))
        .subquery()
    )
    hour = (first.c.at_ms // _HOUR_MS).label("hour")
    rows = await session.exec(select(hour, func.count()).select_from(first).group_by(hour).order_by(hour))
    return {from_ms(number * _HOUR_MS): people for number, people in rows}


def _in_window(ballot_id: int, terms: Terms) -> tuple[ColumnElement[bool], ...]:
    at_ms = col(Operation.at_ms)
    return col(Operation.ballot_id) == ballot_id, at_ms >= terms.opens_ms, at_ms < terms.closes_ms


@dataclass(frozen=True, slots=True)
class LoggedTap:
    """A tap with what its receipt is made of."""

    channel: str
    record: bytes
    salt: bytes
    tap: Tap


async def voters_of(session: AsyncSession, ballot_id: int) -> AsyncIterator[tuple[bytes, list[LoggedTap]]]:
    """The whole log, one voter after the other in pseudonym order, each by event id; memory stays flat.

    Event ids are sorted here and not by the database, whose order of texts depends on its collation.
    """
    statement = select(  # type: ignore[call-overload]
        Operation.voter, Operation.channel, Operation.record, Operation.salt, *_TAP
    ).where(col(Operation.ballot_id) == ballot_id)
    rows = await session.stream(statement.order_by(Operation.voter), execution_options={"yield_per": 5_000})
    present: bytes | None = None
    taps: list[LoggedTap] = []
    async for voter, channel, record, salt, *rest in rows:
        if voter != present:
            if present is not None:
                yield present, sorted(taps, key=_event_id)
            present, taps = voter, []
        taps.append(LoggedTap(channel, record, salt, _tap(rest)))
    if present is not None:
        yield present, sorted(taps, key=_event_id)


async def cached_votes(session: AsyncSession, ballot_id: int) -> Mapping[bytes, Folded]:
    """The cache of folded votes, by voter."""
    rows = await session.exec(select(Vote.voter, Vote.choices, Vote.blank).where(col(Vote.ballot_id) == ballot_id))
    return {voter: Folded(choices=tuple(choices), blank=blank) for voter, choices, blank in rows}


async def operation_by_receipt(session: AsyncSession, receipt: str) -> Operation | None:
    """The operation that a receipt code stands for."""
    return (await session.exec(select(Operation).where(col(Operation.receipt) == receipt))).one_or_none()


def _event_id(logged: LoggedTap) -> str:
    return logged.tap.event_id


def tap_of(operation: Operation) -> Tap:
    """A row of the log as the fold sees it."""
    return _tap([operation.at_ms, operation.event_id, operation.op, operation.choices, operation.received_ms])


def _tap(values: list[Any]) -> Tap:
    at_ms, event_id, op, choices, received_ms = values
    return Tap(at_ms, event_id, op, tuple(choices.split()), received_ms)
