"""A plan outline from a grid: for models too dense or too tangled to unite triangle by triangle.

Every cell that a triangle touches is covered, so the result never misses a part of the model and is at most one
cell too wide; cutting it with the convex hull takes even that away along straight outer edges.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

FINEST_CELL_M = 0.05
THINNEST_M = 0.001
MAX_COLUMNS = 2_000
MAX_SPANS = 1_500_000
MAX_RUNS = 20_000

Plan = NDArray[np.float64]
Runs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def raster_outline(plan: Plan) -> tuple[BaseGeometry, float]:
    """Cover triangles (k, 3, 2), in metres and snapped to 1 mm, by square cells.

    Returns the area covered and the side of a cell in metres: 5 cm, doubled until the work is bounded
    whatever the triangles are. A model that is one line in the plan becomes a strip 1 mm wide.
    """
    origin = plan.min(axis=(0, 1))
    local = plan - origin
    cell = grid_cell(plan)
    runs = _runs(local, cell)
    while len(runs[0]) > MAX_RUNS:
        cell *= 2
        runs = _runs(local, cell)
    covered = shapely.transform(_unite(runs), lambda grid: grid * cell + origin)
    hull = shapely.convex_hull(shapely.linestrings(plan.reshape(-1, 2)))
    if hull.area == 0:
        return shapely.buffer(hull, THINNEST_M / 2, cap_style="square"), cell
    return covered.intersection(hull), cell


def grid_cell(plan: Plan) -> float:
    """Choose the side of a cell in metres: 5 cm, doubled until triangles (k, 3, 2) cross few enough rows."""
    local = plan - plan.min(axis=(0, 1))
    extent = float(local.max())
    cell = FINEST_CELL_M
    while extent / cell > MAX_COLUMNS or _span_count(local, cell) > MAX_SPANS:
        cell *= 2
    return cell


def _rows(plan: Plan, cell: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    north = plan[:, :, 1]
    first = np.floor(north.min(axis=1) / cell).astype(np.int64)
    return first, np.floor(north.max(axis=1) / cell).astype(np.int64) - first + 1


def _span_count(plan: Plan, cell: float) -> int:
    return int(_rows(plan, cell)[1].sum())


def _runs(plan: Plan, cell: float) -> Runs:
    """Find the covered cells as runs: row, first column, one past the last column."""
    first, height = _rows(plan, cell)
    triangle = np.repeat(np.arange(len(plan)), height)
    row = np.arange(len(triangle)) - np.repeat(np.cumsum(height) - height, height) + first[triangle]
    low, high = _span(plan[triangle] / cell, row)
    return _merged(row, np.floor(low).astype(np.int64), np.floor(high).astype(np.int64) + 1)


def _span(corners: Plan, row: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the least and greatest column coordinate of each triangle within its row (grid units)."""
    low, high = np.full(len(row), np.inf), np.full(len(row), -np.inf)
    for i in range(3):
        start, end = corners[:, i], corners[:, (i + 1) % 3]
        rise = end[:, 1] - start[:, 1]
        flat = rise == 0
        safe = np.where(flat, 1.0, rise)
        at_floor, at_ceiling = (row - start[:, 1]) / safe, (row + 1 - start[:, 1]) / safe
        enter = np.where(flat, 0.0, np.clip(np.minimum(at_floor, at_ceiling), 0, 1))
        leave = np.where(flat, 1.0, np.clip(np.maximum(at_floor, at_ceiling), 0, 1))
        meets = np.minimum(start[:, 1], end[:, 1]) < row + 1
        meets &= np.maximum(start[:, 1], end[:, 1]) >= row
        for share in (enter, leave):
            column = start[:, 0] + share * (end[:, 0] - start[:, 0])
            low = np.where(meets, np.minimum(low, column), low)
            high = np.where(meets, np.maximum(high, column), high)
    return low, high


def _merged(row: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]) -> Runs:
    """Join touching and overlapping runs of the same row, by adding starts and ends along one long line."""
    width = int(last.max()) + 2
    line = np.zeros((int(row.max()) + 1) * width + 1, dtype=np.int32)
    np.add.at(line, row * width + first, 1)
    np.add.at(line, row * width + last, -1)
    covered = np.diff((np.cumsum(line) > 0).astype(np.int8), prepend=0)
    starts, ends = np.flatnonzero(covered == 1), np.flatnonzero(covered == -1)
    return starts // width, starts % width, ends - starts + starts % width


def _unite(runs: Runs) -> BaseGeometry:
    row, first, last = runs
    return shapely.disjoint_subset_union_all(shapely.box(first, row, last, row + 1))
