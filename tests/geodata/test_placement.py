"""Standing models on sites: directions, areas and limits worked out by hand in metres."""

import hashlib
import math
from dataclasses import replace

import pytest
import shapely
from glb_builder import box, shape
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from geodata.crs import geometry_to_lonlat, geometry_to_plane, to_lonlat, to_plane
from geodata.ingest import ModelFacts, read_glb
from geodata.placement import (
    PLANNING_AID_EN,
    PLANNING_AID_JA,
    Placement,
    SiteRules,
    check_placement,
    inputs_sha256,
    place_outline,
    placement_verdict,
)

E0, N0 = -12800.0, -34400.0  # a corner near the Tocho, in metres of EPSG:6677
BENCH = read_glb(box().pack()).facts  # 2 m wide, 1.5 m high, 1 m deep
# An arrow lying flat, 4 m long: its tip at z = +3 (the front), its broad end at z = -1.
ARROW = read_glb(shape([(-0.5, 0, -1), (0.5, 0, -1), (0, 0, 3)]).pack()).facts


def at(e, n, heading_deg=0.0, **extra):
    """A placement whose origin stands at e, n metres from the corner."""
    lon, lat = to_lonlat(E0 + e, N0 + n)
    return Placement(lon, lat, heading_deg, **extra)


def site(width=10.0, depth=10.0, **rules):
    """A site of width x depth metres whose south-west corner is the corner."""
    boundary = geometry_to_lonlat(shapely.box(E0, N0, E0 + width, N0 + depth))
    return SiteRules(boundary, ground_m=33.0, level="ground", **rules)


def by_name(checks):
    return {check.name: check for check in checks}


def bearing(start, end):
    """Degrees clockwise from north, from one (e, n) to another."""
    return math.degrees(math.atan2(end[0] - start[0], end[1] - start[1])) % 360


@pytest.mark.parametrize("heading", [0, 30, 90, 135, 180, 270, 359.5, -45, 765])
def test_an_arrow_points_to_its_heading(heading):
    placed = place_outline(ARROW.outline, at(20, 20, heading))
    origin = (E0 + 20, N0 + 20)
    corners = sorted(shapely.get_coordinates(placed)[:3], key=lambda corner: math.dist(corner, origin))
    tip, broad_end = corners[0], (corners[1] + corners[2]) / 2  # 2 m against 2.06 m from the origin
    assert bearing(broad_end, tip) == pytest.approx(heading % 360, abs=0.01)
    assert math.dist(origin, tip) == pytest.approx(2.0, abs=0.001)  # the middle of a box 4 m deep


@pytest.mark.parametrize("heading", [0.0, 30.0, 123.4])
def test_the_plan_agrees_with_the_scene(heading):
    """The scene turns by pi - H about y: x' = x cos + z sin, z' = -x sin + z cos; east = x', north = -z'.

    The model is lopsided (left is not right), so that a mirrored plan would show.
    """
    corners = [(-1.0, 0.0, -0.5), (1.0, 0.0, -0.5), (1.0, 0.0, 0.5)]
    facts = read_glb(shape(corners).pack()).facts
    turn = math.pi - math.radians(heading)
    expected = {
        (
            round(E0 + 5 + x * math.cos(turn) + z * math.sin(turn), 3),
            round(N0 + 5 - (-x * math.sin(turn) + z * math.cos(turn)), 3),
        )
        for x, _, z in corners
    }
    placed = place_outline(facts.outline, at(5, 5, heading))
    found = {(round(e, 3), round(n, 3)) for e, n in shapely.get_coordinates(placed)}
    assert found == expected


def test_the_placement_is_where_the_middle_of_the_footprint_stands():
    """The file's own origin is 100 m away from the model and does not matter."""
    far = read_glb(box((99, 5, 200), (101, 6.5, 201)).pack()).facts
    placed = place_outline(far.outline, at(3, 4))
    assert placed.bounds == pytest.approx((E0 + 2, N0 + 3.5, E0 + 4, N0 + 4.5), abs=1e-6)


def test_a_box_inside_passes_and_touching_the_edge_is_inside():
    for placement in (at(5, 5), at(1, 0.5), at(9, 9.5), at(9.5, 9, 90)):
        check = by_name(check_placement(BENCH, placement, site()))["inside_site"]
        assert (check.verdict, check.value, check.limit, check.unit) == ("pass", 0.0, 0.0, "m2")


@pytest.mark.parametrize(
    ("placement", "overrun"),
    [
        (at(0, 5), 1.0),  # half of 2 m x 1 m
        (at(10, 10), 1.5),  # all but a quarter
        (at(9.5, 5), 0.5),  # half a metre of its width
        (at(5, 10, 90), 1.0),  # turned: 1 m wide, 2 m deep, half over
        (at(5, -0.25), 1.5),  # three quarters of its depth
        (at(-50, 5), 2.0),
        (at(0, 5, scale=3.0), 9.0),  # half of 6 m x 3 m
    ],
)
def test_the_overrun_area_is_that_of_the_part_outside(placement, overrun):
    checks = check_placement(BENCH, placement, site())
    check = by_name(checks)["inside_site"]
    assert check.verdict == "fail"
    assert check.value == pytest.approx(overrun, abs=0.001)
    assert placement_verdict(checks) == "fail"
    assert f"{overrun:.2f} m²" in check.reason_ja
    assert f"{overrun:.2f} m²" in check.reason_en


def test_a_turned_square_leaves_four_equal_triangles():
    """A 4 m square turned by 45 degrees in a 4 m square: each corner is 2 sqrt 2 - 2 m over."""
    square = read_glb(box((0, 0, 0), (4, 1, 4)).pack()).facts
    checks = check_placement(square, at(2, 2, 45), site(4, 4))
    outside = 4 * (2 * math.sqrt(2) - 2) ** 2
    assert by_name(checks)["inside_site"].value == pytest.approx(outside, abs=0.005)


def test_one_square_centimetre_is_forgiven_and_a_hundred_are_not():
    inside = check_placement(BENCH, at(9 + 0.00009, 5), site())
    outside = check_placement(BENCH, at(9 + 0.01, 5), site())
    assert placement_verdict(inside) == "pass"
    assert placement_verdict(outside) == "fail"


def test_a_hole_in_the_site_is_outside():
    hole = shapely.box(E0 + 4, N0 + 4, E0 + 6, N0 + 6)
    boundary = geometry_to_lonlat(shapely.box(E0, N0, E0 + 10, N0 + 10).difference(hole))
    checks = check_placement(BENCH, at(4, 5), SiteRules(boundary, 33.0, "ground"))
    assert by_name(checks)["inside_site"].value == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize(
    ("base_m", "scale", "top", "verdict"),
    [
        (0, 1, 1.5, "pass"),
        (0.5, 1, 2.0, "pass"),
        (0.51, 1, 2.01, "fail"),
        (0, 2, 3.0, "fail"),
        (-1, 2, 2.0, "pass"),
    ],
)
def test_the_height_is_that_of_the_top_above_the_ground(base_m, scale, top, verdict):
    placement = at(5, 5, base_m=base_m, scale=scale)
    check = by_name(check_placement(BENCH, placement, site(max_height_m=2.0)))["height"]
    assert (check.verdict, check.value, check.limit, check.unit) == (verdict, pytest.approx(top), 2.0, "m")
    assert f"{top:.2f} m" in check.reason_ja
    assert f"{top:.2f} m" in check.reason_en


def test_a_height_at_the_limit_passes_although_single_precision_stores_it_higher():
    """4.1 is stored in a GLB as 4.0999999, 3.3 as 3.3000000: the millimetre decides, not the bits."""
    for height in (4.1, 3.3, 2.7):
        facts = read_glb(box((0, 0, 0), (1, height, 1)).pack()).facts
        assert placement_verdict(check_placement(facts, at(5, 5), site(max_height_m=height))) == "pass"


def test_without_limits_height_is_told_and_area_is_not_checked():
    checks = by_name(check_placement(BENCH, at(5, 5), site()))
    assert checks.keys() == {"inside_site", "height"}
    assert (checks["height"].verdict, checks["height"].value, checks["height"].limit) == ("pass", 1.5, None)


@pytest.mark.parametrize(("scale", "verdict"), [(1.0, "pass"), (1.5, "pass"), (1.6, "fail")])
def test_the_footprint_is_checked_when_the_site_limits_it(scale, verdict):
    checks = check_placement(BENCH, at(5, 5, scale=scale), site(max_footprint_m2=4.5))
    check = by_name(checks)["footprint_area"]
    assert (check.verdict, check.limit, check.unit) == (verdict, 4.5, "m2")
    assert check.value == pytest.approx(2.0 * scale**2, abs=0.001)


def test_an_outline_from_a_grid_only_warns_where_the_grid_may_be_to_blame():
    coarse = replace(BENCH, outline_cell_m=0.05)
    near, far = (check_placement(coarse, at(9 + over, 5), site()) for over in (0.04, 0.06))
    assert placement_verdict(near) == "warn"
    assert placement_verdict(far) == "fail"


def test_the_worst_verdict_wins_and_no_check_is_a_pass():
    checks = check_placement(BENCH, at(5, 5), site(max_height_m=1.0))
    assert [check.verdict for check in checks] == ["pass", "fail"]
    assert placement_verdict(checks) == "fail"
    assert placement_verdict([]) == "pass"


@pytest.mark.parametrize("wrong", [{"lon": math.nan}, {"heading_deg": math.inf}, {"scale": 0.0}, {"scale": -1.0}])
def test_a_placement_has_finite_numbers_and_a_scale(wrong):
    with pytest.raises(ValueError, match="placement"):
        replace(at(0, 0), **wrong)


@given(st.floats(-180, 540), st.floats(0, 40), st.floats(0, 40), st.floats(0.2, 3))
def test_placing_keeps_shape_and_turns_area_by_the_square_of_the_scale(heading, e, n, scale):
    placed = place_outline(BENCH.outline, at(e, n, heading, scale=scale))
    assert placed.area == pytest.approx(BENCH.outline.area * scale**2, rel=1e-6)
    assert placed.length == pytest.approx(BENCH.outline.length * scale, rel=1e-6)
    middle = placed.centroid
    assert (middle.x, middle.y) == pytest.approx((E0 + e, N0 + n), abs=1e-5)


@given(st.floats(0, 360), st.floats(-5, 15), st.floats(-5, 15))
def test_moving_model_and_site_together_changes_nothing(turn, e, n):
    """The same rigid motion (turn about the corner, 300 m east, 200 m south) applied to both."""
    placement, boundary = at(e, n, 20), shapely.box(E0, N0, E0 + 10, N0 + 10)
    moved_boundary = shapely.transform(boundary, lambda points: _moved(points, turn))
    ((new_e, new_n),) = _moved([[E0 + e, N0 + n]], turn)
    moved = Placement(*to_lonlat(new_e, new_n), 20 - turn)
    here = check_placement(BENCH, placement, SiteRules(geometry_to_lonlat(boundary), 33.0, "ground"))
    there = check_placement(BENCH, moved, SiteRules(geometry_to_lonlat(moved_boundary), 33.0, "ground"))
    assert here[0].value == pytest.approx(there[0].value, abs=2e-4)


def _moved(points, turn):
    """Turn points anticlockwise about the corner, then shift them."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return shapely.get_coordinates(
        [
            shapely.Point(E0 + 300 + (e - E0) * c - (n - N0) * s, N0 - 200 + (e - E0) * s + (n - N0) * c)
            for e, n in points
        ]
    )


def test_inputs_are_hashed_as_a_stranger_would():
    boundary = Polygon([(139.69, 35.69), (139.691, 35.69), (139.691, 35.691), (139.69, 35.69)])
    rules = SiteRules(boundary, ground_m=33, level="ground", max_height_m=4)
    written_by_hand = (
        '{"model_sha256":"ab","placement":{"base_m":0.0,"heading_deg":30.0,"lat":35.6905,"lon":139.6899,"scale":1.0},'
        '"rules_version":"placement-1","site":{"boundary":{"coordinates":[[[139.69,35.69],[139.691,35.69],'
        '[139.691,35.691],[139.69,35.69]]],"type":"Polygon"},"ground_m":33.0,"level":"ground",'
        '"max_footprint_m2":null,"max_height_m":4.0}}'
    )
    placement = Placement(139.6899, 35.6905, 30)
    assert inputs_sha256("ab", placement, rules) == hashlib.sha256(written_by_hand.encode()).hexdigest()
    assert inputs_sha256("ac", placement, rules) != inputs_sha256("ab", placement, rules)
    assert inputs_sha256("ab", placement, replace(rules, level="deck")) != inputs_sha256("ab", placement, rules)


def test_results_say_that_they_are_no_approval():
    assert "許可や承認ではありません" in PLANNING_AID_JA
    assert "not a permit or an approval" in PLANNING_AID_EN


def test_facts_are_what_a_check_needs():
    assert isinstance(BENCH, ModelFacts)
    assert geometry_to_plane(site().boundary).area == pytest.approx(100.0, abs=1e-4)
    assert to_plane(*to_lonlat(E0, N0)) == pytest.approx((E0, N0), abs=1e-6)
