"""Pieces of ground: areas seen from above, each with its pattern."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.glb_writer import Mesh
from geodata.scene.patterns import Values

HORIZON_M = 1_500.0
_SLIVER_M2 = 1e-4


@dataclass(frozen=True)
class Ground:
    """An area in (x, z) metres at a height y; its pattern's u axis is turned by radians from x towards z."""

    pattern: str
    area: BaseGeometry
    y: float = 0.0
    turn: float = 0.0

    def mesh(self) -> Mesh:
        """The area as triangles facing up."""
        parts = shapely.get_parts(shapely.constrained_delaunay_triangles(self.area))
        rings = [shapely.get_coordinates(part)[:3] for part in parts if part.area > _SLIVER_M2]
        turned = np.array([ring[::-1] if _turns_left(ring) else ring for ring in rings]).reshape(-1, 2)
        corners, numbers = _welded(turned)
        positions = np.column_stack([corners[:, 0], np.full(len(corners), self.y), corners[:, 1]])
        normals = np.tile([0.0, 1.0, 0.0], (len(positions), 1))
        return Mesh(positions, normals, numbers.reshape(-1, 3))

    def uv(self, x: Values, z: Values) -> tuple[Values, Values]:
        """Give the pattern's coordinates, in metres, of places in the scene."""
        cos, sin = np.float32(math.cos(self.turn)), np.float32(math.sin(self.turn))
        return x * cos + z * sin, z * cos - x * sin


def _welded(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give the different ones of corners (n, 2), and the number of each; np.unique would load half of numpy."""
    order = np.lexsort(corners.T)
    first = np.append(True, (np.diff(corners[order], axis=0) != 0).any(axis=1))
    numbers = np.empty(len(corners), np.int64)
    numbers[order] = np.cumsum(first) - 1
    return corners[order][first], numbers


def _turns_left(ring: NDArray[np.float64]) -> bool:
    # With z to the south, a triangle that faces up runs clockwise in (x, z).
    a, b, c = ring
    return bool((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0)


def layered(grounds: Sequence[Ground]) -> tuple[Ground, ...]:
    """Cut what lies under an earlier ground from the later ones, and drop what is covered."""
    covered: BaseGeometry = shapely.Polygon()
    cut = []
    for ground in grounds:
        rest = shapely.difference(ground.area, covered)
        areas = [part for part in shapely.get_parts(rest) if part.geom_type == "Polygon" and part.area > 0.01]
        if areas:
            cut.append(Ground(ground.pattern, shapely.multipolygons(areas), ground.y, ground.turn))
            covered = shapely.union(covered, ground.area)
    return tuple(cut)
