"""Polygons into triangles: fans where they are convex, cut in their own plane where they are not."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.ingest.formats.part import Floats, Numbers

_LEVEL = 1e-9
"""The share of a polygon's area below which a corner turns neither way."""
_MOST_CORNERS = 256
"""Of a polygon that is cut: the time grows with their square."""


def triangulated(points: Floats, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Cut polygons of `counts` corners, whose points (n, 3) stand one behind the other, into triangles.

    Returns triangles (k, 3) of corner numbers, and for each the number of its polygon (k,); a polygon has two
    fewer than corners. One that is not convex is cut in the plane that it faces most. It stays a fan, which covers
    all of it and perhaps more, when it has very many corners, or no inside there because its outline crosses or
    touches itself.
    """
    triangles, polygon = _fans(counts)
    if counts.max(initial=0) > 3:
        flat = _flattened(points, counts)
        cut, pieces = _cut(flat, counts, np.flatnonzero(flat.dented & (counts > 3) & (counts <= _MOST_CORNERS)))
        triangles[np.isin(polygon, cut)] = pieces
    return triangles, polygon


class _Flat(NamedTuple):
    """Polygons in the planes that they face most, counterclockwise: points (n, 2), and which are not convex."""

    points: Floats
    dented: NDArray[np.bool_]


def _fans(counts: Numbers) -> tuple[Numbers, Numbers]:
    triangles_of = np.maximum(counts - 2, 0)
    polygon = np.repeat(np.arange(len(counts)), triangles_of)
    first = (np.cumsum(counts) - counts)[polygon]
    step = np.arange(len(polygon)) - (np.cumsum(triangles_of) - triangles_of)[polygon]
    return np.column_stack([first, first + step + 1, first + step + 2]), polygon


def _flattened(points: Floats, counts: Numbers) -> _Flat:
    owner = np.repeat(np.arange(len(counts)), counts)
    corner = np.arange(len(owner))
    first = (np.cumsum(counts) - counts)[owner]
    after = np.where(corner + 1 < first + counts[owner], corner + 1, first)
    with np.errstate(over="ignore", invalid="ignore"):
        near = points - points[first]  # so that a model in map coordinates keeps its digits
        normals = _summed(np.cross(near, near[after]), owner, len(counts))
        facing = np.abs(normals).argmax(axis=1)
        area = normals[np.arange(len(counts)), facing]
        flat = np.column_stack([near[corner, (facing[owner] + axis) % 3] for axis in (1, 2)])
        flat[:, 1] *= np.where(area < 0, -1.0, 1.0)[owner]
        along = flat[after] - flat
        turn = np.empty(len(flat))
        turn[after] = along[:, 0] * along[after, 1] - along[:, 1] * along[after, 0]
        inward = turn < -_LEVEL * np.abs(area)[owner]
    return _Flat(flat, _summed(inward[:, None], owner, len(counts))[:, 0] > 0)


def _summed(rows: NDArray[np.float64] | NDArray[np.bool_], owner: Numbers, owners: int) -> Floats:
    return np.column_stack([np.bincount(owner, column, minlength=owners) for column in rows.T])


def _cut(flat: _Flat, counts: Numbers, wanted: Numbers) -> tuple[Numbers, Numbers]:
    """Cut those of the wanted polygons that have an inside; gives their numbers, and their triangles in order."""
    owner = np.repeat(np.arange(len(wanted)), counts[wanted])
    starts = (np.cumsum(counts) - counts)[wanted] - (np.cumsum(counts[wanted]) - counts[wanted])
    corners = np.arange(len(owner)) + starts[owner]
    pieces, origin = shapely.get_parts(_pieces(flat.points[corners], owner), return_index=True)
    whole = np.bincount(origin, minlength=len(wanted)) == counts[wanted] - 2
    kept = whole[origin]
    places = shapely.get_coordinates(pieces[kept]).reshape(-1, 4, 2)[:, :3].reshape(-1, 2)
    found = _row_numbers(_rows(flat.points[corners], owner), _rows(places, np.repeat(origin[kept], 3)))
    return wanted[whole], _counterclockwise(corners[found].reshape(-1, 3), flat.points)


def _pieces(points: Floats, owner: Numbers) -> NDArray[np.object_]:
    """A collection of triangles for each outline; an empty one for an outline without an inside."""
    outlines = shapely.polygons(shapely.linearrings(points, indices=owner))
    outlines[~shapely.is_valid(outlines)] = shapely.Polygon()
    try:
        return np.asarray(shapely.constrained_delaunay_triangles(outlines))
    except shapely.GEOSException:
        return np.full(len(outlines), shapely.Polygon())


def _rows(points: Floats, owner: Numbers) -> Floats:
    return np.column_stack([owner, points + 0.0])  # there is one zero only


def _row_numbers(known: Floats, wanted: Floats) -> Numbers:
    """For each wanted row the number of the known row that is equal to it."""
    rows = np.vstack([known, wanted])
    order = np.lexsort(rows.T)
    same = np.empty(len(rows), dtype=np.int64)
    same[order] = np.cumsum((np.diff(rows[order], axis=0, prepend=rows[order[:1]]) != 0).any(axis=1))
    number_of = np.empty(len(same), dtype=np.int64)
    number_of[same[: len(known)]] = np.arange(len(known))
    return number_of[same[len(known) :]]


def _counterclockwise(triangles: Numbers, flat: Floats) -> Numbers:
    one, two, three = (flat[triangles[:, side]] for side in range(3))
    ahead, aside = two - one, three - one
    clockwise = ahead[:, 0] * aside[:, 1] < ahead[:, 1] * aside[:, 0]
    return np.where(clockwise[:, None], triangles[:, [0, 2, 1]], triangles)
