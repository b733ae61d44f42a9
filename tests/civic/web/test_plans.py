import re

import pytest
from shapely.geometry import Point, Polygon, box

from civic.web.plans import Standing, outline_of_size, site_plan
from geodata.crs import geometry_to_lonlat, to_lonlat, to_plane
from geodata.placement import Placement

E, N = to_plane(139.6917, 35.6896)


def square(side: float) -> Polygon:
    """A square site about the middle, in degrees."""
    return geometry_to_lonlat(box(E - side / 2, N - side / 2, E + side / 2, N + side / 2))


def standing(size, east=0.0, north=0.0, heading=0.0, scale=1.0):
    return Standing(outline_of_size(size), Placement(*to_lonlat(E + east, N + north), heading, 0.0, scale))


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def extent(path: str) -> tuple[float, float, float, float]:
    xs, ys = zip(*points(path), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def test_the_plan_is_in_metres_with_north_up():
    plan = site_plan(square(40), [standing((4, 3, 2), east=10, north=5)])
    assert extent(plan.site) == pytest.approx((-20, -20, 20, 20), abs=0.02)
    [footprint] = plan.footprints
    assert extent(footprint.path) == pytest.approx((8, -6, 12, -4), abs=0.02)
    assert max(y for _, y in points(footprint.front)) < -6  # the front looks north: up
    assert not plan.outside


@pytest.mark.parametrize(("heading", "side"), [(0, (0, -1)), (90, (1, 0)), (180, (0, 1)), (270, (-1, 0))])
def test_the_front_is_where_the_heading_looks(heading, side):
    [footprint] = site_plan(square(40), [standing((6, 3, 2), heading=heading)]).footprints
    x0, y0, x1, y1 = extent(footprint.path)
    assert (x1 - x0, y1 - y0) == pytest.approx((6, 2) if side[0] == 0 else (2, 6), abs=0.02)
    middle = [sum(axis) / 3 for axis in zip(*points(footprint.front), strict=True)]
    assert middle[0] * side[0] + middle[1] * side[1] > 1


def test_a_scale_enlarges_the_footprint():
    [footprint] = site_plan(square(40), [standing((4, 3, 2), scale=2)]).footprints
    assert extent(footprint.path) == pytest.approx((-4, -2, 4, 2), abs=0.02)


def test_what_overruns_the_site_is_still_on_the_sheet():
    plan = site_plan(square(20), [standing((4, 3, 2), east=15)])
    left, top, width, height = (float(value) for value in plan.view_box.split())
    x0, y0, x1, y1 = extent(plan.footprints[0].path)
    assert left < x0
    assert x1 < left + width
    assert top < y0
    assert y1 < top + height
    assert not plan.outside


def test_what_is_far_away_is_told_and_does_not_shrink_the_site():
    plan = site_plan(square(20), [standing((4, 3, 2), east=5_000)])
    assert plan.outside
    assert plan.view_box == site_plan(square(20), []).view_box


@pytest.mark.parametrize("side", [3, 20, 80, 400, 3_000])
def test_the_bar_is_a_round_length_that_fits(side):
    plan = site_plan(square(side), [])
    left, _, width, _ = (float(value) for value in plan.view_box.split())
    x0, _, x1, _ = extent(plan.bar.path)
    assert x1 - x0 == pytest.approx(plan.bar.length_m, abs=0.02)
    assert left < x0 < x1 < left + width / 2
    x0, _, x1, _ = extent(plan.bar.person)
    assert x1 - x0 == pytest.approx(1.65, abs=0.02)


def test_holes_are_drawn_and_hair_lines_are_not():
    ring = Point(0, 0).buffer(5).difference(Point(0, 0).buffer(2)).difference(box(3, 0, 3.001, 1))
    [footprint] = site_plan(square(40), [Standing(ring, Placement(*to_lonlat(E, N), 0.0))]).footprints
    assert footprint.path.count("M") == 2
