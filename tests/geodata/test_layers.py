"""Layers of a site from GeoJSON: what each may hold, how wide lines are, and what is said of mistakes."""

import json
import math

import pytest
import shapely

from geodata.crs import geometry_to_plane, to_lonlat, to_plane
from geodata.layers import KINDS, layer_geometries, read_layer, stored_layer
from geodata.shapes import ShapeError

E, N = to_plane(139.69, 35.69)
SQUARE = [(0, 0), (4, 0), (4, 2), (0, 2), (0, 0)]


def lonlat(*metres):
    return [list(to_lonlat(E + e, N + n)) for e, n in metres]


def geometry(kind, *metres):
    points = lonlat(*metres)
    coordinates = {"Point": points[0], "LineString": points, "Polygon": [points]}[kind]
    return {"type": kind, "coordinates": coordinates}


def feature(shape, **properties):
    return {"type": "Feature", "properties": properties, "geometry": shape}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def refusal(kind, data):
    with pytest.raises(ShapeError) as caught:
        read_layer(kind, data)
    return caught.value


LINE, POINT, AREA = (
    geometry("LineString", (0, 0), (10, 0)),
    geometry("Point", (3, 4)),
    geometry("Polygon", *SQUARE),
)


def test_gates_are_the_lines_that_were_drawn():
    first, second = read_layer("gates", collection(feature(LINE), feature(geometry("LineString", (0, 5), (3, 9)))))
    assert geometry_to_plane(first).length == pytest.approx(10.0, abs=1e-4)
    assert geometry_to_plane(second).length == pytest.approx(5.0, abs=1e-4)


def test_a_feature_and_a_bare_geometry_stand_for_themselves():
    assert len(read_layer("entrances", json.dumps(feature(POINT)).encode())) == 1
    assert len(read_layer("entrances", b"\xef\xbb\xbf" + json.dumps(POINT).encode())) == 1


def test_a_line_of_obstacles_covers_its_width_and_no_more():
    [wall] = read_layer("obstacles", collection(feature(LINE, width_m=0.5)))
    assert geometry_to_plane(wall).area == pytest.approx(10.0 * 0.5, abs=1e-4)


def test_a_post_covers_at_least_its_circle():
    [post] = read_layer("obstacles", collection(feature(POINT, radius_m=0.15)))
    placed = geometry_to_plane(post)
    assert placed.covers(geometry_to_plane(shapely.Point(POINT["coordinates"])).buffer(0.1499, quad_segs=64))
    assert placed.area == pytest.approx(math.pi * 0.15**2, rel=0.01)


def test_tactile_paving_may_be_a_line_without_a_width():
    assert [part.geom_type for part in read_layer("tactile_paving", collection(feature(LINE), feature(AREA)))] == [
        "LineString",
        "Polygon",
    ]


def test_several_parts_are_taken_apart():
    both = {"type": "MultiLineString", "coordinates": [LINE["coordinates"], lonlat((0, 5), (3, 9))]}
    assert len(read_layer("gates", collection(feature(both)))) == 2


def test_what_was_stored_comes_back_as_it_was():
    layers = {
        "gates": read_layer("gates", collection(feature(LINE))),
        "obstacles": read_layer("obstacles", collection(feature(AREA), feature(POINT, radius_m=1))),
    }
    stored = json.loads(json.dumps({kind: stored_layer(parts) for kind, parts in layers.items()}))
    back = layer_geometries(stored)
    assert set(back) == set(KINDS)
    assert back["hydrants"] == ()
    for kind, parts in layers.items():
        for part, again in zip(parts, back[kind], strict=True):
            assert shapely.hausdorff_distance(geometry_to_plane(part), geometry_to_plane(again)) < 1e-3
    assert stored == {kind: stored_layer(parts) for kind, parts in back.items() if parts}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("shape", [LINE, POINT, AREA], ids=lambda shape: shape["type"])
def test_each_layer_takes_its_own_geometries_only(kind, shape):
    data = collection(feature(shape, width_m=1.0, radius_m=1.0))
    if shape["type"] in KINDS[kind].geometries:
        assert len(read_layer(kind, data)) == 1
    else:
        assert refusal(kind, data).code == "layer_wrong_geometry"


@pytest.mark.parametrize("width", [None, 0, -1, 101, True, "2", 1e300])
def test_a_line_of_obstacles_says_how_wide_it_is(width):
    error = refusal("obstacles", collection(feature(AREA), feature(LINE, width_m=width)))
    assert error.code == "layer_extent_missing"
    assert error.message_ja.startswith("2 番目の図形：")
    assert error.message_en.startswith("Feature 2: ")
    assert "width_m" in error.message_ja


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "not_json"),
        (b"[]", "not_geojson"),
        (collection(), "layer_empty"),
        (collection(*[feature(POINT)] * 2_001), "layer_too_many_features"),
        (b'{"type": "FeatureCollection", "features": 3}', "not_geojson"),
        (collection({"type": "Feature", "properties": None, "geometry": None}), "not_geojson"),
        (collection(feature({"type": "Point", "coordinates": [35.69, 139.69]})), "lonlat_swapped"),
        (collection(feature({"type": "Point", "coordinates": [2.3, 48.9]})), "outside_japan"),
        (collection(feature({"type": "Point", "coordinates": ["139", "35"]})), "bad_position"),
        (collection(feature({"type": "MultiPoint", "coordinates": []})), "layer_empty"),
        (json.dumps({**POINT, "crs": {"properties": {"name": "EPSG:4301"}}}).encode(), "unsupported_crs"),
        (b"[" * 100_000, "too_deep"),
    ],
)
def test_what_cannot_be_read_is_refused_by_code(data, code):
    assert refusal("entrances", data).code == code


def test_a_line_needs_two_different_points():
    same = {"type": "LineString", "coordinates": [[139.69, 35.69], [139.69, 35.69]]}
    assert refusal("gates", collection(feature(same))).code == "layer_line_too_short"
    assert refusal("gates", collection(feature({"type": "LineString"}))).code == "layer_line_too_short"


def test_an_area_that_crosses_itself_is_not_repaired():
    bow = geometry("Polygon", (0, 0), (4, 4), (4, 0), (0, 4), (0, 0))
    assert refusal("obstacles", collection(feature(bow))).code == "invalid_polygon"


def test_positions_are_bounded_over_all_features():
    line = {"type": "LineString", "coordinates": [[139.69 + i * 1e-6, 35.69] for i in range(11_000)]}
    assert refusal("gates", collection(feature(line), feature(line))).code == "layer_too_many_positions"
