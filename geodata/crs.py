"""Coordinates: longitude and latitude in degrees to and from plane metres, the only two systems we use.

Degrees are JGD2011 (EPSG:6668), always in the order lon, lat. Here they are also what phones and GeoJSON call
WGS 84: the two agree within a metre and no finer grid exists, so nothing is ever converted between them.
Metres are the Japan Plane Rectangular system, zone IX (EPSG:6677, Tokyo), always in the order e (east),
n (north). The names x and y are avoided on purpose: the official axes of zone IX are X = north, Y = east.

A heading is clockwise from grid north. True north differs from it by less than 0.09 degrees in West Shinjuku,
and the grid shortens distances by about 1 cm in 100 m; neither matters for a bench, so neither is corrected.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

DEGREES = "EPSG:6668"
METRES = "EPSG:6677"

Coordinates = NDArray[np.float64]
Geometries = NDArray[np.object_]
G = TypeVar("G", bound=BaseGeometry)


@lru_cache(maxsize=1)
def _transformer() -> Transformer:
    return Transformer.from_crs(DEGREES, METRES, always_xy=True)


def to_plane(lon: float, lat: float) -> tuple[float, float]:
    """Give (e, n) in metres of EPSG:6677 for degrees of JGD2011; raises ProjError outside the projection."""
    e, n = _transformer().transform(lon, lat, errcheck=True)
    return float(e), float(n)


def to_lonlat(e: float, n: float) -> tuple[float, float]:
    """Give (lon, lat) in degrees of JGD2011 for metres of EPSG:6677; raises ProjError where there is none."""
    lon, lat = _transformer().transform(e, n, direction="INVERSE", errcheck=True)
    return float(lon), float(lat)


def points_to_plane(lonlat: Coordinates) -> Coordinates:
    """Turn an array (k, 2) of lon, lat in degrees into an array (k, 2) of e, n in metres, in one call."""
    e, n = _transformer().transform(lonlat[:, 0], lonlat[:, 1], errcheck=True)
    return np.column_stack([e, n])


def points_to_lonlat(en: Coordinates) -> Coordinates:
    """Turn an array (k, 2) of e, n in metres into an array (k, 2) of lon, lat in degrees, in one call."""
    lon, lat = _transformer().transform(en[:, 0], en[:, 1], direction="INVERSE", errcheck=True)
    return np.column_stack([lon, lat])


def geometry_to_plane(geometry: G) -> G:
    """Copy a lon/lat geometry into EPSG:6677; heights, if any, are dropped."""
    return shapely.transform(shapely.force_2d(geometry), points_to_plane)  # type: ignore[no-any-return]


def geometries_to_plane(geometries: Sequence[BaseGeometry]) -> Geometries:
    """Copy lon/lat geometries into EPSG:6677 in one call: an array (k,); heights, if any, are dropped."""
    shapes: Geometries = np.array(geometries, dtype=object)
    return shapely.transform(shapely.force_2d(shapes), points_to_plane)  # type: ignore[no-any-return]


def geometry_to_lonlat(geometry: G) -> G:
    """Copy an EPSG:6677 geometry into lon/lat; heights, if any, are dropped."""
    return shapely.transform(shapely.force_2d(geometry), points_to_lonlat)  # type: ignore[no-any-return]
