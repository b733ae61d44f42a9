"""Smooth bodies: limbs that melt into each other, turned into a mesh.

A body is a distance field: round cones joined by a polynomial smooth minimum. Its surface is found with naive
surface nets (S. Gibson, "Constrained Elastic Surface Nets", 1998): one corner in each grid cell that the surface
crosses, then drawn onto the surface along the gradient.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.glb_writer import Mesh
from geodata.scene.prop import Color, Prop, solid, unit

Point = tuple[float, float, float]
Field = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_STEP = 1e-4


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

    def field(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return _melted(np.stack([_distance(limb, points) for limb in limbs]), melt_m)

    ends = np.array([point for limb in limbs for point in (limb.start, limb.end)])
    widest = max(max(limb.start_radius, limb.end_radius) for limb in limbs) + 2 * cell_m
    positions, triangles = _surface_nets(field, ends.min(axis=0) - widest, ends.max(axis=0) + widest, cell_m)
    slopes = _gradient(field, positions)
    for _ in range(2):
        positions = positions - slopes * field(positions)[:, None]
    nearest = np.stack([_distance(limb, positions) for limb in limbs]).argmin(axis=0)
    colors = np.array([limb.color for limb in limbs])[nearest]
    return solid(Mesh(positions, unit(_gradient(field, positions)), triangles), colors)


def _distance(limb: Limb, points: NDArray[np.float64]) -> NDArray[np.float64]:
    squash = np.array([1.0, 1.0, 1.0 / limb.flatness])
    start, end = np.array(limb.start) * squash, np.array(limb.end) * squash
    along, relative = end - start, points * squash - start
    length = max(float(along @ along), 1e-9)
    share = np.clip(relative @ along / length, 0.0, 1.0)
    radius = limb.start_radius + (limb.end_radius - limb.start_radius) * share
    away = relative - share[:, None] * along
    gap = np.sqrt(np.einsum("ij,ij->i", away, away)) - radius
    return np.asarray(gap * limb.flatness)


def _melted(distances: NDArray[np.float64], melt_m: float) -> NDArray[np.float64]:
    total: NDArray[np.float64] = distances[0]
    for other in distances[1:]:
        near = np.maximum(melt_m - np.abs(total - other), 0.0)
        total = np.minimum(total, other) - near * near / (4 * melt_m)
    return total


def _gradient(field: Field, points: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.eye(3) * _STEP
    return np.column_stack([(field(points + step) - field(points - step)) / (2 * _STEP) for step in steps])


def _surface_nets(
    field: Field, low: NDArray[np.float64], high: NDArray[np.float64], cell: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    shape = np.ceil((high - low) / cell).astype(int) + 1
    lattice = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), axis=-1)
    values = field((low + lattice * cell).reshape(-1, 3)).reshape(shape)
    inside = values < 0
    numbers = _cell_numbers(inside)
    corners = low + (np.argwhere(numbers >= 0) + 0.5) * cell
    return corners, np.concatenate([_faces(inside, numbers, axis) for axis in range(3)])


def _cell_numbers(inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the cells with corners on both sides; -1 for the others."""
    shape = np.array(inside.shape) - 1
    count = np.zeros(shape, int)
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
