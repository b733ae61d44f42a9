"""A place prepared once for many checks: everything in metres of EPSG:6677, found by where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from geodata.crs import Geometries, geometries_to_plane, geometry_to_plane
from geodata.placement.nearby import Nearby
from geodata.placement.rulebook import limit
from geodata.placement.site import Building, Rival, SiteRules
from geodata.placement.walkway import Walkway

Kind = Literal["building", "obstacle", "entrance"]

ROUND = 64  # corners of a quarter circle: 0.4 mm too small at 5 m
THIN_M = 0.005  # half the thickness of a fence or a post drawn without one
WITHIN_SHARE = 0.5  # a building over more of a site than this is the house that the site is in


@dataclass(frozen=True)
class Neighbour:
    """Something that stands at the place, or a door that people come out of."""

    kind: Kind
    name: str
    shape: BaseGeometry


@dataclass(frozen=True)
class PlacedRival:
    """Another proposal where it would stand; heights in metres (T.P.)."""

    rival: Rival
    footprint: BaseGeometry
    obstacle: BaseGeometry
    bottom_m: float
    top_m: float


@dataclass(frozen=True)
class OtherLevel:
    """Another level at the same spot."""

    name: str
    boundary: BaseGeometry
    ground_m: float


class Ground:
    """What a place is. Prepared once; then any number of placements can be checked against it.

    ``rivals`` are those of any level; the ones of the site's own level count. ``days_used`` are the days of
    this year on which the site is already in use; ``data_year`` is the year of the building data.
    """

    def __init__(
        self,
        site: SiteRules,
        buildings: Sequence[Building] = (),
        rivals: Sequence[Rival] = (),
        other_levels: Sequence[SiteRules] = (),
        days_used: int = 0,
        data_year: int | None = None,
    ) -> None:
        self.site = site
        self.buildings = tuple(buildings)
        self.rivals = tuple(rivals)
        self.other_levels = tuple(other_levels)
        self.days_used = days_used
        self.data_year = data_year
        self.boundary = geometry_to_plane(site.boundary)
        shapely.prepare(self.boundary)

    @property
    def least_width_m(self) -> float:
        """The width of way that must stay free: what the site asks for, else what the rules say."""
        own = self.site.min_clear_width_m
        return limit("clear_width") if own is None else own

    @cached_property
    def neighbours(self) -> Nearby[Neighbour]:
        """Buildings, obstacles and entrances, found by where they are."""
        layers = self.site.layers
        obstacles = [_with_area(shape) for shape in geometries_to_plane(layers.obstacles)]
        entrances = geometries_to_plane(layers.entrances)
        return Nearby(
            [
                *self._standing_buildings,
                *(Neighbour("obstacle", "", shape) for shape in obstacles),
                *(Neighbour("entrance", "", shape) for shape in entrances),
            ],
            [*(b.shape for b in self._standing_buildings), *obstacles, *entrances],
        )

    @property
    def buildings_around(self) -> list[Building]:
        """The buildings without the one that the site itself is in."""
        houses = zip(self.buildings, self._is_house, strict=True)
        return [building for building, is_house in houses if not is_house]

    @cached_property
    def placed_rivals(self) -> Nearby[PlacedRival]:
        """The rivals of the same level, found by where they are."""
        placed = [_placed(rival) for rival in self.rivals if rival.level == self.site.level]
        return Nearby(placed, [rival.footprint for rival in placed])

    @cached_property
    def tactile_paving(self) -> STRtree | None:
        """Tactile paving, found by where it is; None when none is known."""
        paving = geometries_to_plane(self.site.layers.tactile_paving)
        return STRtree(paving) if len(paving) else None

    @cached_property
    def lanes(self) -> BaseGeometry | None:
        """Lanes of emergency vehicles; None when none is known."""
        half = limit("emergency_lane_width") / 2
        return _united([_wide(shape, half) for shape in geometries_to_plane(self.site.layers.emergency_lanes)])

    @cached_property
    def kept_free(self) -> BaseGeometry | None:
        """Lanes of emergency vehicles and the circles round hydrants; None when neither is known."""
        radius = limit("hydrant_circle")
        circles = [_wide(shape, radius) for shape in geometries_to_plane(self.site.layers.hydrants)]
        return _united([*circles, *([] if self.lanes is None else [self.lanes])])

    @cached_property
    def levels(self) -> tuple[OtherLevel, ...]:
        """The other levels, wherever they are."""
        return tuple(
            OtherLevel(level.level, geometry_to_plane(level.boundary), level.ground_m)
            for level in self.other_levels
            if level.level != self.site.level
        )

    def free_within(self, area: BaseGeometry) -> BaseGeometry:
        """The part of an area that is free for walking: in the site, without what stands there."""
        inside = shapely.intersection(area, self.boundary)
        return shapely.difference(inside, shapely.union_all(self._taken.meeting(inside)))

    @cached_property
    def walls(self) -> Nearby[BaseGeometry]:
        """What bounds a way: the edges of the site, obstacles, buildings, standing rivals."""
        rings = shapely.get_rings(self.boundary)
        corners = [shapely.get_coordinates(ring) for ring in rings]
        edges = [edge for ring in corners for edge in shapely.linestrings(np.stack([ring[:-1], ring[1:]], axis=1))]
        things = [*edges, *self._taken.all]
        return Nearby(things, things)

    @cached_property
    def walkway(self) -> Walkway | None:
        """The free ground with its gates; None with fewer than two of them."""
        gates = geometries_to_plane(self.site.layers.gates)
        return Walkway(self.boundary, self._taken.all, gates) if len(gates) > 1 else None

    @cached_property
    def _taken(self) -> Nearby[BaseGeometry]:
        """What people cannot walk through in the site: obstacles, buildings, standing rivals.

        What stands wholly outside takes nothing: from inside the site, its edge is nearer.
        """
        standing = [rival.obstacle for rival in self.placed_rivals.all if rival.rival.standing]
        shapes = [n.shape for n in self.neighbours.all if n.kind != "entrance"] + standing
        taken = [shape for shape in shapes if self.boundary.intersects(shape)]
        return Nearby(taken, taken)

    @cached_property
    def _standing_buildings(self) -> list[Neighbour]:
        """The buildings that rise through the site's level, without the one that the site itself is in."""
        return [
            Neighbour("building", building.id, shape)
            for building, shape, is_house in zip(
                self.buildings, self._building_shapes, self._is_house, strict=True
            )
            if not is_house and not self._is_below(building)
        ]

    @cached_property
    def _building_shapes(self) -> Geometries:
        return geometries_to_plane([building.footprint for building in self.buildings])

    @cached_property
    def _is_house(self) -> NDArray[np.bool_]:
        """Which of the buildings is the one that the site itself is in."""
        shared = shapely.area(shapely.intersection(self.boundary, self._building_shapes))
        is_house: NDArray[np.bool_] = shared > WITHIN_SHARE * self.boundary.area
        return is_house

    def _is_below(self, building: Building) -> bool:
        return building.ground_m is not None and building.ground_m + building.height_m <= self.site.ground_m


def _placed(rival: Rival) -> PlacedRival:
    stance = rival.stance
    return PlacedRival(
        rival,
        stance.area,
        stance.obstacle,
        rival.ground_m + stance.bottom_m,
        rival.ground_m + stance.top_m,
    )


def _with_area(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.area else shape.buffer(THIN_M)


def _wide(shape: BaseGeometry, half_m: float) -> BaseGeometry:
    """A line or a point with its width; an area is drawn as wide as it is meant."""
    return shape if shape.area else shape.buffer(half_m, quad_segs=ROUND)


def _united(shapes: Sequence[BaseGeometry]) -> BaseGeometry | None:
    """All of them as one, prepared; None when there is none."""
    if not shapes:
        return None
    united = shapely.union_all(shapes)
    shapely.prepare(united)
    return united
