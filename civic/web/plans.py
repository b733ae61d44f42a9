"""A small plan of a site: its outline and what would stand on it, as shapes that a template draws as SVG.

Units of the drawing are metres: x to the east, y to the south (down, as in SVG), from the middle of what is shown.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata.crs import geometry_to_plane
from geodata.placement import Placement, place_outline

PERSON_M = 1.65
"""The height of the person that every picture shows, here as a length to compare with."""

_LEAST_VIEW_M = 12.0
_MARGIN = 0.08
_TEXT = 0.045
_FINEST = 0.002
_BAR_LENGTHS_M = (1_000, 500, 200, 100, 50, 20, 10, 5, 2)


@dataclass(frozen=True)
class Standing:
    """Something on a plan: its outline in metres for heading 0 (east, north; about its origin), and its place."""

    outline: BaseGeometry
    placement: Placement


@dataclass(frozen=True)
class PlanFootprint:
    """Path data of a model's outline, and of the small triangle that shows where its front looks."""

    path: str
    front: str


@dataclass(frozen=True)
class ScaleBar:
    """Path data of the bar and of its dark part (165 cm, a person's height); x and y where its label begins."""

    path: str
    person: str
    length_m: int
    x: float
    y: float


@dataclass(frozen=True)
class PlanView:
    """A drawn plan. Everything is in metres; ``text_m`` is the height of its letters.

    ``north`` is path data of the arrow, whose N stands at ``north_x``, ``north_y``. ``outside`` tells that
    something stands too far away to be on the drawing.
    """

    view_box: str
    site: str
    footprints: tuple[PlanFootprint, ...]
    north: str
    north_x: float
    north_y: float
    bar: ScaleBar
    text_m: float
    outside: bool


def outline_of_size(bounds_m: Sequence[float]) -> Polygon:
    """The rectangle that a model's extent (w, h, d in metres) covers: for when its outline is not at hand."""
    width, _, depth = bounds_m
    return box(-width / 2, -depth / 2, width / 2, depth / 2)


def site_plan(boundary: Polygon, standings: Iterable[Standing]) -> PlanView:
    """Draw what stands on a site; ``boundary`` in lon/lat degrees. Grid north is up."""
    site = geometry_to_plane(boundary)
    placed = [(standing, place_outline(standing.outline, standing.placement)) for standing in standings]
    sheet = _sheet(site, [outline for _, outline in placed])
    return PlanView(
        view_box=sheet.view_box,
        site=sheet.path(site),
        footprints=tuple(_footprint(sheet, standing, outline) for standing, outline in placed),
        north=sheet.north,
        north_x=sheet.round(sheet.right - 1.5 * sheet.text_m),
        north_y=sheet.round(sheet.top + 3.6 * sheet.text_m),
        bar=sheet.bar,
        text_m=sheet.round(sheet.text_m),
        outside=any(not sheet.shows(outline) for _, outline in placed),
    )


@dataclass(frozen=True)
class _Sheet:
    """The paper: its middle in EPSG:6677, its width and the height of the drawing and of the strip below it."""

    east: float
    north_m: float
    width: float
    height: float

    @property
    def text_m(self) -> float:
        return self.width * _TEXT

    @property
    def right(self) -> float:
        return self.width / 2

    @property
    def top(self) -> float:
        return -self.height / 2

    @property
    def view_box(self) -> str:
        strip = 2.2 * self.text_m
        corners = (-self.width / 2, self.top, self.width, self.height + strip)
        return " ".join(f"{self.round(value):g}" for value in corners)

    @property
    def north(self) -> str:
        x, y, size = self.right - 1.5 * self.text_m, self.top + 0.4 * self.text_m, self.text_m
        return self._lines(
            [(x, y), (x + 0.7 * size, y + 2 * size), (x, y + 1.5 * size), (x - 0.7 * size, y + 2 * size)]
        )

    @property
    def bar(self) -> ScaleBar:
        """A bar of a round length, at most a quarter of the sheet where there is one, below the drawing."""
        length = next((m for m in _BAR_LENGTHS_M if m <= self.width / 4), _BAR_LENGTHS_M[-1])
        left, top, height = -self.width / 2 + self.text_m, self.height / 2 + self.text_m, 0.4 * self.text_m
        return ScaleBar(
            path=self._bar(left, top, length, height),
            person=self._bar(left, top, PERSON_M, height),
            length_m=length,
            x=self.round(left + length + 0.6 * self.text_m),
            y=self.round(top + 0.7 * self.text_m),
        )

    def round(self, metres: float) -> float:
        """To the centimetre: finer than any screen."""
        return round(metres, 2) + 0.0

    def shows(self, outline: BaseGeometry) -> bool:
        """Whether an outline in EPSG:6677 lies on the sheet."""
        half_w, half_h = self.width / 2, self.height / 2
        paper = box(self.east - half_w, self.north_m - half_h, self.east + half_w, self.north_m + half_h)
        return bool(paper.covers(outline))

    def path(self, geometry: BaseGeometry) -> str:
        """Path data of the rings of an area in EPSG:6677, without gaps and steps that no screen shows."""
        finest = self.width * _FINEST
        areas = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
        rings = [ring for area in areas for ring in (area.exterior, *area.interiors)]
        seen = [ring.simplify(finest) for ring in rings if Polygon(ring).area > finest * ring.length]
        return "".join(self._lines([self.point(e, n) for e, n, *_ in ring.coords[:-1]]) for ring in seen)

    def point(self, e: float, n: float) -> tuple[float, float]:
        """Metres of EPSG:6677 as x and y of the drawing."""
        return e - self.east, self.north_m - n

    def _bar(self, left: float, top: float, length: float, height: float) -> str:
        right, bottom = left + length, top + height
        return self._lines([(left, top), (right, top), (right, bottom), (left, bottom)])

    def _lines(self, points: Iterable[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{self.round(x):g} {self.round(y):g}" for x, y in points) + "Z"

    def triangle(self, points: Iterable[tuple[float, float]]) -> str:
        """Path data of a closed line through points of EPSG:6677."""
        return self._lines(self.point(e, n) for e, n in points)


def _sheet(site: BaseGeometry, outlines: Sequence[BaseGeometry]) -> _Sheet:
    """A sheet that holds the site and what stands within a site's size of it."""
    low_e, low_n, high_e, high_n = site.bounds
    reach = max(high_e - low_e, high_n - low_n)
    near = box(low_e - reach, low_n - reach, high_e + reach, high_n + reach)
    shown = shapely.union_all([box(*site.bounds), *(box(*o.bounds) for o in outlines if near.covers(o))])
    low_e, low_n, high_e, high_n = shown.bounds
    width = max(high_e - low_e, 0.85 * (high_n - low_n), _LEAST_VIEW_M) * (1 + 2 * _MARGIN)
    height = max(high_n - low_n, 0.5 * width) * (1 + 2 * _MARGIN)
    return _Sheet((low_e + high_e) / 2, (low_n + high_n) / 2, width, height)


def _footprint(sheet: _Sheet, standing: Standing, outline: BaseGeometry) -> PlanFootprint:
    """The outline, and a triangle just in front of it, large enough to be seen."""
    heading = math.radians(standing.placement.heading_deg)
    ahead, aside = (math.sin(heading), math.cos(heading)), (math.cos(heading), -math.sin(heading))
    front = standing.outline.bounds[3] * standing.placement.scale
    origin = place_outline(shapely.Point(0, 0), standing.placement)
    size = 0.02 * sheet.width

    def at(forward: float, sideways: float) -> tuple[float, float]:
        e = origin.x + forward * ahead[0] + sideways * aside[0]
        return e, origin.y + forward * ahead[1] + sideways * aside[1]

    corners = [
        at(front + 0.3 * size, -0.7 * size),
        at(front + 1.6 * size, 0.0),
        at(front + 0.3 * size, 0.7 * size),
    ]
    return PlanFootprint(sheet.path(outline), sheet.triangle(corners))
