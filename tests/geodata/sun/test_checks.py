"""What the sun and view checks say: a pass, a warning and a failure each, with what to draw."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from geodata.crs import geometry_to_lonlat, to_plane
from geodata.placement import Building, Placement
from geodata.sun import (
    Occluders,
    Outlook,
    Sunlight,
    ViewLoss,
    block_triangles,
    sun_check,
    view_blocking,
    view_check,
)

LON, LAT = 139.6917, 35.6896
E, N = to_plane(LON, LAT)
POINTS = np.array([[E + k, N, 33.0] for k in range(3)])


def block(west, south, east, north, height):
    return Building("b", geometry_to_lonlat(shapely.box(E + west, N + south, E + east, N + north)), height, None)


@pytest.mark.parametrize(
    ("worst", "verdict"), [(0.0, "pass"), (1.0, "pass"), (1.5, "warn"), (2.0, "warn"), (2.2, "fail")]
)
def test_the_greatest_loss_decides(worst, verdict):
    check = sun_check(np.array([0.0, worst / 2, worst]), POINTS)
    assert (check.name, check.verdict, check.value, check.limit, check.unit) == (
        "sun_hours",
        verdict,
        worst,
        2.0,
        "h",
    )


def test_the_reason_says_how_much_is_lost_and_the_map_where():
    check = sun_check(np.array([0.2, 1.5, 2.5]), POINTS)
    assert "日なたが 2.5 時間減ります" in check.reason_ja
    assert "loses 2.5 hours of sun" in check.reason_en
    assert check.geometry is not None
    assert check.geometry["type"] == "MultiPoint"
    drawn = [to_plane(*place)[0] - E for place in check.geometry["coordinates"]]
    assert drawn == pytest.approx([1, 2], abs=0.02)


def test_no_loss_is_said_plainly_and_draws_nothing():
    for lost, points in ((np.zeros(3), POINTS), (np.empty(0), np.empty((0, 3)))):
        check = sun_check(lost, points)
        assert (check.value, check.geometry) == (0.0, None)
        assert "減りません" in check.reason_ja
        assert "no place" in check.reason_en


def wall_in_front(width, height):
    """A wall 10 m from the eye that hides part of a target 20 m away; eye and target 1.6 m up."""
    return Occluders(block_triangles([block(0, 10, width, 10.1, height)], 33.0))


EYE = np.array([E, N, 34.6])
TARGET = np.array([[E + 0.2 * k + 0.1, N + 20, 34.6] for k in range(-50, 50)])
NOTHING = Occluders(np.empty((0, 3, 3)))


def test_a_wall_hides_the_share_behind_it():
    """From 0 to 2.5 m at 10 m it hides 0 to 5 m at 20 m: 25 of 100 points, a millimetre of wall aside."""
    loss = view_blocking(EYE, TARGET, NOTHING, wall_in_front(2.5, 3.0))
    assert (loss.rays, loss.seen, loss.share) == (100, 100, pytest.approx(0.25, abs=0.011))
    assert view_blocking(EYE, TARGET, NOTHING, wall_in_front(2.5, 1.5)).hidden == 0


def test_what_a_building_hides_already_is_not_newly_hidden():
    before = Occluders(block_triangles([block(-20, 5, 0, 6, 9.0)], 33.0))
    loss = view_blocking(EYE, TARGET, before, wall_in_front(2.5, 3.0))
    assert (loss.seen, loss.share) == (50, pytest.approx(0.5, abs=0.021))


def test_a_target_on_a_wall_is_not_hidden_by_that_wall():
    tower = Occluders(block_triangles([block(-20, 20, 20, 30, 50.0)], 33.0))
    assert view_blocking(EYE, TARGET, tower, NOTHING).seen == 100
    assert view_blocking(EYE, np.add(TARGET, [0, 1, 0]), tower, NOTHING).seen == 0


@pytest.mark.parametrize(("hidden", "verdict"), [(0, "pass"), (10, "pass"), (20, "warn"), (31, "fail")])
def test_the_share_hidden_decides(hidden, verdict):
    check = view_check(ViewLoss(120, 100, hidden))
    assert (check.name, check.verdict, check.value, check.unit) == ("view", verdict, hidden / 100, "share")
    assert "120 本" in check.reason_ja
    assert "120 lines" in check.reason_en


def test_what_was_never_seen_cannot_be_lost():
    check = view_check(ViewLoss(120, 0, 0))
    assert (check.verdict, check.value) == ("pass", 0.0)
    assert "もともと見えません" in check.reason_ja


def solid_of(model):
    """A box as the checks see it: canonical triangles and what a stance asks for."""
    triangles = block_triangles([model], 0.0) - [E, N, 0]
    canonical = np.stack([-triangles[..., 0], triangles[..., 2], triangles[..., 1]], axis=-1)
    low, high = triangles.min(axis=(0, 1)), triangles.max(axis=(0, 1))
    plan = shapely.box(low[0], low[1], high[0], high[1])
    return canonical, SimpleNamespace(outline=plan, outline_cell_m=0.0, height_m=float(high[2]))


def test_a_bench_takes_little_sun_a_tall_wall_too_much_and_in_the_shade_nothing():
    open_place = Sunlight(33.0, NOTHING, date(2026, 12, 22))
    wall_south = Occluders(block_triangles([block(-900, -60, 900, -50, 200.0)], 33.0))
    shade = Sunlight(33.0, wall_south, date(2026, 12, 22))
    bench, wall = (solid_of(block(-w, -0.5, w, 0.5, h)) for w, h in ((1.0, 0.8), (6.0, 9.0)))
    here = Placement(LON, LAT, 0.0)
    assert open_place.check(*bench, here).verdict == "pass"
    tall = open_place.check(*wall, here)
    assert (tall.verdict, tall.geometry is not None) == ("fail", True)
    assert shade.check(*wall, here).value == 0.0


def gate(east, north):
    return geometry_to_lonlat(shapely.LineString([(E + east - 1, N + north), (E + east + 1, N + north)]))


# A ring of buildings 50 to 60 m away on all sides, tall enough for every ray up to 30 degrees.
ROUND = Occluders(
    block_triangles(
        [
            block(-60, 50, 60, 60, 99.0),
            block(-60, -60, 60, -50, 99.0),
            block(50, -50, 60, 50, 99.0),
            block(-60, -50, -50, 50, 99.0),
        ],
        33.0,
    )
)


def test_the_view_is_judged_from_the_gate_that_loses_most():
    """A wall 20 m wide and 30 m high, 10 m from the eye, hides 90 of 360 degrees: a quarter."""
    wall, _ = solid_of(block(-10, -0.05, 10, 0.05, 30.0))
    gates = [gate(0, -10), gate(0, -45)]
    check = Outlook(33.0, ROUND, gates).check(wall, Placement(LON, LAT, 0.0))
    assert check is not None
    assert (check.name, check.verdict, check.value) == ("view", "warn", pytest.approx(0.25, abs=0.01))
    assert check.geometry is not None
    assert to_plane(*check.geometry["coordinates"])[1] - N == pytest.approx(-10, abs=0.02)


def test_what_stands_below_the_eyes_hides_nothing():
    bench, _ = solid_of(block(-1, -0.5, 1, 0.5, 0.8))
    check = Outlook(33.0, ROUND, [gate(0, -10)]).check(bench, Placement(LON, LAT, 0.0))
    assert check is not None
    assert (check.verdict, check.value, check.geometry) == ("pass", 0.0, None)


def test_without_gates_or_buildings_there_is_no_view_to_judge():
    wall, _ = solid_of(block(-10, -0.05, 10, 0.05, 30.0))
    here = Placement(LON, LAT, 0.0)
    assert Outlook(33.0, ROUND, []).check(wall, here) is None
    assert Outlook(33.0, NOTHING, [gate(0, -10)]).check(wall, here) is None
