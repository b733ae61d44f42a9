"""Results. ``published_tally`` is the only way for a page, the API or a message to learn a count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballot_by_slug, law_of
from civic.ballots.rules import COUNTING_STATES
from civic.ballots.tables import Ballot
from civic.kernel.clock import iso
from civic.kernel.errors import Conflict
from civic.tallies.counting import Counted, LogCounting, count_log, report_of
from civic.tallies.draws import require_open_tie
from civic.tallies.robustness.types import Study
from civic.tallies.rules import require_counted
from civic.tallies.study import VERSION
from civic.tallies.tables import (
    Decision,
    DecisionMemo,
    OutsidePoll,
    OutsidePollRetraction,
    Tally,
    TallyStudy,
    TieDraw,
)
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


async def require_published(session: AsyncSession, slug: str) -> None:
    """Conflict unless the ballot is sealed and counted."""
    if await published_tally(session, slug) is None:
        raise Conflict(
            "not_counted_yet",
            "投票「{ballot}」はまだ確定していません。確定後に数え直せます。",
            ballot=slug,
        )


async def stored_study(session: AsyncSession, ballot_id: int) -> TallyStudy | None:
    """The study of a result, if it was made."""
    return await session.get(TallyStudy, ballot_id)


async def published_study(session: AsyncSession, slug: str) -> Study | None:
    """How robust the result of a sealed or decided ballot is.

    None before that, until it was computed, and while one of another version, or of before the lot, waits to be
    made again.
    """
    tally = await published_tally(session, slug)
    study = await stored_study(session, tally.ballot_id) if tally else None
    if study is None or study.version != VERSION:
        return None
    draw = await draw_of(session, study.ballot_id)
    is_old = draw is not None and draw.drawn_at is not None and draw.drawn_at > study.computed_at
    return None if is_old else msgspec.convert(study.report, Study)


async def ballots_to_study(session: AsyncSession, version: int) -> Sequence[str]:
    """The counted ballots whose study is missing, of an older version, or older than the lot that was drawn."""
    is_old = or_(
        col(TallyStudy.ballot_id).is_(None),
        col(TallyStudy.version) < version,
        col(TieDraw.drawn_at) > col(TallyStudy.computed_at),
    )
    counted = select(Ballot.slug).join(Tally, col(Tally.ballot_id) == col(Ballot.id))
    joined = counted.outerjoin(TallyStudy, col(TallyStudy.ballot_id) == col(Ballot.id))
    joined = joined.outerjoin(TieDraw, col(TieDraw.ballot_id) == col(Ballot.id))
    due = joined.where(col(Ballot.state).in_(sorted(COUNTING_STATES)), is_old).order_by(col(Ballot.id))
    return (await session.exec(due)).all()


async def effective_result(session: AsyncSession, ballot_id: int) -> dict[str, Any]:
    """The frozen result of a ballot as it stands after a drawn lot. NoResultFound while there is none."""
    tally = await session.get_one(Tally, ballot_id)
    return effective(tally.report, await draw_of(session, ballot_id))


async def waits_for_lot(session: AsyncSession, ballot: Ballot) -> bool:
    """Whether a part of a ballot's result is still open: a tie whose lot was not drawn, and no decision yet."""
    if ballot.state != "sealed" or await published_tally(session, ballot.slug) is None:
        return False
    result = await effective_result(session, ballot.id or 0)
    return bool(result["status"] == "tie_pending")


async def count_for_draw(session: AsyncSession, slug: str) -> Counted:
    """The votes of a ballot once more, for the lot of its open tie. Conflict unless there is one."""
    ballot = await ballot_by_slug(session, slug)
    tally = require_counted(slug, await published_tally(session, slug))
    require_open_tie(slug, ballot.state, tally.report)
    return await count_log(session, await law_of(session, ballot))


async def draw_of(session: AsyncSession, ballot_id: int) -> TieDraw | None:
    """The lot of a tie: None while no public value is named for it; without a value until it is drawn."""
    return await session.get(TieDraw, ballot_id)


def effective(report: Mapping[str, Any], draw: TieDraw | None) -> dict[str, Any]:
    """The report of a tally as it stands: after a drawn lot it is final, with the places that the lot selected.

    Then ``draw`` tells beacon, value, source, time and lots; ``ties`` still names what was level.
    """
    if draw is None or draw.selected is None or draw.drawn_at is None:
        return dict(report)
    winners = list(dict.fromkeys(place["proposal"] for place in draw.selected))
    return {
        **report,
        "status": "final",
        "selected": draw.selected,
        "compared": {**report["compared"], report["method"]: winners},
        "draw": {
            "beacon": draw.beacon,
            "value": draw.value,
            "source": draw.source,
            "drawn_at": iso(draw.drawn_at),
            "lots": draw.lots,
        },
    }


async def decision_of(session: AsyncSession, ballot_id: int) -> Decision | None:
    """The decision on a ballot as it stands, if there is one: the newest version."""
    return next(iter(await decisions_of(session, ballot_id)), None)


async def decisions_of(session: AsyncSession, ballot_id: int) -> Sequence[Decision]:
    """Every version of the decision on a ballot, newest first."""
    versions = select(Decision).where(col(Decision.ballot_id) == ballot_id)
    return (await session.exec(versions.order_by(col(Decision.version).desc()))).all()


async def memo_of(session: AsyncSession, decision: Decision) -> str:
    """What the office noted for itself about a version of a decision; for staff pages alone."""
    memo = await session.get(DecisionMemo, decision.id)
    return memo.text if memo else ""


async def outside_polls(session: AsyncSession, ballot_id: int) -> Sequence[OutsidePoll]:
    """Polls held elsewhere that stand beside a result, in the order recorded; without what was retracted."""
    retracted = select(OutsidePollRetraction.poll_id)
    standing = select(OutsidePoll).where(col(OutsidePoll.ballot_id) == ballot_id)
    standing = standing.where(col(OutsidePoll.id).not_in(retracted)).order_by(col(OutsidePoll.id))
    return (await session.exec(standing)).all()


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
