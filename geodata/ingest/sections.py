"""The plan area of a solid between two heights: what stands in the way of a wheel, or of a head.

A vertical line through the slab either meets a face there, and then lies in the plan of the faces cut to the slab;
or it meets none, and then it is inside the solid all the way or nowhere, which one cross-section tells.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.ingest.outline import (
    GRID_M,
    MAX_EXACT_TRIANGLES,
    Areas,
    Outline,
    Plan,
    exact_outline,
    grid_outline,
    is_tangled,
)
from geodata.ingest.raster import grid_cell
from geodata.ingest.shells import numbered, shell_numbers

TOUCH_M = 0.0005  # what reaches less far into the slab only touches it
MAX_SECTION_PAIRS = 100_000
MAX_WINDINGS = 20_000_000
WINDINGS_AT_ONCE = 2_000_000

Triangles = NDArray[np.float64]
Numbers = NDArray[np.int64]

_FLIP = np.array([1.0, -1.0, 1.0])  # upside down


def plan_between(triangles: Triangles, low_m: float, high_m: float) -> Outline:
    """Give the plan area of the solid between two heights above its lowest point, in metres.

    Triangles (k, 3, 3) stand in the canonical frame (y up); the area is for heading 0, first coordinate
    east = -x, second north = z. What only touches the slab (by less than 0.5 mm) does not count: a paving slab
    5 cm thick is no obstacle above 5 cm. A sheet, and a shell that is open there, count as strips 1 mm wide.
    Each shell is judged alone and either way round, so mirrored and overlapping parts add up; a hollow closed on
    all sides by another shell counts as solid, and so does all that a shell encloses whose own faces disagree
    about inside and outside. Above 20,000 triangles in the slab, or when too many edges cross, a 5 cm grid is
    used (`cell_m`). To count a mat on the ground, ask from below 0.
    Raises ValueError unless low_m < high_m.
    """
    if not low_m < high_m:
        raise ValueError("the lower height must be below the upper one")
    touch = min(TOUCH_M, (high_m - low_m) / 4)
    low, high = low_m + touch, high_m - touch
    meets = (triangles[:, :, 1].max(axis=1) > low) & (triangles[:, :, 1].min(axis=1) < high)
    if not meets.any():
        return Outline(shapely.MultiPolygon(), 0.0)
    faces = _plan(_cut_below(_cut_below(triangles[meets], high) * _FLIP, -low) * _FLIP)
    section, shells = _section(triangles[meets], shell_numbers(triangles)[meets], low, high)
    if meets.sum() <= MAX_EXACT_TRIANGLES:
        exact = _exact(faces, section, shells)
        if exact is not None:
            return exact
    return grid_outline(np.concatenate([faces, _rows_inside(faces, section, shells)]))


def _plan(points: Triangles) -> Plan:
    """Look from above, snapped to 1 mm: east, north."""
    return np.round(points[..., [0, 2]] * [-1.0, 1.0], 3)


def _at_height(one: Triangles, other: Triangles, height_m: float | NDArray[np.float64]) -> Triangles:
    """Cut edges (k, 3) to (k, 3) that cross a height; the same point whichever end comes first."""
    swap = (one[:, 1] > other[:, 1])[:, None]
    lower, upper = np.where(swap, other, one), np.where(swap, one, other)
    share = (height_m - lower[:, 1]) / (upper[:, 1] - lower[:, 1])
    points: Triangles = lower + share[:, None] * (upper - lower)
    points[:, 1] = height_m
    return points


def _alone_first(triangles: Triangles, chosen: NDArray[np.bool_]) -> Triangles:
    """Turn each triangle round, keeping its sense, until its one chosen corner (k, 3) comes first."""
    order = (chosen.argmax(axis=1)[:, None] + np.arange(3)) % 3
    return np.take_along_axis(triangles, order[:, :, None], axis=1)


def _cut_below(triangles: Triangles, height_m: float) -> Triangles:
    """Keep what lies below a height: whole triangles, tips, and what remains when a tip is cut off."""
    below = triangles[:, :, 1] < height_m
    count = below.sum(axis=1)
    tip = _alone_first(triangles[count == 1], below[count == 1])
    a, b, c = tip[:, 0], tip[:, 1], tip[:, 2]
    tips = np.stack([a, _at_height(a, b, height_m), _at_height(a, c, height_m)], axis=1)
    stump = _alone_first(triangles[count == 2], ~below[count == 2])
    a, b, c = stump[:, 0], stump[:, 1], stump[:, 2]
    p, q = _at_height(a, b, height_m), _at_height(a, c, height_m)
    return np.concatenate([triangles[count == 3], tips, np.stack([p, b, c], axis=1), np.stack([p, c, q], axis=1)])


def _quiet_heights(triangles: Triangles, shells: Numbers, low: float, high: float) -> NDArray[np.float64]:
    """Choose for each triangle's shell the height in the slab farthest from its corners: no face lies in it."""
    heights, of = np.clip(triangles[:, :, 1], low, high).ravel(), np.repeat(shells, 3)
    order = np.lexsort((heights, of))
    heights, of = heights[order], of[order]
    gaps = np.where(of[1:] == of[:-1], np.diff(heights), -1.0)
    widest = np.lexsort((-gaps, of[:-1]))
    shell, first = np.unique(of[:-1][widest], return_index=True)
    below = widest[first]
    quiet: NDArray[np.float64] = (heights[below] + heights[below + 1]) / 2
    return quiet[np.searchsorted(shell, shells)]


def _section(triangles: Triangles, shells: Numbers, low: float, high: float) -> tuple[Plan, Numbers]:
    """Cut each shell at a height of its own: directed segments (s, 2, 2) in plan, and the shell of each.

    One height a shell is enough where it is closed; where it is open above or below, its middle tells most.
    """
    heights = _quiet_heights(triangles, shells, low, high)
    above = triangles[:, :, 1] > heights[:, None]
    count = above.sum(axis=1)
    crossing = (count == 1) | (count == 2)
    heights, tips_up = heights[crossing], (count[crossing] == 1)[:, None]
    tip = _alone_first(triangles[crossing], above[crossing] == tips_up)
    to_next = _at_height(tip[:, 0], tip[:, 1], heights)
    to_last = _at_height(tip[:, 0], tip[:, 2], heights)
    start, end = np.where(tips_up, to_next, to_last), np.where(tips_up, to_last, to_next)
    segments = _plan(np.stack([start, end], axis=1))
    long = (segments[:, 0] != segments[:, 1]).any(axis=1)
    return segments[long], shells[crossing][long]


def _exact(faces: Plan, section: Plan, shells: Numbers) -> Outline | None:
    if is_tangled(section, MAX_SECTION_PAIRS):
        return None
    inside = [np.empty(0, dtype=object)]
    for segments in _apart(section, shells):
        areas = _solid_areas(segments)
        if areas is None:
            return None
        inside.append(areas)
    return exact_outline(faces, np.concatenate(inside))


def _apart(section: Plan, shells: Numbers) -> list[Plan]:
    """Sort segments by their shell; one array a shell."""
    order = np.argsort(shells, kind="stable")
    return np.split(section[order], np.flatnonzero(np.diff(shells[order])) + 1)


def _solid_areas(segments: Plan) -> Areas | None:
    """Give the inside of one shell's section as polygons; None when that is too much work."""
    areas: Areas = shapely.get_parts(shapely.polygonize(_noded(shapely.linestrings(segments))))
    if not _agrees(segments, np.zeros(len(segments), dtype=np.int64)).all():
        return areas
    if len(areas) * len(segments) > MAX_WINDINGS:
        return None
    inside: Areas = areas[_windings(shapely.get_coordinates(shapely.point_on_surface(areas)), segments) > 0.5]
    return inside


def _noded(lines: Areas) -> Areas:
    """Cut lines where they cross; most shells are plain rings, whose lines only meet at their ends."""
    if shapely.is_simple(shapely.multilinestrings(lines)):
        return lines
    noded: Areas = shapely.get_parts(shapely.union_all(lines, grid_size=GRID_M))
    return noded


def _agrees(section: Plan, shells: Numbers) -> NDArray[np.bool_]:
    """Tell of each segment whether in its shell as many segments start as end at every point."""
    ends = np.round(section.transpose(1, 0, 2).reshape(-1, 2) / GRID_M).astype(np.int64)
    of = np.tile(shells, 2)
    point = numbered(np.column_stack([ends, of]))
    balance = np.bincount(point, weights=np.repeat([1, -1], len(section)))
    return ~np.isin(shells, of[balance[point] != 0])


def _windings(points: Plan, segments: Plan) -> NDArray[np.float64]:
    """How often directed segments go round each point (p, 2), either way, by the angles they are seen under."""
    turns = np.zeros(len(points))
    step = max(1, WINDINGS_AT_ONCE // max(1, len(segments)))
    for first in range(0, len(points), step):
        one, other = (segments[None, :, k] - points[first : first + step, None] for k in (0, 1))
        cross = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
        turns[first : first + step] = np.arctan2(cross, (one * other).sum(axis=-1)).sum(axis=1)
    return np.abs(turns) / (2 * np.pi)


def _rows_inside(faces: Plan, section: Plan, shells: Numbers) -> Plan:
    """Lay lines through the inside, one a row of the grid; as flat triangles, so that the grid takes them."""
    segment, row, points = _crossings(section, grid_cell(faces))
    if not len(segment):
        return np.empty((0, 3, 2))
    order = np.lexsort((points[:, 0], row, shells[segment]))
    segment, row, points = segment[order], row[order], points[order]
    follows = (shells[segment][1:] == shells[segment][:-1]) & (row[1:] == row[:-1])
    way = np.where(section[segment, 1, 1] > section[segment, 0, 1], 1, -1)
    odd = _running(np.ones_like(way), follows) % 2
    winding = np.where(_agrees(section, shells)[segment], _running(way, follows), odd)
    inside = follows & (winding[:-1] != 0)
    return np.stack([points[:-1][inside], points[1:][inside], points[1:][inside]], axis=1)


def _crossings(section: Plan, cell: float) -> tuple[Numbers, Numbers, Plan]:
    """Find where segments cross the middles of rows: segment, row (c,) and place (c, 2)."""
    first, last = np.ceil(np.sort(section[:, :, 1], axis=1) / cell - 0.5).astype(np.int64).T
    count = last - first  # the rows whose middle lies in lower end <= north < upper end
    segment = np.repeat(np.arange(len(section)), count)
    row = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count) + first[segment]
    north = (row + 0.5) * cell
    (start_e, start_n), (end_e, end_n) = section[segment].transpose(1, 2, 0)
    east = start_e + (north - start_n) / (end_n - start_n) * (end_e - start_e)
    return segment, row, np.column_stack([east, north])


def _running(way: Numbers, follows: NDArray[np.bool_]) -> Numbers:
    """Add up the crossings, from nothing again at the start of each row."""
    total = np.cumsum(way)
    starts = np.flatnonzero(np.concatenate([[True], ~follows]))
    before = np.repeat(total[starts] - way[starts], np.diff(np.append(starts, len(way))))
    running: Numbers = total - before
    return running
