"""Reads of proposals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.errors import NotFound
from civic.proposals.tables import Placement, Proposal, ProposalVersion
from civic.sites.tables import Site


async def proposals_of(session: AsyncSession, programme_id: int) -> Sequence[Proposal]:
    """The proposals of a programme in the order of its file."""
    mine = select(Proposal).where(col(Proposal.programme_id) == programme_id)
    return (await session.exec(mine.order_by(col(Proposal.position)))).all()


async def find_proposal(session: AsyncSession, programme_id: int, slug: str) -> Proposal | None:
    """The proposal of a slug in a programme, if there is one."""
    mine = col(Proposal.programme_id) == programme_id, col(Proposal.slug) == slug
    return (await session.exec(select(Proposal).where(*mine))).one_or_none()


async def proposal_by_slug(session: AsyncSession, programme_id: int, slug: str) -> Proposal:
    """A proposal of a programme; NotFound without one."""
    found = await find_proposal(session, programme_id, slug)
    if found is None:
        raise NotFound(
            "proposal_unknown", "「{proposal}」という提案はありません。名前を確かめてください。", proposal=slug
        )
    return found


async def latest_version(session: AsyncSession, proposal_id: int | None) -> ProposalVersion:
    """The newest version of a proposal; every proposal has one."""
    mine = select(ProposalVersion).where(col(ProposalVersion.proposal_id) == proposal_id)
    return (await session.exec(mine.order_by(col(ProposalVersion.number).desc()).limit(1))).one()


async def placements_of(session: AsyncSession, version_id: int | None) -> Sequence[tuple[Placement, Site]]:
    """Where a version would stand, in the order of its file, with the sites."""
    statement = select(Placement, Site).join(Site).where(col(Placement.version_id) == version_id)
    return (await session.exec(statement.order_by(col(Placement.position)))).all()


async def newest_versions(session: AsyncSession, programme_id: int) -> Sequence[tuple[Proposal, ProposalVersion]]:
    """The proposals of a programme in the order of its file, each with its newest version."""
    newest = (
        select(col(ProposalVersion.proposal_id), func.max(col(ProposalVersion.number)).label("number"))
        .group_by(col(ProposalVersion.proposal_id))
        .subquery()
    )
    statement = (
        select(Proposal, ProposalVersion)
        .join(ProposalVersion, col(ProposalVersion.proposal_id) == col(Proposal.id))
        .join(newest, newest.c.proposal_id == col(Proposal.id))
        .where(col(Proposal.programme_id) == programme_id, col(ProposalVersion.number) == newest.c.number)
    )
    return (await session.exec(statement.order_by(col(Proposal.position)))).all()


async def places_of_versions(
    session: AsyncSession, versions: Iterable[ProposalVersion]
) -> Mapping[int, Sequence[tuple[Placement, Site]]]:
    """Where several versions would stand, by the number of the version."""
    numbers = [version.id for version in versions]
    statement = select(Placement, Site).join(Site).where(col(Placement.version_id).in_(numbers))
    places: dict[int, list[tuple[Placement, Site]]] = defaultdict(list)
    for placement, site in await session.exec(statement.order_by(col(Placement.position))):
        places[placement.version_id].append((placement, site))
    return places


def may_be_shown(version: ProposalVersion) -> bool:
    """Whether its authors agreed to publish this version."""
    return bool(version.content["consent"].get("publish"))


def original_of(version: ProposalVersion) -> Mapping[str, str]:
    """The file that came, as ``{"name", "sha256"}``: the gate turns it into the model again.

    Older versions kept the file itself as their model.
    """
    kept: Mapping[str, str] | None = version.content.get("original")
    return kept or {"name": version.content["model"], "sha256": version.model}


async def model_may_be_shown(session: AsyncSession, sha256: str) -> bool:
    """Whether a stored model belongs to a version that may be shown."""
    mine = select(ProposalVersion).where(col(ProposalVersion.model) == sha256)
    return any(may_be_shown(version) for version in await session.exec(mine))


async def placement_with_version(
    session: AsyncSession, number: int
) -> tuple[Placement, ProposalVersion, Site] | None:
    """A placement with the version it belongs to and its site; None when it is gone."""
    statement = select(Placement, ProposalVersion, Site).join(ProposalVersion).join(Site)
    return (await session.exec(statement.where(col(Placement.id) == number))).one_or_none()
