"""Programmes and proposals as JSON."""

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.api.v1.models import (
    BallotSummary,
    ChecksOut,
    ModelOut,
    PlacementOut,
    ProgrammeOut,
    ProgrammeSummary,
    ProposalOut,
    ProposalSummary,
    SiteSummary,
    StageOut,
)
from civic.api.v1.parameters import EVERYWHERE, NAMED, ProgrammeSlug, ProposalSlug
from civic.ballots.queries import (
    published_ballots_of,
    published_ballots_with,
    shown_proposal,
    shown_proposals,
)
from civic.ballots.tables import Ballot
from civic.kernel.context import Context
from civic.programmes.queries import all_programmes, programme_by_slug, sites_of, stages_of
from civic.programmes.tables import Programme
from civic.proposals.queries import placements_of
from civic.proposals.tables import ProposalVersion


def router(context: Context) -> APIRouter:
    """The operations on programmes and proposals."""
    routes = APIRouter(tags=["programmes"])

    @routes.get("/programmes", responses=EVERYWHERE)
    async def list_programmes() -> list[ProgrammeSummary]:
        """Every programme, the newest first."""
        async with context.database.reading() as session:
            found = await all_programmes(session)
        return [ProgrammeSummary(slug=programme.slug, title=programme.title) for programme in found]

    @routes.get("/programmes/{programme}", responses=NAMED)
    async def get_programme(programme: ProgrammeSlug) -> ProgrammeOut:
        """A programme with its stages, sites, proposals and ballots."""
        async with context.database.reading() as session:
            return await _programme(session, await programme_by_slug(session, programme))

    @routes.get("/programmes/{programme}/proposals/{proposal}", responses=NAMED)
    async def get_proposal(programme: ProgrammeSlug, proposal: ProposalSlug) -> ProposalOut:
        """A proposal with its model, placements and checks."""
        async with context.database.reading() as session:
            season = await programme_by_slug(session, programme)
            return await _proposal(session, season, proposal, context.settings.base_url)

    return routes


def ballot_summary(ballot: Ballot) -> BallotSummary:
    """A ballot in a list."""
    return BallotSummary.model_validate(ballot, from_attributes=True)


async def _programme(session: AsyncSession, programme: Programme) -> ProgrammeOut:
    number = programme.id or 0
    stages = await stages_of(session, number)
    return ProgrammeOut(
        slug=programme.slug,
        title=programme.title,
        stages=[StageOut.model_validate(stage, from_attributes=True) for stage in stages],
        sites=[SiteSummary(slug=site.slug, title=site.title) for site in await sites_of(session, number)],
        proposals=[
            ProposalSummary(slug=proposal.slug, title=version.content["title"])
            for proposal, version in await shown_proposals(session, number)
        ],
        ballots=[ballot_summary(ballot) for ballot in await published_ballots_of(session, number)],
    )


async def _proposal(session: AsyncSession, programme: Programme, slug: str, base_url: str) -> ProposalOut:
    proposal, version = await shown_proposal(session, programme.id or 0, slug)
    ballots = await published_ballots_with(session, proposal.id)
    return ProposalOut(
        slug=proposal.slug,
        programme=programme.slug,
        version=version.number,
        title=version.content["title"],
        summary=version.content["summary"],
        alt=version.content["alt"],
        for_whom=version.content["for_whom"],
        licence=version.content["licence"],
        model=_model(version, base_url),
        placements=await _placements(session, version),
        ballots=[ballot_summary(ballot) for ballot in ballots],
    )


def _model(version: ProposalVersion, base_url: str) -> ModelOut:
    url = f"{base_url}/files/models/{version.model}.glb"
    return ModelOut(url=url, sha256=version.model, **version.facts)


async def _placements(session: AsyncSession, version: ProposalVersion) -> list[PlacementOut]:
    return [
        PlacementOut(
            site=site.slug,
            lon=placement.lon,
            lat=placement.lat,
            heading_deg=placement.heading_deg,
            base_m=placement.base_m,
            scale=placement.scale,
            cost_yen=placement.cost_yen,
            checks=ChecksOut.model_validate(placement.checks),
        )
        for placement, site in await placements_of(session, version.id)
    ]
