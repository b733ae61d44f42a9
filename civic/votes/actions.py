"""Record forms, keep the cache of folded votes, and append what the webhook could not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, delete
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.kernel.clock import to_ms
from civic.kernel.errors import Gone
from civic.votes.forms import VoteForm, check_form, moment_of_form
from civic.votes.operations import COLUMNS, Cast, OpenBallot, Row, log_row, voter_row
from civic.votes.queries import taps_of, terms_of
from civic.votes.rules import Folded, Terms, fold
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
    statement = _insert(session, Vote)
    fresh = {"choices": statement.excluded.choices, "blank": statement.excluded.blank}
    return statement.on_conflict_do_update(index_elements=["ballot_id", "voter"], set_=fresh)


def _insert(session: AsyncSession, table: type[Operation | Vote]) -> SqliteInsert | PostgresqlInsert:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    return insert(table)


async def forget_cached(session: AsyncSession, ballot_id: int) -> None:
    """Throw the cache of a ballot away."""
    await session.exec(delete(Vote).where(col(Vote.ballot_id) == ballot_id))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a form came to: whether it asked for any change, and the voter's vote now."""

    changed: bool
    vote: Folded | None


async def record_form(session: AsyncSession, slug: str, voter: bytes, form: VoteForm, now: datetime) -> Recorded:
    """Append a form's operations, received now, and refresh the voter's cached vote. The caller shares appends.

    A form that is in the log already changes nothing, also after the close. Gone when the ballot takes no vote
    now; InvalidInput when the ticks break its rules: then nothing is recorded.
    """
    law = await law_of(session, await ballot_by_slug(session, slug))
    terms = terms_of(law)
    taps = (await taps_of(session, law.ballot_id, [voter])).get(voter, [])
    at_ms = moment_of_form(taps, to_ms(now), terms)
    steps = form.steps(at_ms)
    known = {tap.event_id for tap in taps}
    if not steps or any(step.event_id not in known for step in steps):
        _require_voting(law, terms, at_ms)
        check_form(form, terms, at_ms)
        await _append(session, [voter_row(law.ballot_id, slug, voter, step) for step in steps], now)
        taps = (await taps_of(session, law.ballot_id, [voter])).get(voter, [])
    vote = fold(taps, terms)
    await cache_votes(session, law.ballot_id, {voter: vote})
    return Recorded(bool(steps), vote)


def _require_voting(law: Law, terms: Terms, at_ms: int) -> None:
    if law.state != "open" or not terms.opens_ms <= at_ms < terms.closes_ms:
        raise Gone(
            "voting_over",
            "この投票は、いまは受け付けていません。送った内容は記録していません。それまでの票は、そのまま残っています。",
        )


async def _append(session: AsyncSession, rows: Sequence[Row], now: datetime) -> None:
    """Append rows received now; one whose event is there already stays as it is, also when both come at once."""
    if rows:
        statement = _insert(session, Operation).on_conflict_do_nothing(index_elements=["ballot_id", "event_id"])
        values = [dict(zip(COLUMNS, (*row, to_ms(now)), strict=True)) for row in rows]
        await session.exec(statement, params=values)


async def log_late(session: AsyncSession, ballot: OpenBallot, received: Mapping[Cast, int]) -> None:
    """Append operations that did not get into the log on arrival, each with its receive time (ms since 1970)."""
    for cast, received_ms in received.items():
        row: dict[str, Any] = dict(zip(COLUMNS, (*log_row(ballot, cast), received_ms), strict=True))
        session.add(Operation(**row))
    await session.flush()
