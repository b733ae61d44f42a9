import re

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box, mapping

from civic.web.plans import Around, Finding, Standing, findings_of, outline_of_size, site_plan
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


def lonlat(geometry):
    return geometry_to_lonlat(translated(geometry))


def translated(geometry):
    return shapely.transform(geometry, lambda points: points + np.array([E, N]))


def kinds(plan):
    return [shape.kind for shape in plan.under]


def test_layers_buildings_and_rivals_are_drawn_under_the_proposal():
    around = Around(
        layers={"gates": [lonlat(LineString([(-20, -3), (-20, 3)]))], "hydrants": [lonlat(Point(5, 5))]},
        buildings=[lonlat(box(10, 10, 15, 18))],
        rivals=[standing((4, 1, 2), east=-10)],
    )
    plan = site_plan(square(40), [standing((1, 1, 1))], around)
    assert kinds(plan) == ["building", "gates", "hydrants", "rival"]
    shapes = {shape.kind: shape.path for shape in plan.under}
    assert extent(shapes["building"]) == pytest.approx((10, -18, 15, -10), abs=0.02)
    assert extent(shapes["rival"]) == pytest.approx((-12, -1, -8, 1), abs=0.02)
    assert shapes["gates"].endswith("Z") is False  # a line stays open
    assert len(points(shapes["hydrants"])) == 4  # a point is drawn as a spot


def test_a_building_is_cut_at_the_edge_of_the_paper_and_left_out_beyond():
    near, far = lonlat(box(15, -50, 500, 50)), lonlat(box(300, 300, 310, 310))
    [building] = site_plan(square(40), [], Around(buildings=[near, far])).under
    low_x, low_y, width, height = (float(n) for n in site_plan(square(40), []).view_box.split())
    left, top, right, bottom = extent(building.path)
    assert (left, right) == pytest.approx((15, low_x + width), abs=0.02)
    assert top >= low_y
    assert bottom <= low_y + height


def test_findings_are_those_that_are_not_well_with_their_numbers_in_the_list():
    place = mapping(lonlat(box(0, 0, 2, 2)))
    checks = [
        {"verdict": "pass", "geometry": place},
        {"verdict": "fail", "geometry": place},
        {"verdict": "warn", "geometry": None},
        {"verdict": "warn"},
        {"verdict": "warn", "geometry": place},
    ]
    assert [(found.number, found.verdict) for found in findings_of(checks)] == [(2, "fail"), (5, "warn")]


def test_a_finding_carries_its_number_in_its_middle_unless_it_is_off_the_paper():
    here, away = lonlat(box(4, 4, 8, 8)), lonlat(Point(900, 0))
    around = Around(findings=[Finding(2, "fail", here), Finding(3, "warn", away)])
    [mark] = site_plan(square(40), [standing((1, 1, 1))], around).marks
    assert (mark.number, mark.verdict) == (2, "fail")
    assert (mark.x, mark.y) == pytest.approx((6, -6), abs=2)
    assert extent(mark.path) == pytest.approx((4, -8, 8, -4), abs=0.02)
