"""Write proposals: each change is a new version; what an opened ballot froze stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.proposals.queries import latest_version, placements_of, proposals_of
from civic.proposals.tables import Placement, Proposal, ProposalVersion


@dataclass(frozen=True)
class PlannedPlacement:
    """Where a version would stand, with the result of its checks."""

    site_id: int
    lon: float
    lat: float
    heading_deg: float
    base_m: float
    scale: float
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
    """Bring a proposal to this state; True when that made a new version."""
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
        return proposal, False
    await _write_version(session, proposal.id or 0, number, planned, now)
    return proposal, True


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


async def _is_same(session: AsyncSession, version: ProposalVersion, planned: PlannedVersion) -> bool:
    placements = [placement for placement, _ in await placements_of(session, version.id)]
    present = (version.content, version.model, [_where(placement) for placement in placements])
    return present == (planned.content, planned.model, [_where(placement) for placement in planned.placements])


def _where(placement: Placement | PlannedPlacement) -> tuple[Any, ...]:
    p = placement
    return (p.site_id, p.lon, p.lat, p.heading_deg, p.base_m, p.scale, p.cost_yen, p.verdict, p.checks)


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
    for position, placement in enumerate(planned.placements):
        session.add(
            Placement(
                version_id=version.id or 0,
                position=position,
                **(vars(placement) | {"checks": dict(placement.checks)}),
            )
        )
    await session.flush()
