"""Putting a model at its place: directions and sizes worked out by hand in metres."""

import math
from dataclasses import replace

import pytest
import shapely
from glb_builder import box, shape
from hypothesis import given
from hypothesis import strategies as st
from placement_cases import E0, N0, at, block, found, there
from pyproj.exceptions import ProjError

from geodata.ingest import read_glb
from geodata.placement import Placement, SiteRules, place_outline

BENCH = read_glb(box().pack())  # 2 m wide, 1.5 m high, 1 m deep
# An arrow lying flat, 4 m long: its tip at z = +3 (the front), its broad end at z = -1.
ARROW = read_glb(shape([(-0.5, 0, -1), (0.5, 0, -1), (0, 0, 3)]).pack())


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
    model = read_glb(shape(corners).pack())
    turn = math.pi - math.radians(heading)
    expected = {
        (
            round(E0 + 5 + x * math.cos(turn) + z * math.sin(turn), 3),
            round(N0 + 5 - (-x * math.sin(turn) + z * math.cos(turn)), 3),
        )
        for x, _, z in corners
    }
    placed = place_outline(model.outline, at(5, 5, heading))
    found = {(round(e, 3), round(n, 3)) for e, n in shapely.get_coordinates(placed)}
    assert found == expected


def test_the_placement_is_where_the_middle_of_the_footprint_stands():
    """The file's own origin is 100 m away from the model and does not matter."""
    far = read_glb(box((99, 5, 200), (101, 6.5, 201)).pack())
    placed = place_outline(far.outline, at(3, 4))
    assert placed.bounds == pytest.approx((E0 + 2, N0 + 3.5, E0 + 4, N0 + 4.5), abs=1e-6)


@pytest.mark.parametrize(
    "wrong", [{"lon": math.nan}, {"heading_deg": math.inf}, {"scale": 0.0}, {"mass_kg": -1.0}, {"days": -1}]
)
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


def test_east_is_the_first_coordinate_and_north_the_second():
    """Zone IX names its axes X = north, Y = east; the Tocho lies at X -34428.095, Y -12818.761."""
    placed = place_outline(block(1, 1, 1).outline, Placement(139.6917, 35.6896, 0))
    assert (placed.centroid.x, placed.centroid.y) == pytest.approx((-12818.761, -34428.095), abs=0.001)


def test_swapped_degrees_do_not_pass():
    right = at(5, 5)
    site = SiteRules(there(shapely.box(0, 0, 10, 10)), 33.0, "ground")
    swapped = replace(right, lon=right.lat, lat=right.lon)
    assert found(BENCH, right, site)["inside_site"].verdict == "pass"
    with pytest.raises(ProjError):
        found(BENCH, swapped, site)


def test_heights_are_above_the_ground_of_the_site_and_know_no_geoid():
    """Ground heights are T.P. on every site: 33 m or 70 m (33 m and the geoid's 37 m), the top is the same."""
    for ground_m in (33.0, 70.0):
        site = SiteRules(there(shapely.box(0, 0, 10, 10)), ground_m, "ground", max_height_m=1.5)
        check = found(BENCH, at(5, 5), site)["height"]
        assert (check.verdict, check.value) == ("pass", 1.5)
