"""What a place is laid out around, and what comes out of laying it out."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.scene.ground import Ground
from geodata.scene.prop import Prop, Stand

Plan = tuple[float, float]

NOWHERE = shapely.Polygon()


@dataclass(frozen=True)
class Setting:
    """The site and the footprint of the proposal in (x, z) metres; `back` points from its front to its back.

    `viewpoints` are where the cameras stand; `sunken` tells that the site lies below the street.
    """

    site: BaseGeometry
    footprint: BaseGeometry
    back: Plan
    viewpoints: tuple[Plan, ...]
    sunken: bool = False

    @cached_property
    def axis(self) -> float:
        """The direction of the site's longer side, in radians from x towards z."""
        ring = shapely.get_coordinates(shapely.oriented_envelope(self.site))
        sides = np.diff(ring[:3], axis=0) if len(ring) > 3 else np.array([[1.0, 0.0]])
        x, z = max(sides, key=lambda side: float(np.hypot(*side)))
        return math.atan2(z, x)

    @property
    def centre(self) -> Plan:
        """The middle of the proposal."""
        point = self.footprint.centroid
        return point.x, point.y

    @property
    def out(self) -> float:
        """The direction across the site's longer side that is nearer to the proposal's back, in radians."""
        side = self.axis + math.pi / 2
        behind = math.cos(side) * self.back[0] + math.sin(side) * self.back[1] > 0
        return side if behind else side + math.pi

    def offset(self, direction: float, distance: float) -> Plan:
        """The point at a distance from the proposal's middle."""
        x, z = self.centre
        return x + math.cos(direction) * distance, z + math.sin(direction) * distance

    def edge(self, direction: float) -> float:
        """How far the site and the proposal reach from the proposal's middle in a direction, within 30 m."""
        near = self.site.intersection(shapely.Point(self.centre).buffer(30.0))
        points = shapely.get_coordinates(shapely.convex_hull(near.union(self.footprint))) - np.array(self.centre)
        return float((points @ np.array([math.cos(direction), math.sin(direction)])).max())

    def stage(self, margin_m: float) -> BaseGeometry:
        """The ground between the cameras and the proposal, and a margin around it."""
        return shapely.convex_hull(shapely.union(self.footprint, shapely.multipoints(self.viewpoints))).buffer(
            margin_m
        )


@dataclass(frozen=True)
class Place:
    """A laid-out place: its grounds (earlier ones on top), built parts, where plants could stand, and no-go areas.

    `plants` are wishes in order of weight; those in the way of the view or of the proposal are left out later.
    Nobody walks in `closed`.
    """

    grounds: tuple[Ground, ...]
    fixtures: tuple[Prop, ...] = ()
    plants: tuple[Stand, ...] = ()
    closed: BaseGeometry = NOWHERE


Layout = Callable[[Setting], Place]


def strip(start: Plan, direction: float, length: float, width: float) -> BaseGeometry:
    """A straight band from a point, in (x, z) metres; `direction` in radians from x towards z."""
    end = (start[0] + math.cos(direction) * length, start[1] + math.sin(direction) * length)
    return shapely.LineString([start, end]).buffer(width / 2, cap_style="flat")


def scattered(
    inner: BaseGeometry, reach_m: float, spacing_m: float, kinds: tuple[str, ...], seed: int
) -> tuple[Stand, ...]:
    """Plants on a shaken grid around an area, out to a distance, the nearest first."""
    noise = np.random.default_rng(seed)
    low_x, low_z, high_x, high_z = shapely.bounds(inner.buffer(reach_m))
    grid = np.stack(np.meshgrid(np.arange(low_x, high_x, spacing_m), np.arange(low_z, high_z, spacing_m)), axis=-1)
    places: NDArray[np.float64] = grid.reshape(-1, 2)
    places = places + noise.uniform(-0.42, 0.42, places.shape) * spacing_m
    turns, sizes = noise.uniform(0, 2 * math.pi, len(places)), noise.uniform(0.82, 1.12, len(places))
    picks = noise.integers(0, len(kinds), len(places))
    distances = shapely.distance(inner, shapely.points(places))
    order = [int(k) for k in np.argsort(distances, kind="stable") if 0 < distances[k] < reach_m]
    return tuple(
        Stand(kinds[picks[k]], (float(places[k, 0]), 0.0, float(places[k, 1])), float(turns[k]), float(sizes[k]))
        for k in order
    )


def along_edge(area: BaseGeometry, spacing_m: float, kinds: tuple[str, ...]) -> tuple[Stand, ...]:
    """Things in turn along the outline of an area, at equal distances, each along the outline."""
    outline = area.exterior if area.geom_type == "Polygon" else shapely.convex_hull(area).exterior
    count = max(int(outline.length / spacing_m), 1)
    stands = []
    for k in range(count):
        here, ahead = (outline.interpolate((k + step) / count, normalized=True) for step in (0.0, 0.02))
        turn = math.atan2(here.y - ahead.y, ahead.x - here.x)
        stands.append(Stand(kinds[k % len(kinds)], (here.x, 0.0, here.y), turn))
    return tuple(stands)


def row(setting: Setting, out: float, at: float, spacing_m: float, kinds: tuple[str, ...]) -> tuple[Stand, ...]:
    """Things in a straight row along the site at a distance from the proposal's middle, the nearest first."""
    x, z = setting.offset(out, at)
    cos, sin = math.cos(setting.axis), math.sin(setting.axis)
    steps = sorted(range(-14, 14), key=lambda k: abs(k + 0.5))
    return tuple(
        Stand(kinds[k % len(kinds)], (x + cos * far, 0.0, z + sin * far), -setting.axis + (k % 2) * math.pi)
        for k in steps
        for far in ((k + 0.5) * spacing_m,)
    )
