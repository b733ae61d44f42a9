"""Buildings of GeoJSON: outlines in lon/lat with a measured height, as made from PLATEAU's map tiles."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.plateau.errors import BuildingRejected, refuse_file, reject_building
from geodata.plateau.identity import building_id_of
from geodata.plateau.limits import LIMITS, Limits
from geodata.plateau.records import (
    BuildingRead,
    BuildingRecord,
    HeightSource,
    RejectedBuilding,
    height_of_storeys,
    known_height,
    known_storeys,
    known_text,
    require_in_japan,
    require_one_building,
    whole,
)
from geodata.shapes import KNOWN_CRS

IDS = ("建物ID", "gml_id", "id")


def read_footprints(stream: BinaryIO, limits: Limits = LIMITS) -> Iterator[BuildingRead]:
    """Give the buildings of a GeoJSON FeatureCollection one by one; FileRefused when it is none.

    The id is the feature's own, or its property ``建物ID``, ``gml_id`` or ``id``; heights and storeys have
    PLATEAU's names, ``measuredHeight`` and ``storeysAboveGround``.
    """
    for feature in _features(stream, limits):
        names = _names(feature)
        source_id = next(iter(names), "")
        try:
            yield _record(feature, source_id, building_id_of(*names))
        except BuildingRejected as error:
            yield RejectedBuilding(source_id, error.code, error.message_ja, error.message_en)


def _features(stream: BinaryIO, limits: Limits) -> list[dict[str, Any]]:
    text = stream.read(limits.geojson_bytes + 1)
    if len(text) > limits.geojson_bytes:
        refuse_file("too_large", limit_mb=limits.geojson_bytes // 1_000_000)
    try:
        document = orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        refuse_file("not_geojson")
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        refuse_file("not_geojson")
    crs = str(document.get("crs") or "")[:500]
    if crs and not any(name in crs for name in KNOWN_CRS):
        refuse_file("unsupported_crs", crs=crs[:80])
    features = document.get("features")
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        refuse_file("not_geojson")
    return features


def _record(feature: dict[str, Any], source_id: str, building_id: str | None) -> BuildingRecord:
    if not source_id:
        reject_building("no_id")
    properties = _properties(feature)
    drawn = _outline(feature.get("geometry"))
    storeys = known_storeys(properties.get("storeysAboveGround"))
    height_m, height_source = _height(properties, storeys)
    return BuildingRecord(
        source_id=source_id,
        footprint=require_one_building(whole(drawn)),
        footprint_source="outline",
        height_m=height_m,
        height_source=height_source,
        storeys=storeys,
        usage=known_text(properties.get("usage")) or None,
        building_id=building_id,
        recovered=not drawn.is_valid,
    )


def _height(properties: dict[str, Any], storeys: int | None) -> tuple[float, HeightSource]:
    measured = known_height(properties.get("measuredHeight"))
    return height_of_storeys(storeys) if measured is None else (measured, "measured")


def _names(feature: dict[str, Any]) -> list[str]:
    """Every id that the feature has, the first of them its own."""
    properties = _properties(feature)
    candidates = (feature.get("id"), *(properties.get(name) for name in IDS))
    return [text for found in candidates if (text := known_text(found))]


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _outline(geometry: Any) -> BaseGeometry:
    """The geometry in lon/lat as drawn, perhaps crossing itself."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        reject_building("no_footprint")
    coordinates = geometry.get("coordinates")
    parts = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if not isinstance(parts, list) or not parts:
        reject_building("no_footprint")
    polygons = [_polygon(rings) for rings in parts]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _polygon(rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        reject_building("no_footprint")
    outer, *holes = [_ring(ring) for ring in rings]
    return Polygon(outer, holes)


def _ring(positions: Any) -> NDArray[np.float64]:
    try:
        ring = np.array(positions, dtype=np.float64)
    except (TypeError, ValueError):
        reject_building("bad_position")
    if ring.ndim != 2 or ring.shape[1] not in (2, 3) or len(ring) < 4 or (ring[0] != ring[-1]).any():
        reject_building("bad_position")
    require_in_japan(ring[:, :2])
    return ring[:, :2]
