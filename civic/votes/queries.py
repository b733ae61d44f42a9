"""Reads of the vote log. Nothing here tells how many approvals a proposal has; only tallies may ask that."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, distinct, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law
from civic.kernel.clock import from_ms, to_ms
from civic.kernel.db.fixed import Fixed, fetch_for_keys
from civic.votes.rules import Tap, Terms
from civic.votes.tables import Operation

_HOUR_MS = 3_600_000
_OF_VOTERS = (
    "select voter, receipt, at_ms, event_id, op, choices, received_ms, channel from vote_log "
    "where ballot_id = {} and voter"
)
_TAPS_OF = Fixed(
    sqlite=f"{_OF_VOTERS.format('?')} = ?", postgresql=f"{_OF_VOTERS.format('%s')} = any(%b::bytea[])"
)

_VOTED_BY = "select voter from vote where ballot_id = {} and voter"
_VOTED = Fixed(sqlite=f"{_VOTED_BY.format('?')} = ?", postgresql=f"{_VOTED_BY.format('%s')} = any(%b::bytea[])")


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
    return (await taps_with_receipts(session, ballot_id, voters))[0]


async def taps_with_receipts(
    session: AsyncSession, ballot_id: int, voters: Iterable[bytes]
) -> tuple[Mapping[bytes, list[Tap]], Mapping[str, str]]:
    """All operations of some voters in one ballot, and the receipt code of each by event id."""
    taps: dict[bytes, list[Tap]] = defaultdict(list)
    receipts: dict[str, str] = {}
    for voter, receipt, *tap in await fetch_for_keys(session, _TAPS_OF, list(voters), ballot_id):
        taps[voter].append(_tap(tap))
        receipts[tap[1]] = receipt
    return taps, receipts


async def voted_among(session: AsyncSession, ballot_id: int, voters: Sequence[bytes]) -> set[bytes]:
    """Those of some voters who have a vote in a ballot now, by the cache of its fold."""
    return {voter for (voter,) in await fetch_for_keys(session, _VOTED, voters, ballot_id)}


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


async def operation_by_receipt(session: AsyncSession, receipt: str) -> Operation | None:
    """The operation that a receipt code stands for."""
    return (await session.exec(select(Operation).where(col(Operation.receipt) == receipt))).one_or_none()


def tap_of(operation: Operation) -> Tap:
    """A row of the log as the fold sees it."""
    return _tap(
        [
            operation.at_ms,
            operation.event_id,
            operation.op,
            operation.choices,
            operation.received_ms,
            operation.channel,
        ]
    )


def _tap(values: list[Any]) -> Tap:
    at_ms, event_id, op, choices, received_ms, channel = values
    return Tap(at_ms, event_id, op, tuple(choices.split()), received_ms, channel)
