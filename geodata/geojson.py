"""Geometries as they go out: GeoJSON of RFC 7946, on the grid of 7 decimals of a degree (about 1 cm)."""

from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geodata.shapes import DECIMALS


def on_grid(lonlat: BaseGeometry) -> BaseGeometry:
    """The same geometry with 7 decimals, still valid; what is too small to show there is gone, perhaps all."""
    gridded: BaseGeometry = shapely.set_precision(lonlat, 10.0**-DECIMALS)
    return gridded


def geojson(lonlat: BaseGeometry) -> dict[str, Any]:
    """The GeoJSON of a geometry that is not empty; exterior rings run anticlockwise.

    Rounding alone could make a thin area cross itself or leave it none. One too small to show becomes a point. Of
    a mixed collection only the parts of the highest dimension are written, for maps draw no collections.
    """
    gridded = on_grid(_of_one_kind(lonlat))
    if gridded.is_empty:
        gridded = on_grid(lonlat.representative_point())
    found = mapping(shapely.orient_polygons(gridded))
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"])}


def _of_one_kind(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type != "GeometryCollection":
        return geometry
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == shapely.get_dimensions(geometry)])


def _rounded(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else [_rounded(item) for item in value]
