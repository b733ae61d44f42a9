"""Results. ``published_tally`` is the only way for a page, the API or a message to learn a count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballot_by_slug, law_of
from civic.ballots.rules import COUNTING_STATES
from civic.tallies.counting import LogCounting, report_of
from civic.tallies.tables import Decision, Tally
from civic.votes.spans import as_cached, cached_votes, places_of


@dataclass(frozen=True)
class Recount:
    """A recount: whether the cache, the stored result and the log agree, and the numbers that differ."""

    agrees: bool
    voters: int
    cache_differs: int
    records_differ: int
    result_differs: bool


async def stored_tally(session: AsyncSession, ballot_id: int) -> Tally | None:
    """The frozen result, if there is one."""
    return await session.get(Tally, ballot_id)


async def published_tally(session: AsyncSession, slug: str) -> Tally | None:
    """The frozen result of a sealed or decided ballot; None for everybody before that."""
    ballot = await ballot_by_slug(session, slug)
    if ballot.state not in COUNTING_STATES or ballot.id is None:
        return None
    return await stored_tally(session, ballot.id)


async def decision_of(session: AsyncSession, ballot_id: int) -> Decision | None:
    """The decision on a ballot, if there is one."""
    return (await session.exec(select(Decision).where(col(Decision.ballot_id) == ballot_id))).one_or_none()


async def recount(session: AsyncSession, slug: str) -> Recount:
    """Fold the log again and compare it with the cached votes and the stored result."""
    law = await law_of(session, await ballot_by_slug(session, slug))
    counting = LogCounting(law)
    places = await places_of(session, law.ballot_id)
    differ = 0
    async for span, votes in counting.spans(session):
        differ += _differing(as_cached(votes, places), await cached_votes(session, law.ballot_id, span))
    counted = counting.result()
    tally = await stored_tally(session, law.ballot_id)
    result_differs = tally is not None and (
        not _same_result(tally.report, report_of(law, counted.count))
        or tally.inputs_sha256 != counted.inputs_sha256
    )
    return Recount(
        agrees=not differ and not counted.misfits and not result_differs,
        voters=counted.count.voters,
        cache_differs=differ,
        records_differ=counted.misfits,
        result_differs=result_differs,
    )


def _differing(wanted: Mapping[bytes, str], found: Mapping[bytes, str]) -> int:
    """How many voters have another vote in one than in the other."""
    return sum(wanted.get(voter) != found.get(voter) for voter in wanted.keys() | found.keys())


def _same_result(stored: dict[str, Any], again: dict[str, Any]) -> bool:
    """Every number and every winner that was stored. Since then more may have come late, and numbers be added."""
    compared = {method: again["compared"].get(method) for method in stored["compared"]}
    late = min(stored["late"], again["late"])
    known = {name: again.get(name) for name in stored}
    return stored == known | {"compared": compared, "late": late}
