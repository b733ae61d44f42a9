"""A model standing at a place, in metres of EPSG:6677.

Conventions: glTF has y up, metres, and the front of a model is +z. The web scene has x = east, y = up,
z = -north. A heading H is where the front faces, in degrees clockwise from grid north; in the scene that is
rotation.y = pi - H. A placement's lon/lat is where the canonical origin stands: the middle of the footprint's
bounding box, at the lowest y. Outlines are given for heading 0: first coordinate east, second north.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.crs import to_plane
from geodata.placement.canonical import canonical_number
from geodata.placement.rulebook import limit

DETAIL_M = 0.001

Points = NDArray[np.float64]


class Solid(Protocol):
    """What a check needs to know of a model; geodata.ingest.Model is one."""

    @property
    def outline(self) -> BaseGeometry:
        """Area covered, in metres, relative to the canonical origin, for heading 0."""

    @property
    def outline_cell_m(self) -> float:
        """0 when the outline is exact, else how much too wide it may be, in metres."""

    @property
    def height_m(self) -> float:
        """From the lowest to the highest point, in metres."""

    def between(self, low_m: float, high_m: float) -> BaseGeometry:
        """Plan area of the solid between two heights above its lowest point, in metres, for heading 0."""


@dataclass(frozen=True)
class Placement:
    """Where a model stands: degrees, heading clockwise from grid north, base above the site's ground, scale.

    ``mass_kg`` and ``days`` (of use in a year) are None as long as nobody has said them.
    """

    lon: float
    lat: float
    heading_deg: float
    base_m: float = 0.0
    scale: float = 1.0
    mass_kg: float | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        known = [value for value in asdict(self).values() if value is not None]
        if not all(math.isfinite(value) for value in known) or self.scale <= 0:
            raise ValueError("a placement has finite numbers and a scale above 0")
        if (self.mass_kg or 0) < 0 or (self.days or 0) < 0:
            raise ValueError("the mass and the days of a placement are not below 0")

    def as_json(self) -> dict[str, float | None]:
        """Give the numbers by their names, as they are hashed."""
        return {name: canonical_number(value) for name, value in asdict(self).items()}


class Stance:
    """A solid at a place: its plan in EPSG:6677 and its heights above the site's ground, each worked out once."""

    def __init__(self, solid: Solid, placement: Placement) -> None:
        self.solid = solid
        self.placement = placement
        self.cell_m = solid.outline_cell_m * placement.scale
        self.bottom_m = placement.base_m
        self.top_m = placement.base_m + solid.height_m * placement.scale

    @cached_property
    def footprint(self) -> BaseGeometry:
        """Everything it covers, seen from above."""
        return self._placed(self.solid.outline)

    @cached_property
    def area(self) -> BaseGeometry:
        """The footprint with its outline straightened by at most 1 mm, for asking what it shares with others."""
        return shapely.simplify(self.footprint, DETAIL_M)

    @cached_property
    def obstacle(self) -> BaseGeometry:
        """What a walking person meets: the solid between 5 cm and 2.1 m above the ground."""
        return self.between(limit("obstacle_low"), limit("obstacle_high"))

    def between(self, low_m: float, high_m: float) -> BaseGeometry:
        """Plan area between two heights above the site's ground, in EPSG:6677."""
        if high_m <= self.bottom_m or low_m >= self.top_m:
            return Polygon()
        low, high = ((height - self.bottom_m) / self.placement.scale for height in (low_m, high_m))
        return self._placed(self.solid.between(max(low, 0.0), high))

    def _placed(self, plan: BaseGeometry) -> BaseGeometry:
        return shapely.transform(plan, self._move)

    @cached_property
    def _move(self) -> Callable[[Points], Points]:
        return _move_to(self.placement)


def place_outline(outline: BaseGeometry, placement: Placement) -> BaseGeometry:
    """Scale, turn and move an outline to its place; the result is in metres of EPSG:6677, order e, n."""
    return shapely.transform(outline, _move_to(placement))


def _move_to(placement: Placement) -> Callable[[Points], Points]:
    heading = math.radians(placement.heading_deg)
    turn = np.array([[math.cos(heading), -math.sin(heading)], [math.sin(heading), math.cos(heading)]])
    anchor = np.array(to_plane(placement.lon, placement.lat))

    def move(points: Points) -> Points:
        moved: Points = placement.scale * points @ turn + anchor
        return moved

    return move
