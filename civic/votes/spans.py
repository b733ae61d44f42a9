"""A whole ballot read in spans of voters, in the order of their pseudonyms: the log, and the cache of its fold.

A span is short enough to be read and worked on between two requests, also where the database runs in the event
loop (SQLite), and no reader ever holds more than one of them: memory stays flat however many people voted.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db.fixed import Fixed, fetch_bulk, fetch_fixed
from civic.votes.rules import Folded

OPERATIONS = 2_000
"""Operations of a span of the log, more or less: some twenty milliseconds of work."""

VOTES = 10_000
"""Votes of a span of the cache, more or less."""

_PREFIXES = 2**32
"""How many beginnings of four bytes there are."""

_END = b"\xff" * 32
"""Behind every pseudonym."""

Logged = tuple[bytes, str, int, str, str, int, str, bytes, bytes]
"""A row of the log: voter, event_id, at_ms, op, choices, received_ms, channel, record, salt."""


class Span(NamedTuple):
    """The voters behind one pseudonym, up to and with another."""

    after: bytes
    upto: bytes


def _fixed(statement: str) -> Fixed:
    """A statement about a ballot and its voters, in both dialects."""
    return Fixed(
        sqlite=statement.format(**_words("?", "?"), joined="group_concat"),
        postgresql=statement.format(**_words("%s", "%b"), joined="string_agg"),
    )


def _words(number: str, voter: str) -> dict[str, str]:
    return {
        "ballot": f"ballot_id = {number}",
        "within": f"ballot_id = {number} and voter > {voter} and voter <= {voter}",
    }


_OPERATIONS = _fixed("select count(*) from vote_log where {ballot}")
_VOTES = _fixed("select count(*) from vote where {ballot}")
_LOGGED = _fixed(
    "select voter, event_id, at_ms, op, choices, received_ms, channel, record, salt "
    "from vote_log where {within} order by voter"
)
_CACHED = _fixed("select voter, choices from vote where {within}")
_CHOICES = _fixed(
    "select count(*), count(nullif(choices, '')), {joined}(nullif(choices, ''), ' ') from vote where {within}"
)
_GROUPS = _fixed("select choices, count(*) from vote where {within} group by choices")
_PLACES = _fixed(
    "select slug, ballot_option.position from ballot_option join proposal on proposal.id = proposal_id "
    "where {ballot}"
)


async def logged_spans(session: AsyncSession, ballot_id: int) -> AsyncIterator[tuple[Span, list[Logged]]]:
    """The whole log, each span with its operations by voter and event id; the spans leave no voter out.

    Event ids are sorted here and not by the database, whose order of texts depends on its collation.
    """
    async for span in _spans(session, _OPERATIONS, ballot_id, OPERATIONS):
        rows = await fetch_bulk(session, _LOGGED, ballot_id, *span)
        yield span, sorted(rows)


class CachedChoices(NamedTuple):
    """The choices of a span of cached votes, thrown together: ``places`` on the ballot, joined by spaces."""

    voters: int
    blank: int
    places: str


async def cached_choices(session: AsyncSession, ballot_id: int) -> AsyncIterator[CachedChoices]:
    """What all cached votes of a ballot choose, as the database joins it: no vote becomes a row or an object."""
    async for span in _spans(session, _VOTES, ballot_id, VOTES):
        [(voters, choosing, places)] = await fetch_fixed(session, _CHOICES, ballot_id, *span)
        yield CachedChoices(voters, voters - choosing, places or "")


async def cached_groups(session: AsyncSession, ballot_id: int) -> AsyncIterator[Sequence[tuple[str, int]]]:
    """How many cached votes of each span are written alike: their places joined by spaces, and the voters."""
    async for span in _spans(session, _VOTES, ballot_id, VOTES):
        yield [(choices, voters) for choices, voters in await fetch_fixed(session, _GROUPS, ballot_id, *span)]


async def cached_votes(session: AsyncSession, ballot_id: int, span: Span) -> dict[bytes, str]:
    """The cached votes of a span by voter, in the form of ``as_cached``."""
    return dict(await fetch_bulk(session, _CACHED, ballot_id, *span))


async def places_of(session: AsyncSession, ballot_id: int) -> dict[str, int]:
    """The place of each proposal on a ballot, from 0; it stands once the ballot has opened."""
    return dict(await fetch_fixed(session, _PLACES, ballot_id))


def as_cached(votes: Mapping[bytes, Folded], places: Mapping[str, int]) -> dict[bytes, str]:
    """Votes by voter as the cache keeps them: the places of their choices, oldest first, joined by spaces."""
    written = {proposal: str(place) for proposal, place in places.items()}
    return {voter: " ".join([written[c] for c in vote.choices]) for voter, vote in votes.items()}


async def _spans(session: AsyncSession, size: Fixed, ballot_id: int, most: int) -> AsyncIterator[Span]:
    """Spans of some ``most`` rows from the first voter to behind the last; in between everybody else has a turn.

    Pseudonyms are HMACs, spread evenly: equal parts of all there could be hold equal parts of those there are.
    """
    [(rows,)] = await fetch_fixed(session, size, ballot_id)
    parts = rows // most + 1
    after = b""
    for upto in [*((_PREFIXES * part // parts).to_bytes(4) for part in range(1, parts)), _END]:
        yield Span(after, upto)
        await asyncio.sleep(0)
        after = upto
