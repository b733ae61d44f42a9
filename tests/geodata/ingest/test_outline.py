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
    """The outline and the processor seconds it took, which do not depend on what else the machine does."""
    start = time.process_time()
    outline = plan_outline(plan)
    return outline, time.process_time() - start


def test_overlapping_triangles_count_once():
    """Two right triangles with legs of 2 m, one moved by 1 m: 2 + 2 - 0.5 m2."""
    one = np.array([[[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]]])
    outline = plan_outline(np.concatenate([one, np.add(one, [1.0, 0.0])]))
    assert (outline.geometry.area, outline.cell_m) == (pytest.approx(3.5), 0.0)


def test_a_ring_keeps_its_hole_and_parts_stay_apart():
    square = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
    faces = [
        shapely.get_coordinates(part)[:3]
        for part in shapely.get_parts(shapely.constrained_delaunay_triangles(square))
    ]
    ring = plan_outline(np.array(faces)).geometry
    assert (ring.area, len(ring.interiors)) == (pytest.approx(12.0), 1)
    apart = plan_outline(np.concatenate([mesh_of(1, 1.0), np.add(mesh_of(1, 1.0), [3.0, 0.0])])).geometry
    assert (apart.geom_type, apart.area) == ("MultiPolygon", pytest.approx(2.0))


def test_small_things_count_beside_a_large_one_and_not_on_it():
    """A frame of 12 m2; 20 leaves of 1 cm2 each lie on it, in its hole and beside it."""
    frame = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
    slab = [
        shapely.get_coordinates(t)[:3] for t in shapely.get_parts(shapely.constrained_delaunay_triangles(frame))
    ]
    leaf = np.array([[0, 0], [0.02, 0], [0, 0.01]])
    leaves = [np.add(leaf, [x + 0.05 * i, y]) for x, y in ((0.5, 0.5), (1.5, 2.0), (5.0, 5.0)) for i in range(20)]
    outline = plan_outline(np.array([*slab, *leaves]))
    assert outline.geometry.area == pytest.approx(12.0 + 2 * 20 * 0.0001)


def test_a_large_triangle_over_a_hole_is_not_hidden_by_its_rim():
    """320 large triangles leave a hole of 1 m2; a smaller one closes it and its rim lies wholly on them."""
    ring = shapely.box(-9, -9, 9, 9).difference(shapely.box(0, 0, 1, 1))
    slab = [
        shapely.get_coordinates(t)[:3] for t in shapely.get_parts(shapely.constrained_delaunay_triangles(ring))
    ]
    lid = np.array([[-0.1, -0.1], [2.2, -0.1], [-0.1, 2.2]])
    outline = plan_outline(np.array([*slab * 40, lid]))
    assert outline.geometry.area == pytest.approx(324.0)


def test_a_wall_seen_edge_on_is_a_strip_only_where_nothing_covers_it():
    """Walls of a house add nothing; a 3 m sign sticking out of it adds 3 m x 1 mm and its end caps."""
    house = mesh_of(2, 2.0)
    walls = np.array([[[0, 0], [2, 0], [2, 0]], [[0, 0], [0, 2], [0, 0]], [[0.3, 0.3], [1.7, 1.2], [1.7, 1.2]]])
    sign = np.array([[[2, 1], [5, 1], [5, 1]]])
    assert plan_outline(np.concatenate([house, walls])).geometry.area == pytest.approx(4.0, abs=1e-9)
    assert plan_outline(np.concatenate([house, walls, sign])).geometry.area == pytest.approx(4.003, abs=1e-5)


def test_a_wire_thinner_than_a_millimetre_still_stands_somewhere():
    wire = np.array([[[1.0, 1.0], [1.0001, 1.0], [1.0, 1.0001]]])
    assert plan_outline(wire).geometry.bounds == pytest.approx((0.9995, 0.9995, 1.0005, 1.0005))


def test_twenty_thousand_triangles_are_united_exactly():
    outline = plan_outline(mesh_of(100))
    assert outline.cell_m == 0.0
    assert outline.geometry.area == pytest.approx(400.0, abs=1e-6)


def test_more_triangles_take_the_grid_and_a_square_stays_the_same_square():
    outline, seconds = timed(mesh_of(150))
    assert seconds <= 10.0
    assert outline.cell_m == 0.05
    assert outline.geometry.area == pytest.approx(400.0, abs=1e-6)


def test_a_star_of_needles_takes_the_grid_and_not_the_afternoon():
    angles = np.linspace(0, math.pi, 3000, endpoint=False)
    tips = 10 * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    outline, seconds = timed(np.stack([tips, -tips, -tips + 0.01], axis=1))
    assert seconds <= 10.0
    assert outline.cell_m > 0
    assert outline.geometry.area == pytest.approx(math.pi * 100, rel=0.02)


def test_a_lattice_across_a_whole_city_is_bounded_too():
    rng = np.random.default_rng(7)
    outline, seconds = timed(rng.uniform(0, 100_000, (100_000, 3, 2)))
    assert seconds <= 20.0
    assert outline.geometry.area == pytest.approx(1e10, rel=0.01)


def test_a_dense_fence_seen_edge_on_is_a_strip():
    posts = np.linspace(0, 10, 20_002).round(3)
    fence = np.zeros((20_001, 3, 2))
    fence[:, 0, 0], fence[:, 1:, 0] = posts[:-1], posts[1:, None]
    outline = plan_outline(fence)
    assert outline.cell_m == 0.05
    assert outline.geometry.area == pytest.approx(0.01, rel=0.01)


def test_an_empty_corner_of_an_l_stays_empty_on_the_grid():
    """Two arms of 10 m x 1 m: 19 m2. The hull would say 59.5; the grid may add one cell along the inner edges."""
    arm = mesh_of(110, 10.0) * [1.0, 0.1]
    area, cell = raster_outline(np.concatenate([arm, arm[:, :, ::-1]]))
    assert cell == 0.05
    assert 19.0 <= area.area <= 19.0 + 2 * 9 * 0.05 + 0.2


millimetres = st.integers(-5000, 5000).map(lambda number: number / 1000)
triangles = st.lists(st.tuples(*[st.tuples(millimetres, millimetres)] * 3), min_size=1, max_size=8).map(np.array)


def union(plan):
    """The exact cover, with lines and points given a hair's width."""
    parts = [shapely.convex_hull(shapely.multipoints(triangle)).buffer(1e-5) for triangle in plan]
    return shapely.union_all(parts)


@settings(deadline=None)
@given(triangles)
def test_the_grid_covers_the_exact_outline_and_is_at_most_a_cell_wider(plan):
    grid, cell = raster_outline(plan)
    assert union(plan).difference(grid.buffer(1e-4)).is_empty
    assert grid.difference(union(plan).buffer(cell * math.sqrt(2) + 1e-4)).is_empty


@settings(deadline=None)
@given(triangles)
def test_the_exact_outline_is_the_union_to_a_millimetre(plan):
    outline = plan_outline(plan)
    assert outline.cell_m == 0.0
    assert union(plan).difference(outline.geometry.buffer(0.002)).is_empty
    assert outline.geometry.difference(union(plan).buffer(0.002)).is_empty
