"""Geometry of CityGML: positions, polygons, and the three ways to a footprint.

A position is latitude, longitude and, in three dimensions, the height above Tokyo Peil: the axes of EPSG:6697.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.plateau.errors import reject_building
from geodata.plateau.records import FootprintSource, require_in_japan, whole

BLDG = "{http://www.opengis.net/citygml/building/2.0}"
GML = "{http://www.opengis.net/gml}"
SAME_LEVEL_M = 0.01

Element = Any  # lxml.etree._Element, which has no types
Positions = NDArray[np.float64]


class Plan(NamedTuple):
    """A footprint in lon/lat, where it is from, and whether an outline that crosses itself was mended."""

    footprint: BaseGeometry
    source: FootprintSource
    mended: bool


def plan_of(body: Element, dimension: int) -> Plan | None:
    """The plan of one building or part: of LOD0, else LOD1, else LOD2; None without any."""
    plans = (read(body, dimension) for read in (_lod0, _lod1_bottom, _lod2_ground))
    return next((plan for plan in plans if plan and not plan.footprint.is_empty), None)


def lod1_levels(body: Element, dimension: int) -> tuple[float, float] | None:
    """The lowest and highest level of the LOD1 solid in metres above Tokyo Peil; None without one."""
    solid = body.find(f"{BLDG}lod1Solid")
    if solid is None or dimension != 3:
        return None
    heights = _positions(solid, dimension)[:, 2]
    return (float(heights.min()), float(heights.max())) if len(heights) else None


def _lod0(body: Element, dimension: int) -> Plan | None:
    sources: tuple[tuple[str, FootprintSource], ...] = (
        ("lod0FootPrint", "lod0_footprint"),
        ("lod0RoofEdge", "lod0_roof_edge"),
    )
    for name, source in sources:
        surface = body.find(BLDG + name)
        if surface is not None:
            return _plan([polygon for polygon, _ in _polygons(surface, dimension)], source)
    return None


def _lod1_bottom(body: Element, dimension: int) -> Plan | None:
    levels = lod1_levels(body, dimension)
    if levels is None:
        return None
    faces = _polygons(body.find(f"{BLDG}lod1Solid"), dimension)
    highest = levels[0] + SAME_LEVEL_M
    return _plan([polygon for polygon, heights in faces if heights.max() <= highest], "lod1")


def _lod2_ground(body: Element, dimension: int) -> Plan | None:
    grounds = body.findall(f"{BLDG}boundedBy/{BLDG}GroundSurface")
    if not grounds:
        return None
    return _plan([polygon for ground in grounds for polygon, _ in _polygons(ground, dimension)], "lod2")


def _plan(drawn: list[Polygon], source: FootprintSource) -> Plan:
    areas = [whole(polygon) for polygon in drawn]
    footprint = areas[0] if len(areas) == 1 else shapely.union_all(areas)
    return Plan(footprint, source, mended=not all(polygon.is_valid for polygon in drawn))


def _polygons(surface: Element, dimension: int) -> Iterator[tuple[Polygon, Positions]]:
    """Every polygon in lon/lat, with the heights of its outer ring."""
    for polygon in surface.iter(f"{GML}Polygon"):
        outer = [ring for part in polygon.iterfind(f"{GML}exterior") for ring in _rings(part, dimension)]
        holes = [ring for part in polygon.iterfind(f"{GML}interior") for ring in _rings(part, dimension)]
        if len(outer) == 1:
            yield Polygon(_lonlat(outer[0]), [_lonlat(hole) for hole in holes]), outer[0][:, -1]


def _rings(surface: Element, dimension: int) -> Iterator[Positions]:
    for ring in surface.iter(f"{GML}LinearRing"):
        positions = _positions(ring, dimension)
        if len(positions) < 4 or (positions[0] != positions[-1]).any():
            reject_building("bad_position")
        yield positions


def _positions(geometry: Element, dimension: int) -> Positions:
    """All positions of a geometry, ring after ring, one a row."""
    texts = [found.text or "" for found in geometry.iter(f"{GML}posList", f"{GML}pos")]
    try:
        numbers = np.fromiter(map(float, " ".join(texts).split()), dtype=np.float64)
    except ValueError:
        reject_building("bad_position")
    if len(numbers) % dimension or not np.isfinite(numbers).all():
        reject_building("bad_position")
    return numbers.reshape(-1, dimension)


def _lonlat(ring: Positions) -> Positions:
    lonlat = ring[:, 1::-1]
    require_in_japan(lonlat)
    return lonlat
