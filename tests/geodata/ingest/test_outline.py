"""Plan outlines: exact areas worked out by hand, and the grid that stands in for them when it must."""

import math
import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.ingest.outline import plan_outline
from geodata.ingest.raster import raster_outline


def mesh_of(count, width=20.0):
    """Cut a square into 2 x count x count triangles."""
    lines = np.linspace(0, width, count + 1)
    grid = np.stack(np.meshgrid(lines, lines), axis=-1)
    a, b, c, d = grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]
    faces = [np.stack(corners, axis=-2).reshape(-1, 3, 2) for corners in ((a, b, c), (a, c, d))]
    return np.concatenate(faces)


def timed(plan):
    start = time.perf_counter()
    outline = plan_outline(plan)
    return outline, time.perf_counter() - start


def test_overlapping_triangles_count_once():
    """Two right triangles with legs of 2 m, one moved by 1 m: 2 + 2 - 0.5 m2."""
    one = np.array([[[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]]])
    outline = plan_outline(np.concatenate([one, one + [1.0, 0.0]]))
    assert (outline.geometry.area, outline.cell_m) == (pytest.approx(3.5), 0.0)


def test_a_ring_keeps_its_hole_and_parts_stay_apart():
    square = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
    faces = [
        shapely.get_coordinates(part)[:3]
        for part in shapely.get_parts(shapely.constrained_delaunay_triangles(square))
    ]
    ring = plan_outline(np.array(faces)).geometry
    assert (ring.area, len(ring.interiors)) == (pytest.approx(12.0), 1)
    apart = plan_outline(np.concatenate([mesh_of(1, 1.0), mesh_of(1, 1.0) + [3.0, 0.0]])).geometry
    assert (apart.geom_type, apart.area) == ("MultiPolygon", pytest.approx(2.0))


def test_a_wall_seen_edge_on_is_a_strip_only_where_nothing_covers_it():
    """Walls of a house add nothing; a 3 m sign sticking out of it adds 3 m x 1 mm and its end caps."""
    house = mesh_of(2, 2.0)
    walls = np.array([[[0, 0], [2, 0], [2, 0]], [[0, 0], [0, 2], [0, 0]], [[0.3, 0.3], [1.7, 1.2], [1.7, 1.2]]])
    sign = np.array([[[2, 1], [5, 1], [5, 1]]])
    assert plan_outline(np.concatenate([house, walls])).geometry.area == pytest.approx(4.0, abs=1e-9)
    assert plan_outline(np.concatenate([house, walls, sign])).geometry.area == pytest.approx(4.003, abs=1e-5)


def test_twenty_thousand_triangles_are_united_exactly_in_two_seconds():
    outline, seconds = timed(mesh_of(100))
    assert seconds <= 2.0
    assert outline.cell_m == 0.0
    assert outline.geometry.area == pytest.approx(400.0, abs=1e-6)


def test_more_triangles_take_the_grid_and_a_square_stays_the_same_square():
    outline, seconds = timed(mesh_of(150))
    assert seconds <= 2.0
    assert outline.cell_m == 0.05
    assert outline.geometry.area == pytest.approx(400.0, abs=1e-6)


def test_a_star_of_needles_takes_the_grid_and_not_the_afternoon():
    angles = np.linspace(0, math.pi, 3000, endpoint=False)
    tips = 10 * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    outline, seconds = timed(np.stack([tips, -tips, -tips + 0.01], axis=1))
    assert seconds <= 2.0
    assert outline.cell_m > 0
    assert outline.geometry.area == pytest.approx(math.pi * 100, rel=0.02)


def test_a_lattice_across_a_whole_city_is_bounded_too():
    rng = np.random.default_rng(7)
    outline, seconds = timed(rng.uniform(0, 100_000, (100_000, 3, 2)))
    assert seconds <= 5.0
    assert outline.geometry.area == pytest.approx(1e10, rel=0.01)


def test_an_empty_corner_of_an_l_stays_empty_on_the_grid():
    """Two arms of 10 m x 1 m: 19 m2. The hull would say 59.5; the grid may add one cell along the inner edges."""
    arm = mesh_of(110, 10.0) * [1.0, 0.1]
    area, cell = raster_outline(np.concatenate([arm, arm[:, :, ::-1]]))
    assert cell == 0.05
    assert 19.0 <= area.area <= 19.0 + 2 * 9 * 0.05 + 0.2


triangles = st.lists(st.tuples(*[st.tuples(st.floats(-5, 5), st.floats(-5, 5))] * 3), min_size=1, max_size=8).map(
    np.array
)


@settings(deadline=None)
@given(triangles)
def test_the_grid_covers_the_exact_outline_and_is_at_most_a_cell_wider(plan):
    exact = shapely.union_all([shapely.convex_hull(shapely.multipoints(triangle)) for triangle in plan])
    grid, cell = raster_outline(plan)
    assert exact.difference(grid.buffer(1e-6)).is_empty
    assert grid.difference(exact.buffer(cell * math.sqrt(2) + 1e-6)).is_empty


@settings(deadline=None)
@given(triangles)
def test_the_exact_outline_is_the_union_to_a_millimetre(plan):
    exact = shapely.union_all([shapely.convex_hull(shapely.multipoints(triangle)) for triangle in plan])
    outline = plan_outline(plan)
    assert outline.cell_m == 0.0
    assert exact.difference(outline.geometry.buffer(0.002)).is_empty
    assert outline.geometry.difference(exact.buffer(0.002)).is_empty
