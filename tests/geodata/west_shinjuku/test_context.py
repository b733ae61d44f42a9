"""The towers around the sites: facts of the table, blocks in the frame east, up, south."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geodata.crs import geometry_to_plane, to_plane
from geodata.west_shinjuku.context import TABLE, blocks, towers
from geodata.west_shinjuku.generator.catalogue import PROGRAMMES

TOCHO = (139.69169, 35.68950)
SHARED = Path(os.environ.get("CIVIC_TEST_SHARED", Path(__file__).parents[4] / "shared"))
BUILDINGS = SHARED / "geodata" / "west_shinjuku_buildings_2020.geojson"
# Heights in metres as their owners publish them
PUBLISHED = {
    "東京都庁第一本庁舎": 243.4,
    "東京都庁第二本庁舎": 163.3,
    "新宿三井ビル": 223.6,
    "新宿住友ビル": 210.3,
}


def test_published_heights_are_kept():
    heights = {tower.name_ja: tower.height_m for tower in towers() if tower.name_ja in PUBLISHED}
    assert heights == PUBLISHED


def test_forty_towers_tallest_first_within_700_m():
    assert len(towers()) == 40
    heights = [tower.height_m for tower in towers()]
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] > 90
    for tower in towers():
        assert np.hypot(*np.subtract(to_plane(tower.lon, tower.lat), to_plane(*TOCHO))) < 710
        assert 20 < tower.depth_m <= tower.width_m < 140
        assert 0 <= tower.heading_deg < 180
        assert bool(tower.name_ja) == bool(tower.name_en)


def test_the_source_is_credited():
    header = TABLE.read_text(encoding="utf-8")
    assert all(word in header for word in ("PLATEAU", "MLIT", "indigo-lab", "CC BY 4.0"))


def test_a_block_stands_where_its_tower_stands():
    first = blocks(*TOCHO)[0]
    assert first.positions[:, 1].min() == 0.0
    assert first.positions[:, 1].max() == pytest.approx(243.4)
    assert first.positions[:, [0, 2]].mean(axis=0) == pytest.approx([0, 0], abs=0.01)


def test_a_block_is_turned_clockwise_from_north():
    # By hand for 99.3 m x 48.4 m, heading 77.3 deg: forward (E, N) = (0.9755, 0.2198), right = (0.2198, -0.9755);
    # the front right corner lies at 24.2 forward + 49.65 right = (34.52 E, 43.11 S).
    first = blocks(*TOCHO)[0]
    gaps = np.hypot(first.positions[:, 0] - 34.52, first.positions[:, 2] - 43.11)
    assert gaps.min() < 0.1


def test_blocks_keep_their_directions():
    east, north = to_plane(*TOCHO)
    places = {
        tower.name_ja: block.positions.mean(axis=0) for tower, block in zip(towers(), blocks(*TOCHO), strict=True)
    }
    second = next(tower for tower in towers() if tower.name_ja == "東京都庁第二本庁舎")
    e, n = to_plane(second.lon, second.lat)
    assert places["東京都庁第二本庁舎"][[0, 2]] == pytest.approx([e - east, north - n])
    assert places["東京都庁第二本庁舎"][2] > 100  # it stands south of No. 1, and south is +z


def test_no_block_covers_a_site():
    origin = np.array(to_plane(*TOCHO))
    files = [json.loads(path.read_text(encoding="utf-8")) for path in PROGRAMMES.rglob("*.geojson")]
    features = [found for found in files if found["type"] == "Feature"]  # the layers are collections
    sites = [area for area in (geometry_to_plane(shape(f["geometry"])) for f in features) if area.area < 50_000]
    assert len(sites) == 7
    for block in blocks(*TOCHO):
        plan = shapely.MultiPoint(origin + block.positions[:, [0, 2]] * (1, -1)).convex_hull
        assert not any(plan.intersects(site) for site in sites)


@pytest.mark.skipif(not BUILDINGS.exists(), reason=f"shared test data not found: {BUILDINGS}")
def test_heights_and_plans_are_those_of_the_source():
    features = json.loads(BUILDINGS.read_text(encoding="utf-8"))["features"]
    tall = [f for f in features if f["properties"].get("measuredHeight", 0) > 90]
    known = [(f["properties"]["measuredHeight"], geometry_to_plane(shape(f["geometry"]))) for f in tall]
    for tower in towers():
        if tower.name_ja in PUBLISHED:
            continue
        point = shapely.Point(to_plane(tower.lon, tower.lat))
        height, plan = min(known, key=lambda pair: pair[1].envelope.centroid.distance(point))
        assert tower.height_m == pytest.approx(height, abs=0.06)
        assert tower.width_m * tower.depth_m == pytest.approx(plan.area, rel=0.01)
