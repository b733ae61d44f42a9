"""Hours of sun: shadows whose lengths follow from the sun's height, and an exact computation beside the rays."""

import math
import os
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson
import pytest
import shapely

from geodata.crs import geometry_to_lonlat, geometry_to_plane, to_plane
from geodata.placement import Building, Placement
from geodata.sun import (
    Occluders,
    SunPath,
    block_triangles,
    hours_lost,
    sample_grid,
    standing_triangles,
    sun_hours,
    sun_path,
    surrounding_area,
    winter_solstice,
)

LON, LAT = 139.6917, 35.6896
E, N = to_plane(LON, LAT)
SHARED = Path(os.environ.get("CIVIC_TEST_SHARED", Path(__file__).parents[4] / "shared"))
WINTER = sun_path(LON, LAT, winter_solstice(2026))
NOTHING = Occluders(np.empty((0, 3, 3)))


def block(west, south, east, north, height, ground=0.0, hole=None):
    """A building by its plan in metres from the middle of the place."""
    plan = shapely.box(E + west, N + south, E + east, N + north)
    if hole is not None:
        plan = plan.difference(shapely.box(*(np.add(hole, [E, N, E, N]))))
    return Building("b", geometry_to_lonlat(plan), height, ground)


def scene(*buildings):
    return Occluders(block_triangles(buildings, 0.0))


def at(*places, height=0.0):
    return np.array([[E + e, N + n, height] for e, n in places])


def sun_at(elevation, azimuth=180.0, hours=1.0):
    return SunPath(*(np.atleast_1d(np.array(value, dtype=float)) for value in (elevation, azimuth, hours)))


WALL = block(-50, -1, 50, 0, 10.0)


@pytest.mark.parametrize("elevation", [15.0, 30.0, 45.0])
def test_a_shadow_is_as_long_as_the_height_by_the_cotangent(elevation):
    """10 m at 30 degrees throw 17.32 m: 1 cm before the end is shade, 1 cm beyond is sun."""
    end = 10 / math.tan(math.radians(elevation))
    hours = sun_hours(at((0, end - 0.01), (0, end + 0.01)), scene(WALL), sun_at(elevation))
    assert hours.tolist() == [0, 1]


def test_a_point_above_the_ground_is_in_a_shorter_shadow():
    """At 45 degrees, 4 m up, the shadow of 10 m reaches 6 m."""
    hours = sun_hours(at((0, 5.99), (0, 6.01), height=4.0), scene(WALL), sun_at(45.0))
    assert hours.tolist() == [0, 1]


def test_there_is_no_sun_below_the_horizon():
    assert sun_hours(at((0, 0)), NOTHING, sun_at([-5.0, 5.0], [100.0, 120.0], [1.0, 2.0])).tolist() == [2.0]


def test_behind_a_long_wall_the_hours_are_those_when_the_sun_is_high_enough():
    """North of a wall from west to east, n metres away: shade while 10 m x cot(h) x -cos(azimuth) > n."""
    h, a = np.radians(WINTER.elevation_deg), np.radians(WINTER.azimuth_deg)
    wall = scene(block(-2000, -1, 2000, 0, 10.0))
    for away in (5.0, 14.0, 16.0, 17.0, 18.0):
        lit = (10 / np.tan(h) * -np.cos(a) <= away) @ WINTER.hours
        assert sun_hours(at((0, away)), wall, WINTER).item() == pytest.approx(lit)


def test_the_shadow_moves_from_west_to_east():
    morning, evening = (sun_path(LON, LAT, winter_solstice(2026), time(h), time(h + 1)) for h in (9, 14))
    tower = scene(block(-3, -3, 3, 3, 30.0))
    sides = at((-25, 25), (25, 25))
    assert [sun_hours(sides, tower, when).argmin() for when in (morning, evening)] == [0, 1]


def test_only_the_sun_that_buildings_leave_can_be_lost():
    """A model in the shade of a wall takes nothing; alone it takes what it hides."""
    model = Occluders(block_triangles([block(-2, 2, 2, 3, 3.0)], 0.0))
    points = at((0, 3.5))
    alone = hours_lost(points, NOTHING, model, WINTER)
    assert alone.item() == pytest.approx(8.0 - sun_hours(points, model, WINTER).item())
    assert alone.item() > 4
    assert hours_lost(points, scene(block(-900, -3, 900, 0, 60.0)), model, WINTER).item() == 0


def test_with_and_without_differ_by_what_is_lost():
    wall, thing = block(-9, -6, 0, -5, 6.0), block(1, -3, 3, -2, 4.0)
    points = sample_grid(shapely.box(E - 10, N, E + 10, N + 20), 1.0, 0.0)
    before, after = (sun_hours(points, scene(*things), WINTER) for things in ([wall], [wall, thing]))
    assert hours_lost(points, scene(wall), scene(thing), WINTER) == pytest.approx(before - after)


def test_a_courtyard_sees_the_noon_sun():
    """A yard of 40 m: 10 m high at 45 degrees, the northern 30 m are lit."""
    yard = scene(block(-30, -30, 30, 30, 10.0, hole=(-20, -20, 20, 20)))
    assert sun_hours(at((0, -11), (0, -9), (0, 19), (0, 25)), yard, sun_at(45.0)).tolist() == [0, 1, 1, 0]


def test_a_building_stands_on_its_own_ground_or_on_that_of_the_place():
    """5 m lower it reaches 5 m above the place's ground: shade of 5 m at 45 degrees."""
    low, unknown = block(-50, -1, 50, 0, 10.0, -5.0), block(-50, -1, 50, 0, 10.0, None)
    points = at((0, 4.9), (0, 5.1), (0, 9.9), (0, 10.1))
    assert sun_hours(points, scene(low), sun_at(45.0)).tolist() == [0, 1, 1, 1]
    assert sun_hours(points, scene(unknown), sun_at(45.0)).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("heading", [0.0, 90.0, 217.0])
def test_a_model_shades_what_lies_before_it_when_the_sun_is_behind(heading):
    """A post 1 m high stands 5 m ahead of the origin along the heading, twice as large: 10 m away and 2 m high."""
    post = block_triangles([block(-0.2, -0.2, 0.2, 0.2, 1.0)], 0.0) - [E, N, 0]
    canonical = np.stack([-post[..., 0], post[..., 2], post[..., 1] + 5.0], axis=-1)
    placed = standing_triangles(canonical, Placement(LON, LAT, heading, base_m=0.5, scale=2.0), 30.0)
    ahead = np.array([math.sin(math.radians(heading)), math.cos(math.radians(heading))])
    assert placed.mean(axis=(0, 1))[:2] == pytest.approx(np.array([E, N]) + 10 * ahead, abs=0.01)
    assert (placed[..., 2].min(), placed[..., 2].max()) == pytest.approx((30.5, 32.5))
    behind = sun_at(45.0, heading + 180)
    shaded = at(12 * ahead, 14.9 * ahead, height=30.0)
    assert sun_hours(shaded, Occluders(placed), behind).tolist() == [0, 1]


def test_turning_everything_turns_the_shadow():
    """A model east of a point, the sun in the east, and the same for all four sides."""
    for heading in (0.0, 90.0, 180.0, 270.0):
        side = np.array([math.sin(math.radians(heading)), math.cos(math.radians(heading))]) * 5
        thing = scene(block(side[0] - 1, side[1] - 1, side[0] + 1, side[1] + 1, 10.0))
        assert sun_hours(at((0, 0)), thing, sun_at(30.0, heading)).item() == 0
        assert sun_hours(at((0, 0)), thing, sun_at(30.0, heading + 180)).item() == 1


def test_a_lattice_covers_an_area_and_stays_when_it_grows():
    small, large = (sample_grid(shapely.box(0.1, 0.1, far, far), 0.5, 3.0) for far in (5.1, 9.1))
    assert len(small) == 100
    assert {tuple(point) for point in small} <= {tuple(point) for point in large}
    assert set(small[:, 2]) == {3.0}
    assert len(sample_grid(shapely.Polygon(), 0.5, 0.0)) == 0


def test_the_judged_ground_begins_5_m_from_a_model_and_ends_4_heights_on():
    ring = surrounding_area(shapely.box(0, 0, 2, 2), 3.0)
    assert ring.bounds == pytest.approx((-17, -17, 19, 19))
    assert ring.distance(shapely.box(0, 0, 2, 2)) == pytest.approx(5.0, abs=0.01)


def shadow(plan, height, direction):
    """The exact shadow of a block on the ground: its plan swept along the sun's direction."""
    shift = -direction[:2] / direction[2] * height
    rings = [shapely.get_coordinates(part.exterior) for part in shapely.get_parts(plan)]
    sides = [
        shapely.convex_hull(shapely.multipoints([a, b, a + shift, b + shift]))
        for ring in rings
        for a, b in pairwise(ring)
    ]
    return shapely.union_all([plan, *sides])


@pytest.mark.skipif(not (SHARED / "geodata").is_dir(), reason="needs geodata/ in the shared test data")
def test_among_real_buildings_the_rays_agree_with_exact_shadows():
    """Every building of 450 m, flat ground, 40 points: at most 1 of 100 answers may differ (points on an edge)."""
    features = orjson.loads((SHARED / "geodata/tocho_450m_buildings_2020.geojson").read_bytes())["features"]
    buildings = [
        Building(f["id"], shapely.make_valid(shapely.from_geojson(orjson.dumps(f["geometry"]))), height, 0.0)
        for f in features
        if (height := f["properties"].get("measuredHeight"))
    ]
    hourly = sun_path(LON, LAT, winter_solstice(2026), time(9), time(15), timedelta(hours=2))
    plans = [geometry_to_plane(building.footprint) for building in buildings]
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.uniform(-150, 150, (40, 2)) + np.array([E, N]), np.zeros(40)])
    exact = np.zeros(40)
    for direction, share in zip(hourly.directions, hourly.hours, strict=True):
        shade = np.zeros(40, dtype=bool)
        for plan, building in zip(plans, buildings, strict=True):
            shade |= shapely.contains_xy(shadow(plan, building.height_m, direction), points[:, 0], points[:, 1])
        exact += share * ~shade
    rays = sun_hours(points, Occluders(block_triangles(buildings, 0.0)), hourly)
    assert 0 < exact.mean() < hourly.hours.sum()
    assert (np.abs(rays - exact) > 1e-9).mean() <= 0.01
