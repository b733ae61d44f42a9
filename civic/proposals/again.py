"""All placements of a programme checked again, as the world is now: later neighbours, buildings and days count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.proposals.actions import keep_report
from civic.proposals.checks import PlacementReport, check_placement
from civic.proposals.queries import newest_versions, places_of_versions
from civic.proposals.surroundings import Rivals, Standing, Surroundings, placement_of, surroundings_in
from civic.proposals.tables import Placement, ProposalVersion
from civic.sites.tables import Site


@dataclass(frozen=True)
class PlaceToCheck:
    """A stored placement with all that its checks depend on."""

    proposal: str
    version: ProposalVersion
    placement: Placement
    site: Site
    surroundings: Surroundings

    def check(self, rivals: Rivals) -> PlacementReport:
        """Its checks now."""
        stands = placement_of(self.placement)
        bounds_m, model = self.version.facts["bounds_m"], self.version.model
        ground = self.surroundings.ground(self.proposal, bounds_m, stands, rivals)
        return check_placement(rivals.model_of(model), stands, ground)


async def places_to_check(
    session: AsyncSession, programme_id: int, standing: Standing, now: datetime
) -> Sequence[PlaceToCheck]:
    """The placements of the newest versions of a programme."""
    newest = await newest_versions(session, programme_id)
    places = await places_of_versions(session, [version for _, version in newest])
    sites = {site.slug: site for placed in places.values() for _, site in placed}
    around = await surroundings_in(session, programme_id, sites.values(), standing, now)
    return [
        PlaceToCheck(proposal.slug, version, placement, site, around[site.slug])
        for proposal, version in newest
        for placement, site in places.get(version.id or 0, ())
    ]


async def keep_reports(session: AsyncSession, reports: Mapping[int, PlacementReport], now: datetime) -> int:
    """Put newer results in the place of stored ones, by the number of the placement; how many have changed."""
    changed = 0
    for number, report in reports.items():
        placement = await session.get(Placement, number)
        if placement is not None:
            changed += keep_report(placement, report.verdict, report.as_json(), now)
    await session.flush()
    return changed
