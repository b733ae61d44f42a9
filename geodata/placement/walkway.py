"""How wide a way stays open between the gates of a site, when something stands on it.

A disc of diameter w passes where its centre can go: the free ground shrunk by w/2, minus what stands there
grown by w/2. (Shrinking what is left of two areas is the same as cutting the second, grown, out of the first,
shrunk; so the shrunk ground is made once for each width and kept.) Two gates are joined with width w when one
piece of that touches both, grown back by w/2. The widest such w is found by bisection in steps of 5 mm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

STEP_M = 0.005
WIDTH_TOLERANCE_M = 0.01  # clear widths are exact to 1 cm
GATE_TOLERANCE_M = 0.1  # a gate drawn a little beside the edge of the site still touches it
DETAIL_M = 0.002  # outlines of models have thousands of corners: finer ones move no width by 1 cm
ARC = 16  # corners of a quarter circle: too small by 0.12 % of its radius
KEPT_WIDTHS = 512
FIRST_STEPS = 256  # 1.28 m: the widths looked at first are multiples of it, or its halves

Shapes = NDArray[np.object_]
Grown = TypeVar("Grown", BaseGeometry, Shapes)


@dataclass(frozen=True)
class Passage:
    """The widest way between the gates, and the largest circle on it that was looked for (the width at least).

    ``circles`` is where the middle of that circle may be on a narrow way; empty where the way is wide enough.
    """

    width_m: float
    circle_m: float
    circles: BaseGeometry


class _Piece:
    """One piece of the shrunk ground: its rim, its holes, and where the middle of a disc touches each gate."""

    def __init__(self, area: Polygon, landings: Shapes) -> None:
        self.rim = area.exterior
        self.holes = np.array(shapely.get_rings(area)[1:], dtype=object)
        self._tree = shapely.STRtree([Polygon(hole) for hole in self.holes])
        self.landings = landings
        shapely.prepare(self.rim)
        self._gates: NDArray[np.bool_] = shapely.intersects(area, landings)
        self._is_plain = bool(
            np.array_equal(self._gates, shapely.intersects(self.rim, landings))
            and not shapely.intersects(self.rim, self.holes).any()
        )

    def joins_around(self, things: BaseGeometry) -> NDArray[np.bool_]:
        """Which of the parts left without the things (rows) touches which gate (columns).

        Things away from the rim, with the holes that they touch, are islands: one part still goes all along the
        rim, and touches every gate there. What is left inside of them touches no gate that this part does not.
        """
        if self._is_plain and not self.rim.intersects(things):
            return self._gates[None, :]
        return self.joins(self.without(things))

    def without(self, things: BaseGeometry) -> Shapes:
        """The parts left when the things are cut out; holes that they do not touch separate nothing: filled."""
        touched = self._tree.query(things, predicate="intersects")
        near = Polygon(self.rim, self.holes[touched])
        parts: Shapes = shapely.get_parts(shapely.difference(near, things))
        return parts

    def joins(self, parts: Shapes) -> NDArray[np.bool_]:
        """Which part (rows) touches which gate (columns)."""
        touching = [shapely.intersects(parts, landing) for landing in self.landings]
        joined: NDArray[np.bool_] = np.array(touching).T.reshape(len(parts), len(self.landings))
        return joined


class Walkway:
    """A site, what is taken of it, and at least two gates; all in metres of EPSG:6677."""

    def __init__(self, site: BaseGeometry, taken: Sequence[BaseGeometry], gates: Shapes) -> None:
        self._site = site
        self._taken = np.array(taken, dtype=object)
        self._gates = gates
        self._shrunk = lru_cache(maxsize=KEPT_WIDTHS)(self._shrink)
        self._pieces = lru_cache(maxsize=KEPT_WIDTHS)(self._make_pieces)
        self._widest = self._find_widest()

    def passage(self, things: BaseGeometry, circle_m: float) -> Passage:
        """Give the widest way between every two gates with the things there, and a circle up to a diameter."""
        things = _without_detail(things)
        steps = self._bisect(things, 0, self._widest)
        width = _width(steps)
        if width >= circle_m:
            return Passage(width, width, Polygon())
        reach = shapely.union_all(self._ways(things, steps))
        return self._circle(things, width, reach, round(circle_m / STEP_M))

    def is_open(self, things: BaseGeometry, width_m: float) -> bool:
        """Tell whether a way of this width, to the nearest 5 mm, is open with the things there."""
        steps = max(round(width_m / STEP_M), 1)
        return steps <= self._widest and self._is_open(_without_detail(things), steps)

    def _circle(self, things: BaseGeometry, width: float, reach: BaseGeometry, most: int) -> Passage:
        """The largest circle of at most that many steps with its middle where the way leads."""
        low, high = int(width / STEP_M), most
        found = self._circles(reach, things, high)
        if not found.is_empty:
            return Passage(width, high * STEP_M, found)
        while high - low > 1:
            middle = (low + high) // 2
            centres = self._circles(reach, things, middle)
            low, high, found = (low, middle, found) if centres.is_empty else (middle, high, centres)
        return Passage(width, max(low * STEP_M, width), reach if found.is_empty else found)

    def _circles(self, reach: BaseGeometry, things: BaseGeometry, steps: int) -> BaseGeometry:
        centres = shapely.difference(self._shrunk(steps), _grown_together(things, steps * STEP_M / 2))
        return shapely.intersection(centres, reach)

    def _find_widest(self) -> int:
        """The widest way with nothing more standing there, in steps: doubled until it is too wide, then halved."""
        high = FIRST_STEPS
        while self._is_open(Polygon(), high):
            high *= 2
        return self._bisect(Polygon(), 0, high)

    def _bisect(self, things: BaseGeometry, low: int, high: int) -> int:
        """The most steps with which all gates are joined, at most ``high``; ``low`` when none is found."""
        if high == low or self._is_open(things, high):
            return high
        while high - low > 1:
            middle = _halfway(low, high)
            low, high = (middle, high) if self._is_open(things, middle) else (low, middle)
        return low

    def _is_open(self, things: BaseGeometry, steps: int) -> bool:
        """Whether every gate is joined to every other."""
        grown = _grown_together(things, steps * STEP_M / 2)
        joins = [piece.joins_around(grown) for piece in self._pieces(steps)]
        if not joins:
            return False
        touching = np.concatenate(joins).astype(np.int64)
        return bool(np.all(touching.T @ touching))

    def _ways(self, things: BaseGeometry, steps: int) -> list[BaseGeometry]:
        """The parts a way may lead through: those that touch two gates, or when there is none, one."""
        found = [
            (part, int(touched.sum()))
            for parts, joined in self._parts(things, steps)
            for part, touched in zip(parts, joined, strict=True)
        ]
        return [part for part, gates in found if gates >= _least_gates(steps)]

    def _parts(self, things: BaseGeometry, steps: int) -> list[tuple[Shapes, NDArray[np.bool_]]]:
        grown = _grown_together(things, steps * STEP_M / 2)
        cut = [(piece, piece.without(grown)) for piece in self._pieces(steps)]
        return [(parts, piece.joins(parts)) for piece, parts in cut]

    def _make_pieces(self, steps: int) -> tuple[_Piece, ...]:
        reach = steps * STEP_M / 2 + GATE_TOLERANCE_M
        landings = shapely.intersection(self._shrunk(steps), shapely.buffer(self._gates, reach, quad_segs=ARC))
        areas = shapely.get_parts(self._shrunk(steps))
        touched = sum(shapely.intersects(areas, landing).astype(int) for landing in landings)
        return tuple(_Piece(area, landings) for area in areas[touched >= _least_gates(steps)])

    def _shrink(self, steps: int) -> BaseGeometry:
        by_m = steps * STEP_M / 2
        taken = shapely.disjoint_subset_union_all(_grown(self._taken, by_m))
        return shapely.difference(self._site.buffer(-by_m, quad_segs=ARC), taken)


def _without_detail(things: BaseGeometry) -> BaseGeometry:
    """Fill the holes, into which no way leads, and straighten the outlines by at most 2 mm."""
    solid = [Polygon(part.exterior) for part in shapely.get_parts(things) if isinstance(part, Polygon)]
    return shapely.simplify(shapely.union_all(solid), DETAIL_M)


def _width(steps: int) -> float:
    """The middle of the step: the way passes with `steps` and not with one more."""
    return (steps + 0.5) * STEP_M if steps else 0.0


def _least_gates(steps: int) -> int:
    """A way joins two gates; where none is open at all, the ground at any gate is what there is."""
    return 2 if steps else 1


def _grown(things: Grown, by_m: float) -> Grown:
    return shapely.buffer(things, by_m, quad_segs=ARC) if by_m else things


def _grown_together(things: BaseGeometry, by_m: float) -> BaseGeometry:
    """Part by part, then united: far faster than all at once where many small parts grow into each other."""
    return shapely.union_all(_grown(shapely.get_parts(things), by_m))


def _halfway(low: int, high: int) -> int:
    """The roundest number between the two: the same widths come up again, and their ground is known."""
    step = 1 << ((high - low - 1).bit_length() - 1)
    return (low // step + 1) * step
