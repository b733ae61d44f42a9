"""Keep the cache of folded votes, and append what arrived another way than through the webhook."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Insert, delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.votes.operations import COLUMNS, Cast, OpenBallot, log_row
from civic.votes.rules import Folded
from civic.votes.tables import Operation, Vote


async def cache_votes(session: AsyncSession, ballot_id: int, votes: Mapping[bytes, Folded | None]) -> None:
    """Replace the cached votes of some voters; None takes a vote out. A long list is given in parts."""
    stale = col(Vote.ballot_id) == ballot_id, col(Vote.voter).in_(list(votes))
    await session.exec(delete(Vote).where(*stale))
    rows = [
        {"ballot_id": ballot_id, "voter": voter, "choices": list(vote.choices), "blank": vote.blank}
        for voter, vote in votes.items()
        if vote is not None
    ]
    if rows:
        await session.exec(_upsert(session), params=rows)


def _upsert(session: AsyncSession) -> Insert:
    """An insert that agrees with a second worker who caches the same voters at the same moment."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(Vote)
    fresh = {"choices": statement.excluded.choices, "blank": statement.excluded.blank}
    return statement.on_conflict_do_update(index_elements=["ballot_id", "voter"], set_=fresh)


async def forget_cached(session: AsyncSession, ballot_id: int) -> None:
    """Throw the cache of a ballot away."""
    await session.exec(delete(Vote).where(col(Vote.ballot_id) == ballot_id))


async def log_late(session: AsyncSession, ballot: OpenBallot, received: Mapping[Cast, int]) -> None:
    """Append operations that did not get into the log on arrival, each with its receive time (ms since 1970)."""
    for cast, received_ms in received.items():
        row: dict[str, Any] = dict(zip(COLUMNS, (*log_row(ballot, cast), received_ms), strict=True))
        session.add(Operation(**row))
    await session.flush()
