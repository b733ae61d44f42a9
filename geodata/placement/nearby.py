"""Things found by where they are."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

T = TypeVar("T")
Shapes = NDArray[np.object_]


class Nearby(Generic[T]):
    """Things with their shapes in metres, in a tree of their extents."""

    def __init__(self, things: Sequence[T], shapes: Sequence[BaseGeometry]) -> None:
        self.all = tuple(things)
        self._shapes = tuple(shapes)
        self._tree = STRtree(self._shapes)

    def meeting(self, shape: BaseGeometry) -> list[T]:
        """Those that meet a shape, touching included, in the order they were given."""
        return [self.all[i] for i in sorted(self._tree.query(shape, predicate="intersects"))]

    def within(self, shape: BaseGeometry, distance_m: float) -> list[T]:
        """Those not farther than a distance from a shape, in the order they were given."""
        found = self._tree.query(shape, predicate="dwithin", distance=distance_m)
        return [self.all[i] for i in sorted(found)]

    def nearest(self, shape: BaseGeometry) -> T | None:
        """The nearest thing; of several at the same distance the first; None when there is none."""
        found = self._tree.query_nearest(shape) if self._shapes and not shape.is_empty else ()
        return self.all[min(found)] if len(found) else None

    def pairs_within(self, shapes: Shapes, distance_m: float) -> tuple[NDArray[np.int64], Shapes]:
        """Pairs not farther apart than a distance: the number of one of these shapes, and a shape from here."""
        number, found = self._tree.query(shapes, predicate="dwithin", distance=distance_m)
        return number, self._tree.geometries[found]


def line_between(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """The shortest line from one shape to another; a point's length where they touch."""
    return shapely.shortest_line(one, other)
