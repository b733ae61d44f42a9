"""Write proposals: each change is a new version; what an opened ballot froze stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.kernel.errors import Conflict
from civic.kernel.queue import defer
from civic.programmes.queries import programme_by_slug
from civic.proposals.queries import find_proposal, latest_version, placements_of, proposal_by_slug, proposals_of
from civic.proposals.tables import Placement, Proposal, ProposalVersion

DRAW = "draw placement"
"""The job that makes pictures of a placement; its payload is ``{"placement": number}``."""

CHECK = "check placements"
"""The job that checks all placements of a programme again; its payload is ``{"programme": number}``."""


@dataclass(frozen=True)
class PlannedPlacement:
    """Where a version would stand, with the result of its checks."""

    site_id: int
    lon: float
    lat: float
    heading_deg: float
    base_m: float
    scale: float
    mass_kg: float | None
    days: int | None
    cost_yen: int
    verdict: str
    checks: Mapping[str, Any]


@dataclass(frozen=True)
class PlannedVersion:
    """A proposal as it shall be: texts, the stored model and what the gate measured."""

    slug: str
    position: int
    group_id: int | None
    content: Mapping[str, Any]
    model: str
    facts: Mapping[str, Any]
    placements: Sequence[PlannedPlacement]


async def save_proposal(
    session: AsyncSession, programme_id: int, planned: PlannedVersion, now: datetime
) -> tuple[Proposal, bool]:
    """Bring a proposal to this state; True when that made a new version. New results of checks make none."""
    mine = col(Proposal.programme_id) == programme_id, col(Proposal.slug) == planned.slug
    proposal = (await session.exec(select(Proposal).where(*mine))).one_or_none()
    number = 1
    if proposal is None:
        proposal = Proposal(programme_id=programme_id, slug=planned.slug, position=planned.position)
        session.add(proposal)
    else:
        newest = await latest_version(session, proposal.id)
        number = newest.number + 1
    proposal.group_id, proposal.position = planned.group_id, planned.position
    await session.flush()
    if number > 1 and await _is_same(session, newest, planned):
        await _keep_checks(session, newest, planned, now)
        return proposal, False
    await _write_version(session, proposal.id or 0, number, planned, now)
    return proposal, True


async def register_proposal(
    session: AsyncSession, actor: str, programme: str, planned: PlannedVersion, now: datetime
) -> Proposal:
    """Save a new proposal at the end of a programme; the same once more changes nothing.

    Conflict when another proposal has its slug; NotFound without the programme.
    """
    season = await programme_by_slug(session, programme, lock=True)
    taken = await find_proposal(session, season.id or 0, planned.slug)
    if taken is not None:
        if await _is_same(session, await latest_version(session, taken.id), planned):
            return taken
        raise Conflict(
            "proposal_slug_taken",
            "「{proposal}」という名前の提案は、もうあります。別の名前にしてください。",
            proposal=planned.slug,
        )
    last = max((proposal.position for proposal in await proposals_of(session, season.id or 0)), default=-1)
    proposal, _ = await save_proposal(session, season.id or 0, replace(planned, position=last + 1), now)
    _record(session, actor, "proposal.registered", programme, planned, 1, now)
    defer(session, CHECK, {"programme": season.id}, now)
    return proposal


async def correct_proposal(
    session: AsyncSession, actor: str, programme: str, planned: PlannedVersion, corrects: int, now: datetime
) -> Proposal:
    """Save a new version of a proposal, at its place in the programme; an opened ballot keeps the one it froze.

    ``corrects`` is the version that was looked at: Conflict when somebody has saved another one since.
    """
    season = await programme_by_slug(session, programme, lock=True)
    proposal = await proposal_by_slug(session, season.id or 0, planned.slug)
    newest = await latest_version(session, proposal.id)
    same = proposal.group_id == planned.group_id and await _is_same(session, newest, planned)
    if same:
        return proposal
    if newest.number != corrects:
        raise Conflict(
            "proposal_changed",
            "この提案は、ほかの画面で先に直されました（いまは版 {version}）。"
            "いまの内容を新しく開いて、もう一度直してください。",
            version=newest.number,
        )
    planned = replace(planned, position=proposal.position)
    _, new = await save_proposal(session, season.id or 0, planned, now)
    _record(session, actor, "proposal.corrected", programme, planned, newest.number + new, now)
    defer(session, CHECK, {"programme": season.id}, now)
    return proposal


async def remove_proposals(session: AsyncSession, programme_id: int, kept: Sequence[str]) -> list[str]:
    """Remove the proposals that are not kept; the caller has made sure that no opened ballot names them."""
    gone = [proposal for proposal in await proposals_of(session, programme_id) if proposal.slug not in kept]
    for proposal in gone:
        versions = select(ProposalVersion.id).where(col(ProposalVersion.proposal_id) == proposal.id)
        await session.exec(delete(Placement).where(col(Placement.version_id).in_(versions)))
        await session.exec(delete(ProposalVersion).where(col(ProposalVersion.proposal_id) == proposal.id))
        await session.delete(proposal)
        await session.flush()
    return [proposal.slug for proposal in gone]


def _record(
    session: AsyncSession,
    actor: str,
    verb: str,
    programme: str,
    planned: PlannedVersion,
    version: int,
    now: datetime,
) -> None:
    verdicts = [placement.verdict for placement in planned.placements]
    subject = f"{programme}/{planned.slug}"
    record(session, actor, verb, subject, now, version=version, model=planned.model, verdicts=verdicts)


async def _is_same(session: AsyncSession, version: ProposalVersion, planned: PlannedVersion) -> bool:
    placements = [placement for placement, _ in await placements_of(session, version.id)]
    present = (version.content, version.model, [_where(placement) for placement in placements])
    return present == (planned.content, planned.model, [_where(placement) for placement in planned.placements])


def _where(placement: Placement | PlannedPlacement) -> tuple[Any, ...]:
    p = placement
    return (p.site_id, p.lon, p.lat, p.heading_deg, p.base_m, p.scale, p.cost_yen, p.mass_kg, p.days)


async def _keep_checks(
    session: AsyncSession, version: ProposalVersion, planned: PlannedVersion, now: datetime
) -> None:
    stored = await placements_of(session, version.id)
    for (placement, _), fresh in zip(stored, planned.placements, strict=True):
        keep_report(placement, fresh.verdict, fresh.checks, now)
    await session.flush()


def keep_report(placement: Placement, verdict: str, checks: Mapping[str, Any], now: datetime) -> bool:
    """Put a placement's newest checks in the place of older ones; True when those said something else."""
    if placement.checks == checks:
        return False
    placement.verdict, placement.checks, placement.checked_at = verdict, dict(checks), now
    return True


async def _write_version(
    session: AsyncSession, proposal_id: int, number: int, planned: PlannedVersion, now: datetime
) -> None:
    version = ProposalVersion(
        proposal_id=proposal_id,
        number=number,
        content=dict(planned.content),
        model=planned.model,
        facts=dict(planned.facts),
        written_at=now,
    )
    session.add(version)
    await session.flush()
    placements = [
        Placement(
            version_id=version.id or 0,
            position=position,
            **(vars(placement) | {"checks": dict(placement.checks), "checked_at": now}),
        )
        for position, placement in enumerate(planned.placements)
    ]
    session.add_all(placements)
    await session.flush()
    for placement in placements:
        defer(session, DRAW, {"placement": placement.id}, now)
