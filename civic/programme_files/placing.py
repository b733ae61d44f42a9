"""The placements of a programme file, checked against each other and against what is there already.

This takes seconds, so it only reads: it is done before the transaction that writes the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shapely import to_wkb
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.installations.queries import standing_in
from civic.kernel.storage import FileStore
from civic.programme_files.checking import Checked
from civic.programme_files.earlier import registered_beside
from civic.programme_files.format import PlacementPart, ProposalPart, SitePart
from civic.programmes.queries import find_programme
from civic.proposals.checks import PlacementReport, check_placement
from civic.proposals.models import StoredModels
from civic.proposals.surroundings import (
    Neighbour,
    Rivals,
    Standing,
    by_level,
    neighbours_in,
    surroundings_of,
    with_neighbours,
)
from civic.sites.queries import site_by_slug
from civic.sites.tables import Site
from geodata.ingest.model import Model
from geodata.layers import stored_layer
from geodata.placement import Placement

Reports = Mapping[tuple[str, int], PlacementReport]
"""The report of each placement of a file, by the proposal's slug and its number there."""


@dataclass(frozen=True)
class Placing:
    """Checks the placements of one file, whose sites need not be in the database yet."""

    session: AsyncSession
    checked: Checked
    store: FileStore
    now: datetime

    async def reports(self) -> Reports:
        """Check everything."""
        sites = {part.slug: await self._site(part) for part in self.checked.content.sites}
        neighbours, rivals = by_level(await self._neighbours()), Rivals(self._model)
        found: dict[tuple[str, int], PlacementReport] = {}
        for slug, site in sites.items():
            around = await surroundings_of(self.session, site, self.now, list(sites.values()))
            around = with_neighbours(around, neighbours)
            for proposal, i, part in self._placed_on(slug):
                model = self.checked.models[proposal.slug]
                ground = around.ground(proposal.slug, model.facts.bounds_m, placement_of_part(part), rivals)
                report = check_placement(model, placement_of_part(part), ground)
                found[proposal.slug, i] = report
        return found

    async def _site(self, part: SitePart) -> Site:
        """The site as it will be; under its number when there is one of its slug."""
        present = await site_by_slug(self.session, part.slug)
        return Site(
            id=None if present is None else present.id,
            slug=part.slug,
            title=part.title,
            level=part.level,
            boundary=to_wkb(self.checked.polygons[part.boundary]),
            ground_m=part.ground_m,
            land_type=part.land_type,
            rules=part.rules.model_dump(exclude_none=True),
            files={},
            layers={kind: stored_layer(parts) for kind, parts in self.checked.layers[part.slug].items()},
        )

    async def _neighbours(self) -> list[Neighbour]:
        """The placements of the file, and of the proposals that stay although it does not name them."""
        programme = await find_programme(self.session, self.checked.content.programme.slug)
        if programme is None:
            return self._own(frozenset())
        standing = await standing_in(self.session, programme.id or 0)
        staying = {p.slug for p in await registered_beside(self.session, self.checked, self.store)}
        stored = await neighbours_in(self.session, programme.id or 0, standing)
        others = [other for level in stored.values() for other in level if other.proposal in staying]
        return [*self._own(standing), *others]

    def _own(self, standing: Standing) -> list[Neighbour]:
        sites = {site.slug: site for site in self.checked.content.sites}
        return [
            Neighbour(
                proposal=proposal.slug,
                model=self.checked.models[proposal.slug].sha256,
                bounds_m=self.checked.models[proposal.slug].facts.bounds_m,
                placement=placement_of_part(part),
                level=sites[slug].level,
                ground_m=sites[slug].ground_m,
                standing=(proposal.slug, slug) in standing,
                shown=proposal.consent.publish,
            )
            for slug in sites
            for proposal, _, part in self._placed_on(slug)
        ]

    def _placed_on(self, site: str) -> list[tuple[ProposalPart, int, PlacementPart]]:
        return [
            (proposal, i, part)
            for proposal in self.checked.content.proposals
            for i, part in enumerate(proposal.placements)
            if part.site == site
        ]

    def _model(self, sha256: str) -> Model:
        """The file's own models are at hand; those of registered proposals are read."""
        own = {model.sha256: model for model in self.checked.models.values()}
        return own[sha256] if sha256 in own else StoredModels(self.store, self.checked.limits)(sha256)


def placement_of_part(part: PlacementPart) -> Placement:
    """A placement of a file as the checks see it."""
    return Placement(**part.model_dump(exclude={"site", "cost_yen"}))
