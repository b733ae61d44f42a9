"""Hours of sun at points, and those that a model takes from them."""

import math
from collections.abc import Iterator, Sized

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.placement.rulebook import limit
from geodata.sun.occluders import Occluders
from geodata.sun.path import SunPath

Floats = NDArray[np.float64]

SHADOW_RATIO = 4.0  # longer shadows come from a sun under 14 degrees; they move on fast and take little


def surrounding_area(footprint: BaseGeometry, top_m: float) -> BaseGeometry:
    """Give the ground round a model on which its shadow is judged, in EPSG:6677.

    Next to anything at all one side never sees the sun, so the first metres (rule `sun_margin`) are left out,
    as the rules on shadows leave them out; it ends at four times the height (top_m, above the ground) farther on.
    """
    margin = limit("sun_margin")
    reach = margin + SHADOW_RATIO * max(top_m, 0.0)
    inner, outer = (shapely.buffer(footprint, far, quad_segs=16) for far in (margin, reach))
    return shapely.difference(outer, inner)


def sample_grid(area: BaseGeometry, spacing_m: float, height_m: float) -> Floats:
    """Lay points (k, 3) over an area of EPSG:6677, at multiples of the spacing, at a height (T.P.), all in metres.

    The lattice is that of the plane, not of the area: a point stays where it is when the area grows.
    """
    if area.is_empty:
        return np.empty((0, 3))
    west, south, east, north = (edge / spacing_m for edge in area.bounds)
    columns = np.arange(math.ceil(west), math.floor(east) + 1)
    rows = np.arange(math.ceil(south), math.floor(north) + 1)
    e, n = (lines * spacing_m for lines in np.meshgrid(columns, rows))
    inside = shapely.contains_xy(area, e, n)
    return np.column_stack([e[inside], n[inside], np.full(int(inside.sum()), height_m)])


def sun_hours(points: Floats, buildings: Occluders, path: SunPath) -> Floats:
    """Give the hours of sun (k,) at points (k, 3): e, n of EPSG:6677 and height (T.P.), in metres."""
    hours = np.zeros(len(points))
    for direction, share in _shining(path):
        hours += share * ~buildings.hide(points, _along(direction, points))
    return hours


def hours_lost(points: Floats, buildings: Occluders, model: Occluders, path: SunPath) -> Floats:
    """Give the hours (k,) in which the model, and no building, keeps the sun from points (k, 3)."""
    lost = np.zeros(len(points))
    for direction, share in _shining(path):
        hidden = np.flatnonzero(model.hide(points, _along(direction, points)))
        taken = hidden[~buildings.hide(points[hidden], _along(direction, hidden))]
        lost[taken] += share
    return lost


def _shining(path: SunPath) -> Iterator[tuple[Floats, float]]:
    """The times at which the sun is up: the direction towards it, and the hours each stands for."""
    up = path.elevation_deg > 0
    return zip(path.directions[up], path.hours[up].tolist(), strict=True)


def _along(direction: Floats, rays: Sized) -> Floats:
    return np.broadcast_to(direction, (len(rays), 3))
