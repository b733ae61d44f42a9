"""What the checks of a placement need to know around it: its site with layers, buildings, levels, neighbours."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.buildings.queries import buildings_near, data_year, for_placement
from civic.kernel.clock import JST
from civic.proposals.queries import may_be_shown, newest_versions, places_of_versions
from civic.proposals.tables import Placement
from civic.sites.queries import days_used, sites_on_other_levels
from civic.sites.tables import Site
from geodata import placement as geometry
from geodata.crs import geometry_to_plane, to_plane
from geodata.ingest.model import Model
from geodata.layers import layer_geometries
from geodata.shapes import from_wkb

SHADOW_M = 500.0
"""Buildings as far as this from a site are checked: the winter sun throws their shadows that far."""

SEEN_M = 100.0
"""As far as this a plan shows buildings."""

UNNAMED = "(非公開 / unpublished)"

ModelOf = Callable[[str], Model]
"""A stored model by its SHA-256."""

Standing = frozenset[tuple[str, str]]
"""(proposal, site) by their slugs: what is decided or built there, and not only proposed."""


class Rivals:
    """Neighbours as the checks see them, each made once."""

    def __init__(self, model_of: ModelOf) -> None:
        self.model_of = model_of
        self._made: dict[tuple[str, str, geometry.Placement], geometry.Rival] = {}

    def __call__(self, neighbour: "Neighbour") -> geometry.Rival:
        """Give the rival that a neighbour is."""
        key = (neighbour.proposal, neighbour.level, neighbour.placement)
        if key not in self._made:
            self._made[key] = _rival(neighbour, self.model_of)
        return self._made[key]


@dataclass(frozen=True)
class Neighbour:
    """Another proposal's placement. ``bounds_m``: the model's extent in metres, before its scale.

    ``shown``: its authors agreed to publish it; a reason that everybody reads does not name the others.
    """

    proposal: str
    model: str
    bounds_m: Sequence[float]
    placement: geometry.Placement
    level: str
    ground_m: float
    standing: bool
    shown: bool

    @property
    def reach_m(self) -> float:
        """No part of it is farther from its origin than this, seen from above."""
        return reach_of(self.bounds_m, self.placement.scale)

    def comes_near(self, area: BaseGeometry) -> bool:
        """Whether a part of it could lie in an area in EPSG:6677."""
        origin = Point(to_plane(self.placement.lon, self.placement.lat))
        return bool(area.distance(origin) <= self.reach_m)


@dataclass(frozen=True)
class Surroundings:
    """A site as the checks see it, with everything around it but the neighbours of one placement."""

    site: geometry.SiteRules
    buildings: tuple[geometry.Building, ...] = ()
    other_levels: tuple[geometry.SiteRules, ...] = ()
    days_used: int = 0
    data_year: int | None = None
    neighbours: tuple[Neighbour, ...] = ()

    def ground(
        self, proposal: str, bounds_m: Sequence[float], placement: geometry.Placement, rivals: Rivals
    ) -> geometry.Ground:
        """The ground for a placement of a proposal: its rivals are those that stand and those that come near."""
        near = self.near(proposal, bounds_m, placement)
        return geometry.Ground(
            self.site,
            self.buildings,
            [rivals(other) for other in near],
            self.other_levels,
            self.days_used,
            self.data_year,
        )

    def near(
        self, proposal: str, bounds_m: Sequence[float], placement: geometry.Placement
    ) -> tuple[Neighbour, ...]:
        """The neighbours that could touch what a proposal puts here, and those that stand in the site's way."""
        reach_m = reach_of(bounds_m, placement.scale)
        site = geometry_to_plane(self.site.boundary)
        others = (other for other in self.neighbours if other.proposal != proposal)
        return tuple(
            other
            for other in others
            if _apart_m(other.placement, placement) <= other.reach_m + reach_m
            or (other.standing and other.comes_near(site))
        )


async def surroundings_of(
    session: AsyncSession,
    site: Site,
    now: datetime,
    planned: Sequence[Site] = (),
    within_m: float = SHADOW_M,
) -> Surroundings:
    """What is around a site now, but for neighbours: see ``Surroundings.neighbours``.

    ``planned`` are sites as they are about to be: they count for those of the same slug that are stored.
    ``within_m`` is how far buildings are looked for; a page that only draws is content with ``SEEN_M``.
    """
    rules = rules_of_site(site)
    near = await buildings_near(session, rules.boundary, within_m)
    return Surroundings(
        site=rules,
        buildings=tuple(for_placement(near)),
        other_levels=tuple(rules_of_site(other) for other in await sites_on_other_levels(session, site, planned)),
        days_used=await days_used(session, site.id or 0, now.astimezone(JST).year),
        data_year=await data_year(session) if near else None,
    )


async def surroundings_in(
    session: AsyncSession,
    programme_id: int,
    sites: Iterable[Site],
    standing: Standing,
    now: datetime,
    within_m: float = SHADOW_M,
) -> dict[str, Surroundings]:
    """What is around sites of a programme now, with the neighbours there, by the sites' slugs."""
    neighbours = await neighbours_in(session, programme_id, standing)
    return {
        site.slug: with_neighbours(await surroundings_of(session, site, now, within_m=within_m), neighbours)
        for site in sites
    }


async def neighbours_in(
    session: AsyncSession, programme_id: int, standing: Standing
) -> Mapping[str, tuple[Neighbour, ...]]:
    """All placements of the newest versions of a programme, by the level that they stand on."""
    newest = await newest_versions(session, programme_id)
    places = await places_of_versions(session, [version for _, version in newest])
    found = [
        Neighbour(
            proposal=proposal.slug,
            model=version.model,
            bounds_m=version.facts["bounds_m"],
            placement=placement_of(placement),
            level=site.level,
            ground_m=site.ground_m,
            standing=(proposal.slug, site.slug) in standing,
            shown=may_be_shown(version),
        )
        for proposal, version in newest
        for placement, site in places.get(version.id or 0, ())
    ]
    return by_level(found)


def by_level(neighbours: Iterable[Neighbour]) -> Mapping[str, tuple[Neighbour, ...]]:
    """Neighbours by the level that they stand on."""
    found: dict[str, tuple[Neighbour, ...]] = {}
    for neighbour in neighbours:
        found[neighbour.level] = (*found.get(neighbour.level, ()), neighbour)
    return found


def with_neighbours(surroundings: Surroundings, neighbours: Mapping[str, tuple[Neighbour, ...]]) -> Surroundings:
    """The surroundings with the neighbours of the site's level."""
    return replace(surroundings, neighbours=neighbours.get(surroundings.site.level, ()))


def rules_of_site(site: Site) -> geometry.SiteRules:
    """A stored site as the checks see it."""
    return geometry.SiteRules(
        boundary=from_wkb(site.boundary),
        level=site.level,
        ground_m=site.ground_m,
        land_type=site.land_type,
        layers=geometry.Layers(**layer_geometries(site.layers)),
        **_limits(site.rules),
    )


def placement_of(placement: Placement) -> geometry.Placement:
    """A stored placement as the checks see it."""
    p = placement
    return geometry.Placement(p.lon, p.lat, p.heading_deg, p.base_m, p.scale, p.mass_kg, p.days)


def _limits(rules: Mapping[str, Any]) -> dict[str, Any]:
    names = ("max_height_m", "max_footprint_m2", "min_clear_width_m", "max_load_kn_m2", "max_days")
    return {name: rules.get(name) for name in names}


def reach_of(bounds_m: Sequence[float], scale: float) -> float:
    """How far a model of this extent reaches from its origin, seen from above; metres."""
    return scale * math.hypot(bounds_m[0], bounds_m[2]) / 2


def _apart_m(one: geometry.Placement, other: geometry.Placement) -> float:
    return math.dist(to_plane(one.lon, one.lat), to_plane(other.lon, other.lat))


def _rival(neighbour: Neighbour, model_of: ModelOf) -> geometry.Rival:
    return geometry.Rival(
        name=neighbour.proposal if neighbour.shown else UNNAMED,
        solid=model_of(neighbour.model),
        placement=neighbour.placement,
        level=neighbour.level,
        ground_m=neighbour.ground_m,
        standing=neighbour.standing,
    )
