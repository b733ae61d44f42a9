"""Keep the cache of folded votes, and append what arrived another way than through the webhook."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.votes.operations import COLUMNS, Cast, OpenBallot, log_row
from civic.votes.rules import Folded
from civic.votes.tables import Operation, Vote


async def cache_votes(session: AsyncSession, ballot_id: int, votes: Mapping[bytes, Folded | None]) -> None:
    """Replace the cached votes of some voters; None takes a vote out."""
    stale = col(Vote.ballot_id) == ballot_id, col(Vote.voter).in_(list(votes))
    await session.exec(delete(Vote).where(*stale))
    session.add_all(
        Vote(ballot_id=ballot_id, voter=voter, choices=list(vote.choices), blank=vote.blank)
        for voter, vote in votes.items()
        if vote is not None
    )


async def recache_votes(session: AsyncSession, ballot_id: int, votes: Mapping[bytes, Folded]) -> None:
    """Throw the cache of a ballot away and fill it anew."""
    await session.exec(delete(Vote).where(col(Vote.ballot_id) == ballot_id))
    session.add_all(
        Vote(ballot_id=ballot_id, voter=voter, choices=list(vote.choices), blank=vote.blank)
        for voter, vote in votes.items()
    )


async def log_late(session: AsyncSession, ballot: OpenBallot, casts: Iterable[Cast], received_ms: int) -> None:
    """Append operations that did not get into the log on arrival; their receive time is now."""
    for cast in casts:
        row: dict[str, Any] = dict(zip(COLUMNS, (*log_row(ballot, cast), received_ms), strict=True))
        session.add(Operation(**row))
    await session.flush()
