"""Smooth bodies: limbs that melt into each other, turned into a mesh.

A body is a distance field: round cones joined by a polynomial smooth minimum. Its surface is found with naive
surface nets (S. Gibson, "Constrained Elastic Surface Nets", 1998): one corner in each grid cell that the surface
crosses, then drawn onto the surface along the gradient.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.glb_writer import Mesh
from geodata.scene.prop import Color, Prop, solid, unit

Point = tuple[float, float, float]
Floats = NDArray[np.float64]

_SHORTEST_M = 1e-5
_COARSE = 4  # lattice steps
_STEEPEST = 1.35  # a field changes at most so much a metre: round cones widen along their axis


@dataclass(frozen=True)
class Limb:
    """A round cone from `start` to `end`, in metres; `flatness` below 1 makes it thinner along z."""

    start: Point
    end: Point
    start_radius: float
    end_radius: float
    color: Color
    flatness: float = 1.0


def body(limbs: Sequence[Limb], cell_m: float, melt_m: float = 0.035) -> Prop:
    """Melt limbs into one body whose corners take the colour of the nearest limb."""
    field = _Field(limbs, melt_m)
    ends = np.array([point for limb in limbs for point in (limb.start, limb.end)])
    widest = max(max(limb.start_radius, limb.end_radius) for limb in limbs) + 2 * cell_m
    positions, triangles = _surface_nets(field, ends.min(axis=0) - widest, ends.max(axis=0) + widest, cell_m)
    slopes = field.slopes(positions)
    for _ in range(2):
        positions = positions - slopes * field.depths(positions)[:, None]
    colors = np.array([limb.color for limb in limbs])[field.nearest(positions)]
    return solid(Mesh(positions, unit(field.slopes(positions)), triangles), colors)


class _Field:
    """The distance field of all limbs of a body at once.

    Each limb stretches space along z by its flatness before it measures; distances and slopes have one row a limb.
    """

    def __init__(self, limbs: Sequence[Limb], melt_m: float) -> None:
        self._melt = melt_m
        self._flatness = np.array([limb.flatness for limb in limbs])
        self._squash = np.array([(1.0, 1.0, 1.0 / limb.flatness) for limb in limbs])
        self._start = np.array([limb.start for limb in limbs]) * self._squash
        self._along = np.array([limb.end for limb in limbs]) * self._squash - self._start
        self._length2 = np.maximum((self._along**2).sum(axis=1), _SHORTEST_M**2)
        self._radius = np.array([limb.start_radius for limb in limbs])
        self._widening = np.array([limb.end_radius for limb in limbs]) - self._radius

    def depths(self, points: Floats) -> Floats:
        """Give the field at points (n, 3): below zero inside the body."""
        distances, _, _ = self._measured(points)
        total: Floats = distances[0].copy()
        for other in distances[1:]:
            near = np.maximum(self._melt - np.abs(total - other), 0.0)
            total = np.minimum(total, other) - near * near / (4 * self._melt)
        return total

    def slopes(self, points: Floats) -> Floats:
        """Give the gradient of the field at points (n, 3)."""
        distances, away, share = self._measured(points)
        total, slope = distances[0], self._slope(0, away, share)
        for k, other in enumerate(distances[1:], 1):
            near = np.maximum(self._melt - np.abs(total - other), 0.0)
            weight = near / (2 * self._melt)
            weight = np.where(total < other, weight, 1.0 - weight)[:, None]
            slope = slope * (1.0 - weight) + self._slope(k, away, share) * weight
            total = np.minimum(total, other) - near * near / (4 * self._melt)
        return slope

    def nearest(self, points: Floats) -> NDArray[np.int64]:
        """Give the number of the limb nearest to each point."""
        return np.asarray(self._measured(points)[0].argmin(axis=0))

    def _measured(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Distances (limbs, n), vectors away from the axes (3, limbs, n), shares of the way along (limbs, n)."""
        x, y, z = (points[:, k] * self._squash[:, k, None] - self._start[:, k, None] for k in range(3))
        along_x, along_y, along_z = (self._along[:, k, None] for k in range(3))
        share = np.clip((x * along_x + y * along_y + z * along_z) / self._length2[:, None], 0.0, 1.0)
        away = np.stack([x - share * along_x, y - share * along_y, z - share * along_z])
        gap = np.sqrt((away * away).sum(axis=0)) - self._radius[:, None] - self._widening[:, None] * share
        return gap * self._flatness[:, None], away, share

    def _slope(self, limb: int, away: Floats, share: Floats) -> Floats:
        """The gradient of one limb's distance (n, 3)."""
        outward = unit(away[:, limb].T)
        inner = (share[limb] > 0.0) & (share[limb] < 1.0)
        widening = inner[:, None] * self._along[limb] * (self._widening[limb] / self._length2[limb])
        return np.asarray((outward - widening) * self._squash[limb] * self._flatness[limb])


def _surface_nets(field: _Field, low: Floats, high: Floats, cell: float) -> tuple[Floats, NDArray[np.int64]]:
    shape = np.ceil((high - low) / cell).astype(int) + 1
    inside = _inside(field, low, shape, cell)
    numbers = _cell_numbers(inside)
    corners = low + (np.argwhere(numbers >= 0) + 0.5) * cell
    return corners, np.concatenate([_faces(inside, numbers, axis) for axis in range(3)])


def _inside(field: _Field, low: Floats, shape: NDArray[np.int64], cell: float) -> NDArray[np.bool_]:
    """Tell which lattice points lie in the body: block by block, and point by point where its surface may be."""
    blocks = -(-shape // _COARSE)
    numbers = np.indices(tuple(blocks)).reshape(3, -1).T
    steps = np.indices((_COARSE,) * 3).reshape(3, -1).T
    middle = field.depths(low + (numbers * _COARSE + (_COARSE - 1) / 2) * cell)
    inside = np.repeat(middle[:, None] < 0, _COARSE**3, axis=1)
    close = np.abs(middle) < _STEEPEST * np.sqrt(3) / 2 * (_COARSE - 1) * cell
    points = low + (numbers[close, None] * _COARSE + steps) * cell
    inside[close] = field.depths(points.reshape(-1, 3)).reshape(-1, _COARSE**3) < 0
    lattice = inside.reshape(*blocks, _COARSE, _COARSE, _COARSE).transpose(0, 3, 1, 4, 2, 5)
    wide, tall, deep = shape
    return lattice.reshape(blocks * _COARSE)[:wide, :tall, :deep]


def _cell_numbers(inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the cells with corners on both sides; -1 for the others."""
    shape = np.array(inside.shape) - 1
    count = np.zeros(shape, np.int8)
    for dx, dy, dz in np.ndindex(2, 2, 2):
        count += inside[dx : dx + shape[0], dy : dy + shape[1], dz : dz + shape[2]]
    numbers = np.full(shape, -1)
    crossed = (count > 0) & (count < 8)
    numbers[crossed] = np.arange(int(crossed.sum()))
    return numbers


def _faces(inside: NDArray[np.bool_], numbers: NDArray[np.int64], axis: int) -> NDArray[np.int64]:
    """Give the triangles around the lattice edges along one axis that leave or enter the body."""
    one, other = (axis + 1) % 3, (axis + 2) % 3
    ahead = np.roll(inside, -1, axis=axis)
    edges = np.argwhere(inside != ahead)
    edges = edges[(edges > 0).all(axis=1) & (edges < np.array(inside.shape) - 1).all(axis=1)]
    step_one, step_other = np.eye(3, dtype=int)[one], np.eye(3, dtype=int)[other]
    quad = [edges - step_one - step_other, edges - step_other, edges, edges - step_one]
    corners = np.column_stack([numbers[tuple(cell.T)] for cell in quad])
    leaving = inside[tuple(edges.T)]
    corners[~leaving] = corners[~leaving][:, ::-1]
    return np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]])
