"""Placements and what their checks found, as GeoJSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.api.v1.geojson import GeoJSONResponse, documented_as
from civic.api.v1.models import GeometryOut
from civic.api.v1.models_placements import (
    CheckCollection,
    CheckFeature,
    CheckProperties,
    FootprintOut,
    PlacementCollection,
    PlacementFeature,
    PlacementProperties,
)
from civic.api.v1.parameters import ProgrammeFilter
from civic.ballots.queries import shown_proposals
from civic.kernel.context import Context
from civic.programmes.queries import programme_by_slug
from civic.proposals.queries import places_of_versions
from civic.proposals.surroundings import placement_of
from civic.proposals.tables import Placement, Proposal, ProposalVersion
from civic.sites.tables import Site
from civic.web.plans import outline_of_size
from geodata.footprints import footprint_geojson


@dataclass(frozen=True)
class Shown:
    """A placement that everybody may see, with all that is said of it."""

    proposal: Proposal
    version: ProposalVersion
    placement: Placement
    site: Site

    @property
    def name(self) -> str:
        """Its name in the collections."""
        return f"{self.proposal.slug}/{self.placement.position + 1}"


async def shown_placements(session: AsyncSession, programme: str) -> list[Shown]:
    """The placements of the proposals that everybody may see, in the order of the programme."""
    season = await programme_by_slug(session, programme)
    proposals = await shown_proposals(session, season.id or 0)
    places = await places_of_versions(session, [version for _, version in proposals])
    return [
        Shown(proposal, version, placement, site)
        for proposal, version in proposals
        for placement, site in places.get(version.id or 0, ())
    ]


def router(context: Context) -> APIRouter:
    """The operations on placements."""
    routes = APIRouter(tags=["placements"])

    @routes.get("/placements.geojson", **documented_as(PlacementCollection))
    async def list_placements(programme: ProgrammeFilter) -> GeoJSONResponse:
        """Where proposals would stand, each as what it covers, with its checks: a planning aid, no approval."""
        async with context.database.reading() as session:
            shown = await shown_placements(session, programme)
        features = [_placement(one) for one in shown]
        return GeoJSONResponse(PlacementCollection(type="FeatureCollection", features=features))

    @routes.get("/checks.geojson", **documented_as(CheckCollection))
    async def list_checks(programme: ProgrammeFilter) -> GeoJSONResponse:
        """What the checks found on the map; those with nothing to draw are in placements.geojson only."""
        async with context.database.reading() as session:
            shown = await shown_placements(session, programme)
        features = [feature for one in shown for feature in _checks(one)]
        return GeoJSONResponse(CheckCollection(type="FeatureCollection", features=features))

    return routes


def _placement(shown: Shown) -> PlacementFeature:
    placement, outline = shown.placement, shown.placement.checks.get("footprint")
    stands = {
        "footprint": "outline" if outline else "extent",
        "lon": placement.lon,
        "lat": placement.lat,
        "heading_deg": placement.heading_deg,
        "base_m": placement.base_m,
        "scale": placement.scale,
        "cost_yen": placement.cost_yen,
    }
    return PlacementFeature(
        type="Feature",
        id=shown.name,
        geometry=FootprintOut.model_validate(outline or _extent(shown)),
        properties=PlacementProperties.model_validate({**placement.checks, **stands, **_whose(shown)}),
    )


def _extent(shown: Shown) -> dict[str, Any]:
    """For a placement that was checked before footprints were kept."""
    return footprint_geojson(outline_of_size(shown.version.facts["bounds_m"]), placement_of(shown.placement))


def _checks(shown: Shown) -> Iterator[CheckFeature]:
    report = shown.placement.checks
    for check in report["checks"]:
        if check.get("geometry") is not None:
            yield CheckFeature(
                type="Feature",
                id=f"{shown.name}/{check['name']}",
                geometry=GeometryOut.model_validate(check["geometry"]),
                properties=CheckProperties.model_validate(
                    {**report, **check, **_whose(shown), "placement": shown.name}
                ),
            )


def _whose(shown: Shown) -> dict[str, Any]:
    return {
        "proposal": shown.proposal.slug,
        "title": shown.version.content["title"],
        "site": shown.site.slug,
        "level": shown.site.level,
    }
