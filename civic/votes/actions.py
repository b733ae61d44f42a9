"""Record forms, keep the cache of folded votes, and append what the webhook could not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.kernel.clock import to_ms
from civic.kernel.db.fixed import Fixed, run_fixed
from civic.kernel.errors import Gone
from civic.votes.channels import WEB
from civic.votes.forms import VoteForm, check_form, moment_of_form
from civic.votes.operations import COLUMNS, Cast, OpenBallot, Row, log_row, voter_row
from civic.votes.queries import taps_of, terms_of
from civic.votes.rules import Folded, Terms, fold
from civic.votes.spans import Span, as_cached, places_of
from civic.votes.tables import Operation, Vote

_CACHE = Fixed(
    sqlite="insert into vote (ballot_id, voter, choices) values (?, ?, ?) "
    "on conflict (ballot_id, voter) do update set choices = excluded.choices",
    postgresql="insert into vote (ballot_id, voter, choices) "
    "select * from unnest(%s::bigint[], %b::bytea[], %s::text[]) "
    "on conflict (ballot_id, voter) do update set choices = excluded.choices",
)
_FORGET = Fixed(
    sqlite="delete from vote where ballot_id = ? and voter = ?",
    postgresql="delete from vote where (ballot_id, voter) in (select * from unnest(%s::bigint[], %b::bytea[]))",
)


async def cache_votes(session: AsyncSession, ballot_id: int, votes: Mapping[bytes, Folded | None]) -> None:
    """Replace the cached votes of some voters; None takes a vote out. A long list is given in parts.

    In the order of the voters: a second worker who caches the same ones at the same moment then waits, and agrees.
    """
    held = {voter: vote for voter in sorted(votes) if (vote := votes[voter]) is not None}
    cached = as_cached(held, await places_of(session, ballot_id))
    await run_fixed(session, _CACHE, [(ballot_id, voter, choices) for voter, choices in cached.items()])
    await run_fixed(session, _FORGET, [(ballot_id, voter) for voter, vote in votes.items() if vote is None])


async def cache_span(session: AsyncSession, ballot_id: int, span: Span, votes: Mapping[bytes, Folded]) -> None:
    """Replace whatever is cached for the voters of a span by these votes."""
    mine = col(Vote.ballot_id) == ballot_id, col(Vote.voter) > span.after, col(Vote.voter) <= span.upto
    await session.exec(delete(Vote).where(*mine))
    await cache_votes(session, ballot_id, votes)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a form came to: whether it asked for any change, and the voter's vote now."""

    changed: bool
    vote: Folded | None


async def record_form(
    session: AsyncSession, slug: str, voter: bytes, form: VoteForm, now: datetime, channel: str = WEB
) -> Recorded:
    """Append a form's operations, received now, and refresh the voter's cached vote. The caller shares appends.

    A form that is in the log already changes nothing, also after the close. Gone when the ballot takes no vote
    now; InvalidInput when the ticks break its rules: then nothing is recorded.
    """
    law = await law_of(session, await ballot_by_slug(session, slug))
    terms = terms_of(law)
    taps = (await taps_of(session, law.ballot_id, [voter])).get(voter, [])
    at_ms = moment_of_form(taps, to_ms(now), terms)
    steps = form.steps(at_ms, channel)
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
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        statement = insert(Operation).on_conflict_do_nothing(index_elements=["ballot_id", "event_id"])
        values = [dict(zip(COLUMNS, (*row, to_ms(now)), strict=True)) for row in rows]
        await session.exec(statement, params=values)


async def log_late(session: AsyncSession, ballot: OpenBallot, received: Mapping[Cast, int]) -> None:
    """Append operations that did not get into the log on arrival, each with its receive time (ms since 1970)."""
    for cast, received_ms in received.items():
        row: dict[str, Any] = dict(zip(COLUMNS, (*log_row(ballot, cast), received_ms), strict=True))
        session.add(Operation(**row))
    await session.flush()
