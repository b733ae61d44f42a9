"""Site shapes from strangers' GeoJSON: what is read, what is refused and in which words."""

import json
import math
import time

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata import shapes
from geodata.shapes import ShapeError, read_polygon

SQUARE = [[139.69, 35.69], [139.691, 35.69], [139.691, 35.691], [139.69, 35.691], [139.69, 35.69]]
HOLE = [[139.6904, 35.6904], [139.6904, 35.6906], [139.6906, 35.6906], [139.6906, 35.6904], [139.6904, 35.6904]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry):
    return {"type": "Feature", "properties": {"name": "水の広場"}, "geometry": geometry}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def read(document):
    return read_polygon(json.dumps(document).encode())


@pytest.mark.parametrize(
    "document",
    [
        polygon(SQUARE),
        feature(polygon(SQUARE)),
        collection(feature(polygon(SQUARE))),
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        polygon([[lon, lat, 33.0] for lon, lat in SQUARE]),
        polygon(SQUARE[::-1]),
        {**polygon(SQUARE), "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::6668"}}},
    ],
)
def test_every_way_to_write_the_same_square(document):
    square = read(document)
    assert square.equals(shapely.box(139.69, 35.69, 139.691, 35.691))
    assert not square.has_z


def test_a_hole_stays_a_hole_and_a_byte_order_mark_is_passed_over():
    text = b"\xef\xbb\xbf" + json.dumps(polygon(SQUARE, HOLE)).encode()
    square = read_polygon(text)
    assert len(square.interiors) == 1
    assert not shapes.contains(square, 139.6905, 35.6905)
    assert shapes.contains(square, 139.6902, 35.6902)


def test_edges_and_corners_belong_to_the_shape():
    square = read(polygon(SQUARE))
    assert shapes.contains(square, 139.69, 35.6905)
    assert shapes.contains(square, 139.691, 35.691)
    assert not shapes.contains(square, 139.6911, 35.6905)


def ring_of(count):
    """A closed ring of `count` positions around the Tocho."""
    angles = [2 * math.pi * i / (count - 1) for i in range(count - 1)]
    ring = [[139.69 + 0.001 * math.cos(a), 35.69 + 0.001 * math.sin(a)] for a in angles]
    return [*ring, ring[0]]


def zigzag(count):
    """A self-crossing ring; at 50,000 positions a repair of it takes ten seconds."""
    ring = [[139.69 + 0.001 * (i * 7919 % count) / count, 35.69 + 0.001 * i / count] for i in range(count - 1)]
    return [*ring, ring[0]]


BOW_TIE = [[139.69, 35.69], [139.691, 35.691], [139.691, 35.69], [139.69, 35.691], [139.69, 35.69]]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "not_geojson"),
        ({"type": 7}, "not_geojson"),
        ({"type": "FeatureCollection", "features": {}}, "not_geojson"),
        (collection(polygon(SQUARE)), "not_geojson"),
        (feature(None), "not_geojson"),
        (collection(collection(feature(polygon(SQUARE)))), "not_geojson"),
        (collection(), "not_one_feature"),
        (collection(feature(polygon(SQUARE)), feature(polygon(SQUARE))), "not_one_feature"),
        ({"type": "Point", "coordinates": [139.69, 35.69]}, "not_a_polygon"),
        ({"type": "GeometryCollection", "geometries": [polygon(SQUARE)]}, "not_a_polygon"),
        (polygon(), "not_a_polygon"),
        (polygon("ring"), "not_a_polygon"),
        ({"type": "Polygon"}, "not_a_polygon"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE]]}, "several_parts"),
        ({"type": "MultiPolygon", "coordinates": None}, "several_parts"),
        (polygon(ring_of(2001)), "too_many_vertices"),
        (polygon(zigzag(20_000)), "too_many_vertices"),
        (polygon(SQUARE, *[[]] * 2000), "too_many_vertices"),
        (polygon(SQUARE[:3]), "ring_too_short"),
        (polygon(SQUARE[:4]), "ring_not_closed"),
        (polygon([["139.69", "35.69"], *SQUARE[1:]]), "bad_position"),
        (polygon([[True, 35.69], *SQUARE[1:]]), "bad_position"),
        (polygon([[139.69], *SQUARE[1:]]), "bad_position"),
        (polygon([[139.69, 35.69, 0, 0], *SQUARE[1:]]), "bad_position"),
        (polygon([[10**400, 35.69], *SQUARE[1:]]), "bad_position"),
        (polygon([[lat, lon] for lon, lat in SQUARE]), "lonlat_swapped"),
        (
            polygon([[-12818.8, -34428.1], [-12800, -34428.1], [-12800, -34400], [-12818.8, -34428.1]]),
            "outside_japan",
        ),
        (polygon([[lon - 140, lat] for lon, lat in SQUARE]), "outside_japan"),
        (polygon(BOW_TIE), "invalid_polygon"),
        (polygon(zigzag(2000)), "invalid_polygon"),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[1], SQUARE[0]]), "invalid_polygon"),
        (polygon(HOLE, SQUARE), "invalid_polygon"),
        ({**polygon(SQUARE), "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4301"}}}, "unsupported_crs"),
    ],
)
def test_refused_with_its_code(document, code):
    text = json.dumps(document).encode()
    start = time.perf_counter()
    with pytest.raises(ShapeError) as refusal:
        read_polygon(text)
    assert time.perf_counter() - start <= 1.0
    assert refusal.value.code == code
    assert refusal.value.message_ja.endswith("。")
    assert refusal.value.message_en.endswith(".")
    assert "{" not in refusal.value.message_ja + refusal.value.message_en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b" " * 1_000_001, "too_large"),
        (b'{"type":"GeometryCollection","geometries":[' * 3000 + b"]}" * 3000, "too_deep"),
        (b'{"type":"Polygon","coordinates":[[[NaN,35]]]}', "not_a_number"),
        (b"POLYGON ((139 35))", "not_json"),
        (b'{"type":"Polygon","coordinates":[[[1e999,35],[1,1],[1,1],[1e999,35]]]}', "bad_position"),
    ],
)
def test_refused_as_text(text, code):
    with pytest.raises(ShapeError) as refusal:
        read_polygon(text)
    assert refusal.value.code == code


def test_the_sentence_about_swapped_coordinates_shows_them():
    with pytest.raises(ShapeError) as refusal:
        read(polygon([[lat, lon] for lon, lat in SQUARE]))
    assert "35.69, 139.69" in refusal.value.message_ja
    assert "[経度, 緯度]" in refusal.value.message_ja
    assert "[lon, lat]" in refusal.value.message_en


def test_two_thousand_vertices_are_allowed():
    assert shapely.get_num_coordinates(read(polygon(ring_of(2000)))) == 2000


def test_canonical_output_turns_rings_by_the_right_hand_rule_and_rounds_to_seven_decimals():
    clockwise = [[lon + 0.00000004, lat] for lon, lat in SQUARE[::-1]]
    assert shapes.to_geojson(read(polygon(clockwise, HOLE[::-1]))) == {
        "type": "Polygon",
        "coordinates": [SQUARE, HOLE],
    }


def test_binary_and_back_is_little_endian():
    square = read(polygon(SQUARE, HOLE))
    wkb = shapes.to_wkb(square)
    assert wkb[:5] == b"\x01\x03\x00\x00\x00"  # byte order 1, geometry type 3 (OGC 06-103r4, 8.2)
    assert shapes.from_wkb(wkb).equals_exact(square, 0.0)


@given(st.integers(3, 40), st.floats(139, 140), st.floats(35, 36), st.floats(0.0001, 0.1))
def test_what_we_write_we_read_back(corners, lon, lat, size):
    angles = [2 * math.pi * i / corners for i in range(corners)]
    ring = [[lon + size * math.cos(a), lat + size * math.sin(a)] for a in angles]
    first = read(polygon([*ring, ring[0]]))
    again = read(shapes.to_geojson(first))
    assert shapes.to_geojson(again) == shapes.to_geojson(first)
    assert again.equals_exact(shapely.normalize(first), 1e-7, normalize=True)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_kindly(text):
    with pytest.raises(ShapeError):
        read_polygon(text)
