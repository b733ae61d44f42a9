"""A strict reader of GeoJSON as RFC 7946 has it, with no library between: it asserts, or is content."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

DECIMALS = 7  # section 11.2: no more precision than there is; 7 decimals are 1 cm
FORBIDDEN = {"crs", "coordinates", "geometries", "geometry", "properties"}  # section 7.1, of a collection


def check_collection(document: dict[str, Any]) -> None:
    """A FeatureCollection of features, each with an id of its own."""
    assert document["type"] == "FeatureCollection"
    assert not FORBIDDEN & set(document)
    assert isinstance(document["features"], list)
    for feature in document["features"]:
        check_feature(feature)
    ids = [feature["id"] for feature in document["features"]]
    assert len(ids) == len(set(ids))


def check_feature(feature: dict[str, Any]) -> None:
    """A Feature: exactly type, id, geometry and properties here."""
    assert set(feature) == {"type", "id", "geometry", "properties"}
    assert feature["type"] == "Feature"
    assert isinstance(feature["id"], str)
    assert isinstance(feature["properties"], dict)
    check_geometry(feature["geometry"])


def check_geometry(geometry: dict[str, Any]) -> None:
    """A geometry of two dimensions that says something."""
    assert set(geometry) == {"type", "coordinates"}
    _KINDS[geometry["type"]](geometry["coordinates"])


def _position(position: Any) -> None:
    assert isinstance(position, list)
    assert len(position) == 2
    for degrees, most in zip(position, (180, 90), strict=True):
        assert type(degrees) in (int, float)
        assert math.isfinite(degrees)
        assert abs(degrees) <= most
        exponent = Decimal(repr(degrees)).as_tuple().exponent
        assert isinstance(exponent, int)
        assert -exponent <= DECIMALS, f"{degrees} has more than {DECIMALS} decimals"


def _line(positions: Any) -> None:
    assert isinstance(positions, list)
    assert len(positions) >= 2
    for position in positions:
        _position(position)
    assert len(set(map(tuple, positions))) >= 2, "a line without a length"


def _ring(ring: Any) -> float:
    """Check a linear ring; gives twice its area, above zero when it runs anticlockwise."""
    assert isinstance(ring, list)
    assert len(ring) >= 4, "section 3.1.6: four or more positions"
    for position in ring:
        _position(position)
    assert ring[0] == ring[-1], "the first and last positions are one"
    left, low = ring[0]  # relative to a corner, or the products drown the area
    moved = [(lon - left, lat - low) for lon, lat in ring]
    doubled = math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(moved))
    assert doubled != 0, "a ring without an area"
    return doubled


def _polygon(rings: Any) -> None:
    assert isinstance(rings, list)
    assert rings
    exterior, *holes = map(_ring, rings)
    assert exterior > 0, "the right-hand rule: the exterior ring runs anticlockwise"
    assert all(hole < 0 for hole in holes), "the right-hand rule: holes run clockwise"


def _many(kind: Any) -> Any:
    def check(parts: Any) -> None:
        assert isinstance(parts, list)
        assert parts
        for part in parts:
            kind(part)

    return check


_KINDS = {
    "Point": _position,
    "MultiPoint": _many(_position),
    "LineString": _line,
    "MultiLineString": _many(_line),
    "Polygon": _polygon,
    "MultiPolygon": _many(_polygon),
}
