"""What stands near, worked out by hand: distances and shared areas in metres."""

import pytest
import shapely
from placement_cases import E0, N0, at, block, found, roof_on_posts, site, there
from shapely.geometry import LineString, Point

from geodata.crs import geometry_to_plane
from geodata.placement import Building, Ground, Rival

BENCH = block(2, 1, 0.5)


def house(west, south, east, north, *, height_m=20.0, ground_m=33.0):
    return Building("13104-bldg-1", there(shapely.box(west, south, east, north)), height_m, ground_m)


@pytest.mark.parametrize(
    ("e", "value", "verdict"), [(5, 4, "pass"), (9, 0, "fail"), (7.8, 1.2, "pass"), (8, 1, "warn")]
)
def test_clearance_is_the_distance_to_the_nearest_building(e, value, verdict):
    """The wall stands at 10 m; the bench is 2 m wide."""
    ground = Ground(site(20, 10), [house(10, 0, 12, 4.9), house(10, 0, 14, 10)])
    check = found(BENCH, at(e, 5), ground)["clearance"]
    assert (check.verdict, check.value, check.limit, check.unit) == (
        verdict,
        pytest.approx(value, abs=1e-3),
        1.2,
        "m",
    )


def test_clearance_draws_the_shortest_line():
    check = found(BENCH, at(5, 5), Ground(site(20, 10), [house(10, 0, 12, 10)]))["clearance"]
    line = geometry_to_plane(shapely.geometry.shape(check.geometry))
    assert line.length == pytest.approx(4.0, abs=0.02)
    assert sorted(e - E0 for e, _ in line.coords) == pytest.approx([6, 10], abs=0.02)
    assert all(4.48 < n - N0 < 5.52 for _, n in line.coords)


def test_a_door_is_kept_free_before_a_wall_is():
    """The wall is 0.5 m away, the door 1.0 m: the wall only warns, the blocked door fails."""
    layers = {"obstacles": [shapely.box(6.5, 0, 7, 10)], "entrances": [Point(3, 5)]}
    check = found(BENCH, at(5, 5), site(layers=layers))["clearance"]
    assert (check.verdict, check.value) == ("fail", pytest.approx(1.0, abs=1e-3))
    assert "出入口" in check.reason_ja
    assert "entrance" in check.reason_en


def test_a_coarse_outline_that_only_just_touches_warns():
    layers = {"obstacles": [shapely.box(5.96, 0, 7, 10)]}
    assert found(block(2, 1, 1), at(5, 5), site(layers=layers))["clearance"].verdict == "fail"
    assert found(block(2, 1, 1, outline_cell_m=0.05), at(5, 5), site(layers=layers))["clearance"].verdict == "warn"


def test_the_house_that_a_site_is_in_and_one_below_it_are_no_neighbours():
    around, below = house(-5, -5, 15, 15), house(0, 0, 4, 4, height_m=5, ground_m=20)
    assert "clearance" not in found(BENCH, at(5, 5), Ground(site(), [around, below]))


def rival(e, n, *, standing=False, level="ground", base_m=0.0, solid=BENCH):
    return Rival("休む椅子", solid, at(e, n, base_m=base_m), level, 33.0, standing)


@pytest.mark.parametrize(
    ("others", "value", "verdict"),
    [
        ([rival(5, 7)], 0.0, "pass"),
        ([rival(6, 5)], 1.0, "warn"),  # 1 m of 2 m, 1 m deep
        ([rival(6, 5), rival(3.5, 5)], 1.5, "warn"),  # and half a metre on the other side
        ([rival(6, 5.5, standing=True)], 0.5, "fail"),
        ([rival(6, 5, base_m=0.5)], 0.0, "pass"),  # above the bench, which is 0.5 m high
    ],
)
def test_overlap_is_the_area_shared_with_rivals(others, value, verdict):
    check = found(BENCH, at(5, 5), Ground(site(), rivals=others))["overlap"]
    assert (check.verdict, check.limit, check.unit) == (verdict, 0.0, "m2")
    assert check.value == pytest.approx(value, abs=1e-3)
    assert (check.geometry is None) == (verdict == "pass")


def test_rivals_on_other_levels_do_not_count():
    assert "overlap" not in found(BENCH, at(5, 5), Ground(site(), rivals=[rival(5, 5, level="deck")]))


def test_a_coarse_outline_may_not_overlap_a_standing_rival():
    coarse = block(2, 1, 0.5, outline_cell_m=0.05)
    ground = Ground(site(), rivals=[rival(6.97, 5, standing=True)])
    assert found(BENCH, at(5, 5), ground)["overlap"].verdict == "fail"
    assert found(coarse, at(5, 5), ground)["overlap"].verdict == "warn"


@pytest.mark.parametrize(
    ("n", "value", "verdict"), [(5, 2.5, "pass"), (6.95, 0.55, "warn"), (7.25, 0.25, "fail"), (8, 0, "fail")]
)
def test_tactile_paving_is_kept_free(n, value, verdict):
    """The paving runs at 8 m; the bench is 1 m deep."""
    layers = {"tactile_paving": [LineString([(0, 8), (10, 8)]), LineString([(0, 1), (10, 1)])]}
    check = found(BENCH, at(5, n), site(layers=layers))["tactile_paving"]
    assert (check.verdict, check.value, check.limit) == (verdict, pytest.approx(value, abs=1e-3), 0.3)


def test_paving_is_measured_to_what_people_meet():
    """The roof reaches 1 m north and south; its posts only 0.1 m."""
    layers = {"tactile_paving": [LineString([(0, 6), (10, 6)])]}
    check = found(roof_on_posts(2.6), at(5, 5), site(layers=layers))["tactile_paving"]
    assert (check.verdict, check.value) == ("pass", pytest.approx(0.9, abs=1e-3))


@pytest.mark.parametrize(
    ("solid", "n", "value", "verdict"),
    [
        (BENCH, 5, 0.0, "pass"),
        (BENCH, 7, 1.0, "fail"),  # the lane, 4 m wide, begins at 7 m: half of 2 m2
        (roof_on_posts(3.0), 6.5, 2.0, "warn"),  # half a metre of the roof, 4 m wide, over the lane
        (roof_on_posts(4.6), 6.5, 0.0, "pass"),  # high enough
    ],
)
def test_emergency_lanes_are_kept_free(solid, n, value, verdict):
    layers = {"emergency_lanes": [LineString([(0, 9), (10, 9)])]}
    check = found(solid, at(5, n), site(layers=layers))["emergency_access"]
    assert (check.verdict, check.limit, check.unit) == (verdict, 0.0, "m2")
    assert check.value == pytest.approx(value, abs=1e-3)


def test_five_metres_round_a_hydrant_are_kept_free():
    layers = {"hydrants": [Point(0, 5)]}
    assert found(BENCH, at(6.01, 5), site(layers=layers))["emergency_access"].verdict == "pass"
    blocked = found(BENCH, at(5, 5), site(layers=layers))["emergency_access"]
    assert blocked.verdict == "fail"
    # West of the arc: 1 m x 1 m less what the circle leaves open, 2 x (0.5^3 / 6) / 5 = 0.0083 m2.
    assert blocked.value == pytest.approx(1 - 0.0083, abs=0.002)


def test_a_coarse_obstacle_at_the_edge_of_a_lane_warns():
    layers = {"emergency_lanes": [shapely.box(0, 5.47, 10, 10)]}
    coarse = block(2, 1, 0.5, outline_cell_m=0.05)
    assert found(BENCH, at(5, 5), site(layers=layers))["emergency_access"].verdict == "fail"
    assert found(coarse, at(5, 5), site(layers=layers))["emergency_access"].verdict == "warn"


def test_what_is_not_known_is_left_out():
    names = {"clearance", "overlap", "tactile_paving", "emergency_access", "clear_width", "turning_circle"}
    assert not names & found(BENCH, at(5, 5), site()).keys()
