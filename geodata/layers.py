"""What stands and runs on a site, as GeoJSON layers from people: gates, obstacles, tactile paving and the like.

Read as strictly as site shapes: nothing is repaired, and an error names the feature. A line or a point of a layer
of areas says how wide it is, so that every check can take it as the ground that it covers.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import shapely
from shapely.geometry import LineString, Point, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from geodata.crs import geometry_to_lonlat, geometry_to_plane
from geodata.shapes import (
    ShapeError,
    as_object,
    check_crs,
    check_in_japan,
    is_number,
    parse_geojson,
    polygon_from_geojson,
    read_position,
)

MAX_FEATURES = 2_000
MAX_POSITIONS = 20_000
WIDEST_M = 100.0
DECIMALS = 9  # of a degree: 0.1 mm, so that a clear width stays exact to 1 cm
_CIRCLE_SEGMENTS = 8  # a quarter of a circle: a post of 30 cm is right to 1.5 mm


@dataclass(frozen=True)
class Kind:
    """What a layer may hold; ``area``: its lines need ``width_m`` and its points ``radius_m``."""

    geometries: tuple[str, ...]
    area: bool = False


KINDS: Mapping[str, Kind] = {
    "gates": Kind(("LineString",)),
    "obstacles": Kind(("Polygon", "LineString", "Point"), area=True),
    "tactile_paving": Kind(("LineString", "Polygon")),
    "emergency_lanes": Kind(("Polygon", "LineString", "Point"), area=True),
    "entrances": Kind(("Point",)),
    "hydrants": Kind(("Point",)),
}
_WORDS = {"LineString": ("線", "line"), "Polygon": ("面", "area"), "Point": ("点", "point")}
_EXTENT = {"LineString": "width_m", "Point": "radius_m"}

_SENTENCES = {
    "layer_empty": (
        "図形がありません。図形を描くか、layers からこのファイルの行を消してください。",
        "There are no features; please draw some, or remove this file from the layers.",
    ),
    "layer_too_many_features": (
        "図形が {limit} 個を超えています。場所のまわりだけを書き出してください。",
        "There are more than {limit} features; please export only those around the site.",
    ),
    "layer_too_many_positions": (
        "点が全部で {limit} 個を超えています。形を簡単にしてください。",
        "There are more than {limit} positions in all; please simplify the shapes.",
    ),
    "layer_wrong_geometry": (
        "この層に {found} は置けません。{wanted_ja}で描いてください。",
        "This layer cannot hold a {found}; please draw it as {wanted_en}.",
    ),
    "layer_extent_missing": (
        "properties に {name}（メートル、0 より大きく {limit:g} まで）がありません。"
        "書き足すか、面で描いてください。",
        "Its properties lack {name} (metres, above 0 and up to {limit:g}); please add it, or draw it as an area.",
    ),
    "layer_line_too_short": (
        "線には、はなれた 2 点以上が必要です。描き直してください。",
        "A line needs two or more different positions; please redraw it.",
    ),
}


def read_layer(kind: str, text: bytes) -> tuple[BaseGeometry, ...]:
    """Read a layer from GeoJSON bytes: lon/lat, one part each, in the order of the file.

    Multi-geometries are taken apart. Points and lines of a layer of areas become the ground that they cover.
    Raises ShapeError only; its sentences name the feature.
    """
    features = _features(parse_geojson(text))
    if not features:
        _refuse("layer_empty")
    if len(features) > MAX_FEATURES:
        _refuse("layer_too_many_features", limit=MAX_FEATURES)
    found: list[BaseGeometry] = []
    for number, feature in enumerate(features, 1):
        try:
            found += _read_feature(KINDS[kind], feature)
        except ShapeError as error:
            ja = f"{number} 番目の図形：{error.message_ja}"
            raise ShapeError(error.code, ja, f"Feature {number}: {error.message_en}") from None
    if sum(int(shapely.get_num_coordinates(part)) for part in found) > MAX_POSITIONS:
        _refuse("layer_too_many_positions", limit=MAX_POSITIONS)
    return tuple(found)


def stored_layer(geometries: Sequence[BaseGeometry]) -> list[dict[str, Any]]:
    """The GeoJSON geometries of a layer in one canonical form: lon/lat with 9 decimals, rings as in RFC 7946."""
    return [_rounded(mapping(shapely.orient_polygons(part, exterior_cw=False))) for part in geometries]


def layer_geometries(stored: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, tuple[BaseGeometry, ...]]:
    """The geometries of stored layers, by the name of the layer."""
    return {kind: tuple(shape(geometry) for geometry in stored.get(kind, ())) for kind in KINDS}


def _refuse(code: str, **values: Any) -> NoReturn:
    ja, en = (sentence.format(**values) for sentence in _SENTENCES[code])
    raise ShapeError(code, ja, en)


def _features(document: Any) -> list[Any]:
    """The features of a collection; a feature or a bare geometry stands for itself."""
    found = as_object(document)
    check_crs(found)
    if found["type"] != "FeatureCollection":
        return [found]
    return found["features"] if isinstance(found.get("features"), list) else [None]


def _read_feature(kind: Kind, feature: Any) -> list[BaseGeometry]:
    found = as_object(feature)
    bare = found["type"] != "Feature"
    geometry = found if bare else as_object(found.get("geometry"))
    properties = {} if bare else found.get("properties")
    name = geometry["type"].removeprefix("Multi")
    if name not in kind.geometries:
        _refuse_geometry(kind, geometry["type"])
    parts = [_PARTS[name](coordinates) for coordinates in _coordinates(geometry)]
    if kind.area and name in _EXTENT:
        reach = _extent(properties, _EXTENT[name])
        parts = [_covered(part, reach) for part in parts]
    return parts


def _refuse_geometry(kind: Kind, found: str) -> NoReturn:
    ja, en = zip(*(_WORDS[name] for name in kind.geometries), strict=True)
    wanted_en = " or ".join(f"{'an' if word == 'area' else 'a'} {word}" for word in en)
    _refuse("layer_wrong_geometry", found=found[:40], wanted_ja="か".join(ja), wanted_en=wanted_en)


def _coordinates(geometry: Mapping[str, Any]) -> list[Any]:
    """The coordinates of each part."""
    coordinates = geometry.get("coordinates")
    if not geometry["type"].startswith("Multi"):
        return [coordinates]
    if not isinstance(coordinates, list) or not coordinates:
        _refuse("layer_empty")
    if len(coordinates) > MAX_FEATURES:
        _refuse("layer_too_many_features", limit=MAX_FEATURES)
    return coordinates


def _point(coordinates: Any) -> Point:
    lon, lat = read_position(coordinates)
    check_in_japan(lon, lat)
    return Point(lon, lat)


def _line(coordinates: Any) -> LineString:
    positions = coordinates if isinstance(coordinates, list) else []
    if len(positions) > MAX_POSITIONS:
        _refuse("layer_too_many_positions", limit=MAX_POSITIONS)
    points = [_point(position) for position in positions]
    if len({(point.x, point.y) for point in points}) < 2:
        _refuse("layer_line_too_short")
    return LineString(points)


def _area(coordinates: Any) -> Polygon:
    return polygon_from_geojson({"type": "Polygon", "coordinates": coordinates})


_PARTS: Mapping[str, Callable[[Any], BaseGeometry]] = {"Point": _point, "LineString": _line, "Polygon": _area}


def _extent(properties: Any, name: str) -> float:
    """How far the ground reaches to each side, in metres."""
    value = properties.get(name) if isinstance(properties, dict) else None
    reach = float(value or 0) if is_number(value) else 0.0
    if not 0 < reach <= WIDEST_M:
        _refuse("layer_extent_missing", name=name, limit=WIDEST_M)
    return reach / 2 if name == "width_m" else reach


def _covered(part: BaseGeometry, reach_m: float) -> BaseGeometry:
    """The ground within reach: a line is cut off square at its ends, a point becomes a circle.

    The circle is drawn around the true one, so that nothing passes where it stands.
    """
    if not isinstance(part, Point):
        around = geometry_to_plane(part).buffer(reach_m, cap_style="flat", join_style="mitre")
    else:
        outer = reach_m / math.cos(math.pi / (4 * _CIRCLE_SEGMENTS))
        around = geometry_to_plane(part).buffer(outer, quad_segs=_CIRCLE_SEGMENTS)
    return geometry_to_lonlat(around)


def _rounded(value: Any) -> Any:
    if isinstance(value, float | int):
        return round(float(value), DECIMALS)
    if isinstance(value, dict):
        return {key: item if key == "type" else _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value]
