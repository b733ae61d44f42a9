"""The footprint of a placed model, to be drawn on a map; checks are made with the outline itself."""

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.crs import geometry_to_lonlat
from geodata.geojson import geojson, on_grid
from geodata.placement import Placement, place_outline

SIMPLER_M = 0.01
"""How far the drawn outline may be from the measured one: what 7 decimals of a degree can tell."""

MAX_POSITIONS = 1_000
CELLS = 60


def footprint_geojson(outline: BaseGeometry, placement: Placement) -> dict[str, Any]:
    """A Polygon or MultiPolygon in lon/lat of an outline in metres for heading 0, once it is placed.

    It is true to 1 cm. An outline of more than 1,000 positions, such as that of the foliage of a tree, is drawn by
    the squares that it touches, a sixtieth of its length wide: never too narrow, and at most one square too wide.
    """
    simpler = shapely.simplify(outline, SIMPLER_M / placement.scale)
    if shapely.get_num_coordinates(simpler) > MAX_POSITIONS:
        simpler = _squares(outline)
    placed = place_outline(simpler, placement)
    return geojson(shapely.union_all([_shown(part) for part in shapely.get_parts(placed)]))


def _squares(outline: BaseGeometry) -> BaseGeometry:
    west, south, east, north = outline.bounds
    side = max(east - west, north - south) / CELLS
    lefts, bottoms = (
        axis.ravel() for axis in np.meshgrid(np.arange(west, east, side), np.arange(south, north, side))
    )
    squares = shapely.box(lefts, bottoms, lefts + side, bottoms + side)
    shapely.prepare(outline)
    touched = shapely.coverage_union_all(squares[shapely.intersects(outline, squares)])
    return shapely.simplify(touched, 0.0)


def _shown(part: BaseGeometry) -> BaseGeometry:
    """A part in lon/lat, wide enough to show: a banner seen edge on is drawn 2 cm wider."""
    lonlat = geometry_to_lonlat(part)
    if not on_grid(lonlat).is_empty:
        return lonlat
    return geometry_to_lonlat(shapely.buffer(part, SIMPLER_M, join_style="mitre"))
