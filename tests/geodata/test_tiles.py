"""A tileset of placed proposals, against computations that share nothing with it."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely.geometry import Point

from geodata.crs import to_plane
from geodata.placement import Placement, place_outline
from geodata.tiles import PlacedContent, tileset

TOCHO = (139.6917, 35.6896)
GEOID_M = 37.0053
ABOUT = {"title": {"ja": "矢印"}, "licence": "CC0-1.0"}
TO_DEGREES = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
REQUIRED_OF_A_TILE = {"boundingVolume", "geometricError"}
KNOWN_OF_A_TILE = {*REQUIRED_OF_A_TILE, "viewerRequestVolume", "refine", "transform", "content", "contents"} | {
    "metadata",
    "implicitTiling",
    "children",
    "extensions",
    "extras",
}


def arrow(heading=0.0, scale=1.0, base_m=0.0, ground_m=33.0, at=TOCHO, uri="arrow.glb"):
    """A model 2 m wide, 1 m high and 6 m deep, its tip at +z."""
    return PlacedContent(uri, Placement(*at, heading, base_m, scale), ground_m, (2.0, 1.0, 6.0), ABOUT)


def tiles_of(*placed):
    return tileset(placed, {})["root"]["children"]


def in_ecef(tile, point):
    """Where a viewer draws a point of the GLB: y up to z up (3D Tiles 1.1, 6.7.1.1), then the tile's transform."""
    x, y, z = point
    t = tile["transform"]  # by columns
    turned = (x, -z, y)
    return [sum(t[4 * column + row] * turned[column] for column in range(3)) + t[12 + row] for row in range(3)]


def in_degrees(tile, point):
    return TO_DEGREES.transform(*in_ecef(tile, point))


def grid_bearing(one, other):
    (e0, n0), (e1, n1) = to_plane(*one[:2]), to_plane(*other[:2])
    return math.degrees(math.atan2(e1 - e0, n1 - n0)) % 360


def test_the_origin_stands_on_its_place_to_a_millimetre():
    [tile] = tiles_of(arrow(heading=123.0, scale=1.7, base_m=2.5))
    lon, lat, height = in_degrees(tile, (0, 0, 0))
    east, north = np.subtract(to_plane(lon, lat), to_plane(*TOCHO))
    assert math.hypot(east, north) < 0.001
    assert height == pytest.approx(33.0 + 2.5 + GEOID_M, abs=0.001)


@pytest.mark.parametrize("heading", [0.0, 30.0, 90.0, 180.0, 271.5])
def test_an_arrow_points_to_its_heading(heading):
    [tile] = tiles_of(arrow(heading))
    tail, tip = in_degrees(tile, (0, 0, -3)), in_degrees(tile, (0, 0, 3))
    assert grid_bearing(tail, tip) == pytest.approx(heading, abs=0.001)
    assert tip[2] == pytest.approx(tail[2], abs=0.001)


def test_from_true_north_the_arrow_is_off_by_the_convergence_of_the_grid():
    """-0.0826 degrees at Tocho by the survey authority's series: grid north is there west of true north."""
    [tile] = tiles_of(arrow(0.0))
    tail, tip = in_degrees(tile, (0, 0, -3)), in_degrees(tile, (0, 0, 3))
    azimuth, _, length = Geod(ellps="GRS80").inv(*tail[:2], *tip[:2])
    assert azimuth == pytest.approx(-0.0826, abs=0.001)
    assert length == pytest.approx(6.0, abs=0.001)


def test_up_is_up_and_the_left_of_the_model_is_left_of_its_heading():
    [tile] = tiles_of(arrow(heading=120.0))
    base, top, left = (in_degrees(tile, point) for point in [(0, 0, 0), (0, 1, 0), (1, 0, 0)])
    assert top[2] - base[2] == pytest.approx(1.0, abs=1e-4)
    assert grid_bearing(base, left) == pytest.approx(30.0, abs=0.001)


@given(heading=st.floats(0, 360), scale=st.floats(0.1, 10), x=st.floats(-30, 30), z=st.floats(-30, 30))
def test_the_tile_and_the_footprint_on_the_map_agree(heading, scale, x, z):
    """To 1 cm in 100 m, which is the scale of the grid."""
    content = arrow(heading, scale)
    [tile] = tiles_of(content)
    on_map = place_outline(Point(-x, z), content.placement)
    in_tile = to_plane(*in_degrees(tile, (x, 0, z))[:2])
    assert math.dist((on_map.x, on_map.y), in_tile) < 0.002 + 1.5e-4 * scale * math.hypot(x, z)


@given(st.lists(st.tuples(st.floats(0, 360), st.floats(0.2, 5), st.floats(-0.01, 0.01)), min_size=1, max_size=5))
def test_every_corner_lies_in_the_boxes(stands):
    placed = [arrow(heading, scale, at=(TOCHO[0] + off, TOCHO[1])) for heading, scale, off in stands]
    root = tileset(placed, {})["root"]
    for tile in root["children"]:
        for x in (-1.0, 1.0):
            for y in (0.0, 1.0):
                for z in (-3.0, 3.0):
                    assert_in_box((x, -z, y), tile["boundingVolume"]["box"])
                    assert_in_box(in_ecef(tile, (x, y, z)), root["boundingVolume"]["box"])


def assert_in_box(point, box):
    centre, axes = np.array(box[:3]), np.reshape(box[3:], (3, 3))
    for axis in axes:
        along = (np.array(point) - centre) @ axis / np.linalg.norm(axis)
        assert abs(along) <= np.linalg.norm(axis) + 1e-6


def test_the_document_has_what_3d_tiles_1_1_asks_for():
    document = json.loads(json.dumps(tileset([arrow(), arrow(30.0)], {"title": "見本"}), allow_nan=False))
    assert set(document) == {"asset", "geometricError", "root"}
    assert document["asset"] == {"version": "1.1", "extras": {"title": "見本"}}
    root = document["root"]
    assert root["refine"] == "ADD"
    assert root["geometricError"] == pytest.approx(math.sqrt(4 + 1 + 36))
    assert document["geometricError"] >= root["geometricError"]
    assert len(root["children"]) == 2
    for tile in (root, *root["children"]):
        assert set(tile) >= REQUIRED_OF_A_TILE
        assert set(tile) <= KNOWN_OF_A_TILE
        assert len(tile["boundingVolume"]["box"]) == 12
        assert root["geometricError"] >= tile["geometricError"] >= 0
    for tile in root["children"]:
        assert tile["content"] == {"uri": "arrow.glb"}
        assert tile["extras"] == ABOUT
        assert tile["geometricError"] == 0
        assert_turns_and_scales(np.reshape(tile["transform"], (4, 4)).T)


def assert_turns_and_scales(matrix):
    assert matrix[3].tolist() == [0, 0, 0, 1]
    turn = matrix[:3, :3]
    assert np.allclose(turn @ turn.T, np.eye(3) * np.linalg.det(turn) ** (2 / 3))
    assert np.linalg.det(turn) > 0


def test_nothing_placed_is_a_tileset_too():
    document = tileset([], {})
    assert document["root"]["boundingVolume"] == {"sphere": [0.0, 0.0, 0.0, 0.0]}
    assert "children" not in document["root"]


def test_a_place_without_a_geoid_is_refused():
    with pytest.raises(ValueError, match="no height at lon 145"):
        tileset([arrow(at=(145.0, 30.0))], {})
