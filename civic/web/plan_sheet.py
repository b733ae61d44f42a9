"""The paper that a plan is drawn on: where it lies, its scale bar and north arrow, and path data in its metres.

Units of the drawing are metres: x to the east, y to the south (down, as in SVG), from the middle of what is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

PERSON_M = 1.65
"""The height of the person that every picture shows, here as a length to compare with."""

_LEAST_VIEW_M = 12.0
_MARGIN = 0.08
_TEXT = 0.045
_FINEST = 0.002
_SPOT = 0.022
_BAR_LENGTHS_M = (1_000, 500, 200, 100, 50, 20, 10, 5, 2)


@dataclass(frozen=True)
class ScaleBar:
    """Path data of the bar and of its dark part (165 cm, a person's height); x and y where its label begins."""

    path: str
    person: str
    length_m: int
    x: float
    y: float


@dataclass(frozen=True)
class Sheet:
    """The paper: its middle in EPSG:6677, its width and the height of the drawing and of the strip below it."""

    east: float
    north_m: float
    width: float
    height: float

    @property
    def text_m(self) -> float:
        """The height of letters."""
        return self.width * _TEXT

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.width / 2

    @property
    def top(self) -> float:
        """The y of the upper edge."""
        return -self.height / 2

    @property
    def paper(self) -> Polygon:
        """What the sheet shows, in EPSG:6677."""
        half_w, half_h = self.width / 2, self.height / 2
        return box(self.east - half_w, self.north_m - half_h, self.east + half_w, self.north_m + half_h)

    @property
    def view_box(self) -> str:
        """What the SVG shows: the drawing and the strip below it."""
        strip = 2.2 * self.text_m
        corners = (-self.width / 2, self.top, self.width, self.height + strip)
        return " ".join(f"{self.round(value):g}" for value in corners)

    @property
    def north(self) -> str:
        """Path data of the arrow to the north."""
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
        return bool(self.paper.covers(outline))

    def drawn(self, geometry: BaseGeometry) -> str:
        """Path data of areas, lines and points in EPSG:6677, as far as they lie on the sheet; empty outside it.

        What is too small to be seen becomes a spot.
        """
        parts = shapely.get_parts(shapely.intersection(geometry, self.paper))
        return "".join(self._part(part) for part in parts if not part.is_empty)

    def _part(self, part: BaseGeometry) -> str:
        if isinstance(part, LineString) and part.length > 0:
            return self._stroke(self.point(e, n) for e, n, *_ in part.coords)
        path = self.path(part) if isinstance(part, Polygon) else ""
        return path or self._spot(part.centroid)

    def _spot(self, middle: Point) -> str:
        x, y = self.point(middle.x, middle.y)
        half = _SPOT * self.width / 2
        return self._lines([(x, y - half), (x + half, y), (x, y + half), (x - half, y)])

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
        return self._stroke(points) + "Z"

    def _stroke(self, points: Iterable[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{self.round(x):g} {self.round(y):g}" for x, y in points)

    def triangle(self, points: Iterable[tuple[float, float]]) -> str:
        """Path data of a closed line through points of EPSG:6677."""
        return self._lines(self.point(e, n) for e, n in points)


def sheet_around(site: BaseGeometry, outlines: Sequence[BaseGeometry]) -> Sheet:
    """A sheet that holds the site and what stands within a site's size of it."""
    low_e, low_n, high_e, high_n = site.bounds
    reach = max(high_e - low_e, high_n - low_n)
    near = box(low_e - reach, low_n - reach, high_e + reach, high_n + reach)
    shown = shapely.union_all([box(*site.bounds), *(box(*o.bounds) for o in outlines if near.covers(o))])
    low_e, low_n, high_e, high_n = shown.bounds
    width = max(high_e - low_e, 0.85 * (high_n - low_n), _LEAST_VIEW_M) * (1 + 2 * _MARGIN)
    height = max(high_n - low_n, 0.5 * width) * (1 + 2 * _MARGIN)
    return Sheet((low_e + high_e) / 2, (low_n + high_n) / 2, width, height)
