"""Geometry that shows a check on a map: EPSG:6677 to GeoJSON in lon/lat."""

from typing import Any

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.crs import geometry_to_lonlat
from geodata.geojson import geojson

DETAIL_M = 0.02


def as_geojson(shape: BaseGeometry) -> dict[str, Any] | None:
    """Give a GeoJSON geometry (RFC 7946: outer rings anticlockwise, 7 decimals); None when it is empty.

    It is there to be looked at: outlines are straightened by up to 2 cm.
    """
    return None if shape.is_empty else geojson(geometry_to_lonlat(shapely.simplify(shape, DETAIL_M)))


def areas_of(shape: BaseGeometry) -> BaseGeometry:
    """Keep the areas of an overlay's result and leave out the lines and points where shapes only touch."""
    if shape.is_empty:
        return Polygon()
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
