"""Site shapes: GeoJSON from people into one checked polygon, and back out in one canonical form.

Nothing is repaired. A polygon that crosses itself has no one meaning, and repairing a hostile one takes seconds;
so the person who drew it is told what is wrong and where.
"""

import math
from collections.abc import Iterable
from typing import Any, NoReturn

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from geodata.strict_json import JsonRefused, parse

MAX_BYTES = 1_000_000
MAX_VERTICES = 2_000
MAX_JSON_DEPTH = 16
JAPAN_LON, JAPAN_LAT = (122.0, 154.0), (20.0, 46.0)
DECIMALS = 7  # of a degree: about 1 cm
KNOWN_CRS = ("CRS84", "EPSG::6668", "EPSG:6668", "EPSG::4326", "EPSG:4326")

Ring = list[tuple[float, float]]

_SENTENCES = {
    "too_large": (
        "ファイルが大きすぎます。1 MB までにしてください。",
        "The file is too large; please keep it under 1 MB.",
    ),
    "too_deep": (
        "GeoJSON の入れ子が深すぎます。ポリゴン一つだけを書き出してください。",
        "The GeoJSON is nested too deeply; please export a single polygon.",
    ),
    "not_a_number": (
        "座標に数ではない値（NaN、Infinity）があります。書き出し直してください。",
        "A coordinate is NaN or Infinity; please export the shape again.",
    ),
    "not_json": (
        "JSON として読めません。GeoJSON（UTF-8）で保存し直してください。",
        "This is not readable JSON; please save it as GeoJSON in UTF-8.",
    ),
    "not_geojson": (
        "GeoJSON の形ではありません。FeatureCollection、Feature、Polygon のどれかで書き出してください。",
        "This is not GeoJSON; please export a FeatureCollection, a Feature or a Polygon.",
    ),
    "unsupported_crs": (
        "座標の種類が緯度経度（JGD2011、WGS 84）ではありません。EPSG:6668 に変換して書き出してください。",
        "The coordinates are not JGD2011 or WGS 84 degrees; please export them as EPSG:6668.",
    ),
    "not_one_feature": (
        "図形が {count} 個あります。ちょうど 1 個にしてください。",
        "There are {count} features; there must be exactly 1.",
    ),
    "not_a_polygon": (
        "ポリゴン（面）ではありません。場所の範囲を面で描いてください。",
        "This is not a polygon; please draw the place as an area.",
    ),
    "several_parts": (
        "離れた {count} 個の面でできています。1 個の面にするか、別の場所として登録してください。",
        "It consists of {count} separate areas; please draw one, or register them as several sites.",
    ),
    "too_many_vertices": (
        "頂点が {limit} 個を超えています。形を簡単にしてください。",
        "It has more than {limit} vertices; please simplify the shape.",
    ),
    "bad_position": (
        "座標が [経度, 緯度] の数の組になっていません。書き出し直してください。",
        "A position is not a pair of numbers [lon, lat]; please export the shape again.",
    ),
    "lonlat_swapped": (
        "経度と緯度が逆のようです（{lon}, {lat}）。GeoJSON では [経度, 緯度] の順に書きます。",
        "Longitude and latitude look swapped ({lon}, {lat}); GeoJSON writes [lon, lat].",
    ),
    "outside_japan": (
        "座標（{lon}, {lat}）が日本の範囲にありません。緯度経度の度で書かれているか確かめてください。",
        "The position ({lon}, {lat}) is not in Japan; please check that it is in degrees.",
    ),
    "ring_not_closed": (
        "輪郭が閉じていません。最初と最後の点を同じにしてください。",
        "An outline is not closed; its first and last positions must be the same.",
    ),
    "ring_too_short": (
        "輪郭の点が足りません。最初の点の繰り返しを含めて 4 点以上が必要です。",
        "An outline has too few positions; it needs 4 or more, counting the repeated first one.",
    ),
    "invalid_polygon": (
        "輪郭が自分自身と交わっているか、面積がありません（{reason}）。描き直してください。",
        "An outline crosses itself or encloses nothing ({reason}); please redraw it.",
    ),
}
_JSON_CODES = {"invalid": "not_json"}


class ShapeError(ValueError):
    """A shape was refused; carries a stable code and a sentence in each language."""

    def __init__(self, code: str, message_ja: str, message_en: str) -> None:
        super().__init__(f"{code}: {message_en}")
        self.code = code
        self.message_ja = message_ja
        self.message_en = message_en


def refuse(code: str, **values: Any) -> NoReturn:
    """Raise the ShapeError of a code, its sentences filled with these values."""
    ja, en = (sentence.format(**values) for sentence in _SENTENCES[code])
    raise ShapeError(code, ja, en)


def read_polygon(text: bytes) -> Polygon:
    """Read one polygon, in lon/lat degrees, from GeoJSON bytes (UTF-8, with or without a byte order mark).

    Accepted: a FeatureCollection of one feature, a Feature, or a bare Polygon; a MultiPolygon when it has one
    part. At most 2,000 vertices, every one of them in Japan; heights are dropped. Raises ShapeError only.
    """
    return polygon_from_geojson(parse_geojson(text))


def parse_geojson(text: bytes) -> Any:
    """Parse GeoJSON bytes (UTF-8, with or without a byte order mark) of at most 1 MB; raises ShapeError only."""
    try:
        return parse(text.removeprefix(b"\xef\xbb\xbf"), MAX_BYTES, MAX_JSON_DEPTH)
    except JsonRefused as error:
        refuse(_JSON_CODES.get(error.reason, error.reason))


def polygon_from_geojson(document: Any) -> Polygon:
    """Read one polygon from parsed GeoJSON; the same rules as read_polygon."""
    geometry = _only_geometry(document)
    rings = [read_ring(ring) for ring in _only_part(geometry)]
    for lon, lat in (position for ring in rings for position in ring):
        check_in_japan(lon, lat)
    polygon = Polygon(rings[0], rings[1:])
    if not polygon.is_valid:
        refuse("invalid_polygon", reason=shapely.is_valid_reason(polygon))
    return polygon


def _only_geometry(document: Any) -> dict[str, Any]:
    """Unwrap FeatureCollection and Feature; three objects deep at the most, so nothing recurses."""
    found = as_object(document)
    check_crs(found)
    if found.get("type") == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list):
            refuse("not_geojson")
        if len(features) != 1:
            refuse("not_one_feature", count=len(features))
        found = as_object(features[0])
        if found.get("type") != "Feature":
            refuse("not_geojson")
    return as_object(found.get("geometry")) if found.get("type") == "Feature" else found


def as_object(value: Any) -> dict[str, Any]:
    """A GeoJSON object of any type; ShapeError for anything else."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        refuse("not_geojson")
    return value


def check_crs(document: dict[str, Any]) -> None:
    """Refuse other systems named the way GeoJSON did before RFC 7946; the old Tokyo datum is 460 m off."""
    if document.get("crs") is not None and not any(name in str(document["crs"])[:500] for name in KNOWN_CRS):
        refuse("unsupported_crs")


def _only_part(geometry: dict[str, Any]) -> list[Any]:
    kind, rings = geometry["type"], geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        refuse("not_a_polygon")
    if kind == "MultiPolygon":
        if not isinstance(rings, list) or len(rings) != 1:
            refuse("several_parts", count=len(rings) if isinstance(rings, list) else 0)
        rings = rings[0]
    if not isinstance(rings, list) or not rings or not all(isinstance(ring, list) for ring in rings):
        refuse("not_a_polygon")
    if sum(len(ring) for ring in rings) > MAX_VERTICES or len(rings) > MAX_VERTICES:
        refuse("too_many_vertices", limit=MAX_VERTICES)
    return rings


def read_ring(positions: list[Any]) -> Ring:
    """A closed ring of positions in degrees."""
    ring = [read_position(position) for position in positions]
    if len(ring) < 4:
        refuse("ring_too_short")
    if ring[0] != ring[-1]:
        refuse("ring_not_closed")
    return ring


def read_position(value: Any) -> tuple[float, float]:
    """A position as (lon, lat), wherever on earth; its height is dropped."""
    if not isinstance(value, list) or not 2 <= len(value) <= 3 or not all(is_number(item) for item in value):
        refuse("bad_position")
    return float(value[0]), float(value[1])


def is_number(value: Any) -> bool:
    """Whether a value of a JSON document is a usable number: true and 1e300 are not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e9 and math.isfinite(value)


def check_in_japan(lon: float, lat: float) -> None:
    """ShapeError for a position outside Japan; a swapped pair is told as such."""
    if _within(lon, JAPAN_LON) and _within(lat, JAPAN_LAT):
        return
    swapped = _within(lat, JAPAN_LON) and _within(lon, JAPAN_LAT)
    refuse("lonlat_swapped" if swapped else "outside_japan", lon=f"{lon:.7g}", lat=f"{lat:.7g}")


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def contains(polygon: BaseGeometry, lon: float, lat: float) -> bool:
    """Tell whether a point lies in the polygon or on its edge; both in lon/lat degrees."""
    return bool(polygon.covers(Point(lon, lat)))


def to_wkb(geometry: BaseGeometry) -> bytes:
    """Write a geometry as well-known binary, little endian, two-dimensional."""
    return bytes(shapely.to_wkb(geometry, output_dimension=2, byte_order=1))


def from_wkb(wkb: bytes) -> BaseGeometry:
    """Read our own well-known binary back; raises shapely.errors.GEOSException when it is broken."""
    return shapely.from_wkb(wkb)


def to_geojson(polygon: Polygon) -> dict[str, Any]:
    """Give the canonical GeoJSON geometry: outer ring anticlockwise, holes clockwise, 7 decimals (RFC 7946)."""
    oriented = orient(polygon, sign=1.0)
    rings = [oriented.exterior, *oriented.interiors]
    return {"type": "Polygon", "coordinates": [_rounded(ring.coords) for ring in rings]}


def _rounded(positions: Iterable[tuple[float, ...]]) -> list[list[float]]:
    return [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat, *_ in positions]
