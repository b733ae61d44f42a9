"""What a place is, as people and registers describe it: its rules, its layers, what stands near it."""

from dataclasses import dataclass
from functools import cached_property

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.placement.canonical import canonical_shape, sha256_of
from geodata.placement.rulebook import limit
from geodata.placement.stance import Placement, Solid, Stance

MILLIMETRES = 3

Geometries = tuple[BaseGeometry, ...]


@dataclass(frozen=True)
class Layers:
    """What is drawn on a site, in lon/lat; an empty layer is not known.

    Gates are lines across the walkway. An obstacle without an area (a fence, a post) counts as a thin one; a
    lane given as a line gets the width that the rules name, a hydrant given as a point its circle.
    """

    gates: Geometries = ()
    obstacles: Geometries = ()
    tactile_paving: Geometries = ()
    emergency_lanes: Geometries = ()
    entrances: Geometries = ()
    hydrants: Geometries = ()


@dataclass(frozen=True)
class SiteRules:
    """A site as the checks see it: boundary in lon/lat, ground height in metres (T.P.), level, limits if any."""

    boundary: Polygon
    ground_m: float
    level: str
    max_height_m: float | None = None
    max_footprint_m2: float | None = None
    min_clear_width_m: float | None = None
    max_load_kn_m2: float | None = None
    max_days: int | None = None
    land_type: str | None = None
    layers: Layers = Layers()


@dataclass(frozen=True)
class Building:
    """A building near the site: footprint in lon/lat, height in metres, ground in metres (T.P.) if known."""

    id: str
    footprint: BaseGeometry
    height_m: float
    ground_m: float | None


@dataclass(frozen=True)
class Rival:
    """Another proposal near by; ``standing`` once it is decided or built, and not only proposed.

    What is worked out of it is kept: on one site it is everybody's rival.
    """

    name: str
    solid: Solid
    placement: Placement
    level: str
    ground_m: float
    standing: bool

    @cached_property
    def stance(self) -> Stance:
        """It where it would stand."""
        return Stance(self.solid, self.placement)

    @cached_property
    def sha256(self) -> str:
        """A hash of all of it that a check depends on; shapes to the millimetre."""
        obstacle = self.solid.between(limit("obstacle_low"), limit("obstacle_high"))
        return sha256_of(
            {
                "name": self.name,
                "placement": self.placement.as_json(),
                "level": self.level,
                "ground_m": float(self.ground_m),
                "standing": self.standing,
                "height_m": round(self.solid.height_m, MILLIMETRES),
                "outline": canonical_shape(self.solid.outline, MILLIMETRES),
                "obstacle": canonical_shape(obstacle, MILLIMETRES),
            }
        )
