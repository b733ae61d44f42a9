"""The room a model takes: overrun, area and height worked out by hand."""

import math

import pytest
import shapely
from glb_builder import box
from placement_cases import at, block, found, site, there

from geodata.ingest import read_glb
from geodata.placement import PLANNING_AID_EN, PLANNING_AID_JA, SiteRules, placement_verdict

BENCH = read_glb(box().pack())  # 2 m wide, 1.5 m high, 1 m deep


def test_a_box_inside_passes_and_touching_the_edge_is_inside():
    for placement in (at(5, 5), at(1, 0.5), at(9, 9.5), at(9.5, 9, 90)):
        check = found(BENCH, placement, site())["inside_site"]
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
    checks = found(BENCH, placement, site())
    check = checks["inside_site"]
    assert check.verdict == "fail"
    assert check.value == pytest.approx(overrun, abs=0.001)
    assert placement_verdict(checks.values()) == "fail"
    assert f"{overrun:.2f} m²" in check.reason_ja
    assert f"{overrun:.2f} m²" in check.reason_en


def test_a_turned_square_leaves_four_equal_triangles():
    """A 4 m square turned by 45 degrees in a 4 m square: each corner is 2 sqrt 2 - 2 m over."""
    square = read_glb(box((0, 0, 0), (4, 1, 4)).pack())
    checks = found(square, at(2, 2, 45), site(4, 4))
    outside = 4 * (2 * math.sqrt(2) - 2) ** 2
    assert checks["inside_site"].value == pytest.approx(outside, abs=0.005)


def test_one_square_centimetre_is_forgiven_and_a_hundred_are_not():
    inside = found(BENCH, at(9 + 0.00009, 5), site())
    outside = found(BENCH, at(9 + 0.01, 5), site())
    assert placement_verdict(inside.values()) == "pass"
    assert placement_verdict(outside.values()) == "fail"


def test_a_hole_in_the_site_is_outside():
    boundary = there(shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6)))
    checks = found(BENCH, at(4, 5), SiteRules(boundary, 33.0, "ground"))
    assert checks["inside_site"].value == pytest.approx(1.0, abs=0.001)


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
    check = found(BENCH, placement, site(max_height_m=2.0))["height"]
    assert (check.verdict, check.value, check.limit, check.unit) == (verdict, pytest.approx(top), 2.0, "m")
    assert f"{top:.2f} m" in check.reason_ja
    assert f"{top:.2f} m" in check.reason_en


def test_a_height_at_the_limit_passes_although_single_precision_stores_it_higher():
    """3.7 is stored in a GLB as 3.70000005, 3.3 as 3.29999995: the millimetre decides, not the bits."""
    for height in (3.7, 3.3, 2.7):
        model = read_glb(box((0, 0, 0), (1, height, 1)).pack())
        assert found(model, at(5, 5), site(max_height_m=height))["height"].verdict == "pass"


def test_without_limits_height_is_told_and_area_is_not_checked():
    checks = found(BENCH, at(5, 5), site())
    assert checks.keys() == {"inside_site", "height", "headroom"}
    assert (checks["height"].verdict, checks["height"].value, checks["height"].limit) == ("pass", 1.5, None)


@pytest.mark.parametrize(("scale", "verdict"), [(1.0, "pass"), (1.5, "pass"), (1.6, "fail")])
def test_the_footprint_is_checked_when_the_site_limits_it(scale, verdict):
    check = found(BENCH, at(5, 5, scale=scale), site(max_footprint_m2=4.5))["footprint_area"]
    assert (check.verdict, check.limit, check.unit) == (verdict, 4.5, "m2")
    assert check.value == pytest.approx(2.0 * scale**2, abs=0.001)


def test_an_outline_from_a_grid_only_warns_where_the_grid_may_be_to_blame():
    coarse = block(2, 1, 1.5, outline_cell_m=0.05)
    near, far = (found(coarse, at(9 + over, 5), site()) for over in (0.04, 0.06))
    assert near["inside_site"].verdict == "warn"
    assert far["inside_site"].verdict == "fail"


def test_the_worst_verdict_wins_and_no_check_is_a_pass():
    checks = found(BENCH, at(5, 5), site(max_height_m=1.0))
    assert {check.verdict for check in checks.values()} == {"pass", "fail"}
    assert placement_verdict(checks.values()) == "fail"
    assert placement_verdict([]) == "pass"


def test_results_say_that_they_are_no_approval():
    assert "許可や承認ではありません" in PLANNING_AID_JA
    assert "not a permit or an approval" in PLANNING_AID_EN


def test_the_overrun_is_drawn_where_it_lies():
    """Half of the bench, 1 m x 1 m, lies west of the corner."""
    check = found(BENCH, at(0, 5), site())["inside_site"]
    drawn, expected = shapely.geometry.shape(check.geometry), there(shapely.box(-1, 4.5, 0, 5.5))
    assert drawn.hausdorff_distance(expected) < 2e-7  # of a degree: 2 cm
    assert found(BENCH, at(5, 5), site())["inside_site"].geometry is None


def test_an_area_from_a_grid_only_warns_where_the_grid_may_be_to_blame():
    """2.04 m x 1 m; narrower by 5 cm on each side it is 1.94 m x 0.9 m = 1.746 m2."""
    coarse = block(2.04, 1, 1, outline_cell_m=0.05)
    over, far_over = (found(coarse, at(5, 5), site(max_footprint_m2=most)) for most in (1.8, 1.7))
    assert over["footprint_area"].verdict == "warn"
    assert far_over["footprint_area"].verdict == "fail"


@pytest.mark.parametrize(("height", "verdict"), [(4.0, "pass"), (4.01, "warn"), (6.01, "fail")])
def test_above_four_metres_a_building_confirmation_may_be_needed(height, verdict):
    check = found(block(1, 1, height), at(5, 5), site(max_height_m=6.0))["height"]
    assert (check.verdict, check.value, check.limit) == (verdict, height, 6.0)
