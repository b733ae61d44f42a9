"""The solid between two heights: areas worked out by hand, and laws that hold for any solid."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.ingest.outline import plan_outline
from geodata.ingest.sections import plan_between

KNEE, HEAD = 0.05, 2.1
_CORNERS = np.array([[x, y, z] for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)])
_QUADS = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def box(low, high):
    """Twelve triangles, outward, between two corners (x, y, z)."""
    corners = np.array(low) + _CORNERS * np.subtract(high, low)
    return corners[[[q[0], q[i], q[i + 1]] for q in _QUADS for i in (1, 2)]]


def prism(corners, low, high, inward=False):
    """Stand an anticlockwise ring of (x, z) up as a solid with flat ends."""
    ring = np.asarray(corners, dtype=float)
    at = {h: np.insert(ring, 1, h, axis=1) for h in (low, high)}
    after = {h: np.roll(at[h], -1, axis=0) for h in at}
    sides = [
        np.stack([at[low], at[high], after[high]], axis=1),
        np.stack([at[low], after[high], after[low]], axis=1),
    ]
    fans = [
        np.stack([np.broadcast_to(at[h][0], (len(ring) - 2, 3)), at[h][1:-1], at[h][2:]], axis=1)
        for h in (low, high)
    ]
    solid = np.concatenate([*sides, fans[0], fans[1][:, ::-1]])
    return solid[:, ::-1] if inward else solid


def circle(count, radius=1.0, at=(0.0, 0.0)):
    angles = np.arange(count) * 2 * np.pi / count
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1) + at


def between(*parts, low=KNEE, high=HEAD):
    return plan_between(np.concatenate(parts), low, high)


def area(*parts, **heights):
    outline = between(*parts, **heights)
    assert outline.cell_m == 0.0
    return outline.geometry.area


def test_a_post_counts_although_its_walls_are_lines_from_above():
    """0.1 m x 0.1 m, 2.4 m high: no face of it lies flat between 0.05 and 2.1 m."""
    assert area(box((0, 0, 0), (0.1, 2.4, 0.1))) == pytest.approx(0.01, abs=1e-9)


def test_the_first_coordinate_is_east_and_the_front_is_north():
    """x points west when the front (+z) faces north."""
    assert between(box((1, 0, 2), (3, 3, 5))).geometry.bounds == pytest.approx((-3, 2, -1, 5))


def legs(top):
    return [box((x, 0, z), (x + 0.1, top, z + 0.1)) for x in (0, 1.4) for z in (0, 0.7)]


def test_a_table_covers_its_top():
    """The top, 1.5 m x 0.8 m, lies at 0.7 m and so in the way: 1.2 m2."""
    assert area(*legs(0.7), box((0, 0.7, 0), (1.5, 0.75, 0.8))) == pytest.approx(1.2, abs=1e-6)


def test_of_a_roof_on_posts_only_the_posts_count():
    """The roof begins at 2.1 m, where the slab ends: 4 x 0.01 m2."""
    shelter = [*legs(2.1), box((0, 2.1, 0), (1.5, 2.2, 0.8))]
    assert area(*shelter) == pytest.approx(0.04, abs=1e-6)
    assert area(*shelter, high=2.11) == pytest.approx(1.2, abs=1e-6)


def test_an_arch_leaves_its_opening_free():
    """One block 3.0 m wide, 2.8 m high, 0.4 m deep with an opening of 2.0 m x 2.3 m: two legs of 0.5 m x 0.4 m."""
    depth = [0, 0, 0.4]
    profile = [(0, 0), (0, 2.8), (3, 2.8), (3, 0), (2.5, 0), (2.5, 2.3), (0.5, 2.3), (0.5, 0)]
    cut = shapely.get_parts(shapely.constrained_delaunay_triangles(shapely.Polygon(profile)))
    flat = shapely.get_coordinates(cut).reshape(-1, 4, 2)[:, :3]
    ends = [np.insert(flat, 2, z, axis=2)[:, ::way] for z, way in ((0.0, 1), (0.4, -1))]
    one = np.insert(np.array(profile, dtype=float), 2, 0.0, axis=1)
    far, after = np.add(one, depth), np.roll(one, -1, axis=0)
    sides = [
        np.stack([one, far, np.add(after, depth)], axis=1),
        np.stack([one, np.add(after, depth), after], axis=1),
    ]
    arch = between(*ends, *sides)
    assert arch.geometry.area == pytest.approx(2 * 0.5 * 0.4, abs=1e-6)
    left, right = sorted(arch.geometry.geoms, key=lambda leg: leg.bounds[0])
    assert left.distance(right) == pytest.approx(2.0, abs=0.001)


def test_a_paving_slab_is_no_obstacle():
    assert between(box((0, 0, 0), (4, 0.03, 4))).geometry.is_empty
    assert between(box((0, 0, 0), (4, 0.05, 4)).astype(np.float32).astype(float)).geometry.is_empty
    assert area(box((0, 0, 0), (4, 0.03, 4)), low=0, high=KNEE) == pytest.approx(16, abs=1e-6)


def test_a_ramp_counts_from_where_it_is_higher_than_a_step():
    """Rising 0.5 m over 5 m, 1 m wide: above 0.05 m from 0.5 m on, so 4.5 m2; 0.5 mm up is 5 mm along."""
    lying = prism([(0, 0), (0.5, 5), (0, 5)], 0, 1)
    assert area(lying[:, :, [1, 0, 2]]) == pytest.approx(4.5, abs=0.006)


def test_parts_that_overlap_count_once_whichever_way_they_face():
    """Two boxes of 4 m2 that share 1 m2: 7 m2, also when one or both are inside out."""
    one, other = box((0, 0, 0), (2, 3, 2)), box((1, 0, 1), (3, 3, 3))
    for first, second in ((one, other), (one, other[:, ::-1]), (one[:, ::-1], other[:, ::-1])):
        assert area(first, second) == pytest.approx(7, abs=1e-6)


@pytest.mark.parametrize("way", [1, -1])
def test_a_box_inside_a_box_adds_nothing(way):
    """Facing out it is solid in solid; facing in it is a hollow that nobody can enter."""
    inner = box((0.5, 0.5, 0.5), (1.5, 2.5, 1.5))[:, ::way]
    assert area(box((0, 0, 0), (2, 3, 2)), inner) == pytest.approx(4, abs=1e-6)


def test_a_tube_keeps_its_hollow():
    """A square tube, 2 m outside and 1 m inside, its walls one shell: 3 m2."""
    outer, inner = (
        np.array([(0, 0), (2, 0), (2, 2), (0, 2)]),
        np.array([(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)]),
    )

    def ring(corners, height):
        return np.insert(corners.astype(float), 1, height, axis=1)

    faces = []
    for i in range(4):
        j = (i + 1) % 4
        o, n = [ring(outer, h) for h in (0, 3)], [ring(inner, h) for h in (0, 3)]
        quads = [
            (o[0][i], o[1][i], o[1][j], o[0][j]),
            (n[0][j], n[1][j], n[1][i], n[0][i]),
            (o[1][i], n[1][i], n[1][j], o[1][j]),
            (o[0][j], n[0][j], n[0][i], o[0][i]),
        ]
        faces += [np.array(q)[[[0, 1, 2], [0, 2, 3]]] for q in quads]
    tube = between(*faces)
    assert (tube.geometry.area, len(tube.geometry.interiors)) == (pytest.approx(3, abs=1e-6), 1)


def test_a_round_column_is_exact_to_a_centimetre():
    """A 24-gon of radius 0.5 m: 24/2 x 0.25 x sin 15 deg = 0.77646 m2, turned or not."""
    for turn in (0.0, 0.1):
        c, s = math.cos(turn), math.sin(turn)
        column = prism(circle(24, 0.5) @ [[c, s], [-s, c]], 0, 3)
        assert area(column) == pytest.approx(12 * 0.25 * math.sin(math.pi / 12), abs=0.003)
        assert between(column).geometry.hausdorff_distance(shapely.Polygon(circle(24, 0.5))) < 0.01 or turn


def test_an_open_banner_is_a_strip():
    """A sheet 3 m long and 2 m high hanging free: 3 m x 1 mm and its end caps."""
    banner = np.array([[[0, 0.5, 0], [3, 0.5, 0], [3, 2, 0]], [[0, 0.5, 0], [3, 2, 0], [0, 2, 0]]], dtype=float)
    assert area(banner) == pytest.approx(0.003, abs=1e-5)


def test_two_banners_do_not_fill_what_is_between_them():
    banner = np.array([[[0, 0, 0], [3, 0, 0], [3, 3, 0]], [[0, 0, 0], [3, 3, 0], [0, 3, 0]]], dtype=float)
    assert area(banner, np.add(banner, [0, 0, 2])) == pytest.approx(0.006, abs=2e-5)


def test_a_trunk_without_ends_is_solid_as_far_as_it_goes():
    """0.4 m x 0.4 m and 1 m high beside a post of 3 m: drawn without a top and a bottom, as trees often are."""
    trunk, post = box((0, 0, 0), (0.4, 1, 0.4)), box((2, 0, 0), (2.1, 3, 0.1))
    sides = trunk[np.ptp(trunk[:, :, 1], axis=1) > 0]
    assert area(sides, post) == pytest.approx(0.17, abs=1e-6)


def test_a_mat_on_the_ground_counts_when_asked_from_below_it():
    mat = np.array([[[0, 0, 0], [2, 0, 0], [2, 0, 1]], [[0, 0, 0], [2, 0, 1], [0, 0, 1]]], dtype=float)
    assert area(mat, low=-0.05, high=KNEE) == pytest.approx(2, abs=1e-6)
    assert between(mat, low=0.0, high=KNEE).geometry.is_empty


def test_a_sheet_hanging_on_a_box_leaves_it_solid():
    """A box of 4 m2 with a sign 1 m long on one of its corners, in one shell: 4 m2 and 1 m x 1 mm."""
    sign = np.array([[[2, 0, 2], [3, 0, 3], [2, 3, 2]], [[3, 0, 3], [3, 3, 3], [2, 3, 2]]], dtype=float)
    assert area(box((0, 0, 0), (2, 3, 2)), sign) == pytest.approx(4.0014, abs=1e-4)


def test_a_box_open_on_one_side_is_its_walls():
    """Three walls of 2 m, each a strip 1 mm wide: 0.006 m2; nobody is kept from the room between them."""
    room = box((0, 0, 0), (2, 3, 2)).reshape(6, 2, 3, 3)[1:4].reshape(-1, 3, 3)
    walls = room[np.ptp(room[:, :, 1], axis=1) > 0]
    assert area(walls) == pytest.approx(0.002 * (len(walls) // 2), abs=2e-5)


def dense_column(count):
    """A column of 2 x count side triangles, radius 1 m."""
    return prism(circle(count), 0, 3)


@pytest.mark.parametrize("flipped", [[1], [0, 5], [0, 3, 8]])
def test_a_post_whose_faces_disagree_is_still_a_post(flipped):
    """As drawing programs leave them: some of its faces point inwards. 0.3 m x 0.3 m."""
    post = box((0, 0, 0), (0.3, 3, 0.3))
    post[flipped] = post[flipped][:, ::-1]
    assert area(post) == pytest.approx(0.09, abs=1e-6)


def cut_finely(triangles, times):
    """Cut every triangle into four, some times over."""
    for _ in range(times):
        a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
        ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
        quarters = ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))
        triangles = np.concatenate([np.stack(quarter, axis=1) for quarter in quarters])
    return triangles


@pytest.mark.parametrize("way", ["out", "in", "both"])
def test_the_grid_says_what_the_exact_way_says_to_one_cell(way):
    """Two boxes that overlap and a table, once as they are and once in more than 20,000 triangles."""
    parts = [box((0, 0, 0), (2, 3, 2)), box((1.03, 0, 1), (3, 3, 3.01)), box((5, 0.7, 0), (6.5, 0.8, 0.8))]
    coarse = np.concatenate(parts)
    fine = cut_finely(coarse, 5)
    turned = {"out": slice(0), "in": slice(None), "both": slice(None, None, 3)}[way]
    fine[turned] = fine[turned][:, ::-1]
    exact, grid = between(coarse), between(fine)
    assert (exact.cell_m, grid.cell_m) == (0.0, 0.05)
    assert covers(grid.geometry, exact.geometry, 0.001)
    assert covers(exact.geometry, grid.geometry, 0.05 * math.sqrt(2) + 0.001)


def test_dense_models_take_the_grid_and_stay_solid():
    """12,000 sides are 24,000 side triangles: a disc of pi m2, at most one cell wider all round."""
    column = between(dense_column(12_000))
    assert column.cell_m == 0.05
    assert shapely.Polygon(circle(360)).difference(column.geometry.buffer(1e-3)).is_empty
    assert column.geometry.difference(shapely.Point(0, 0).buffer(1 + 0.05 * math.sqrt(2), 64)).is_empty
    assert math.pi * 0.999 <= column.geometry.area <= math.pi * 1.0725**2


def test_a_section_that_crosses_itself_all_over_takes_the_grid_and_not_the_afternoon():
    angles = np.linspace(0, math.pi, 2_000, endpoint=False)
    tips = 10 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    needles = [prism([tip, -tip, -tip + 0.01], 0, 3) for tip in tips]
    star = between(*needles)
    assert star.cell_m > 0
    assert star.geometry.area == pytest.approx(math.pi * 100, rel=0.02)


def test_the_lower_height_comes_first():
    with pytest.raises(ValueError, match="below"):
        plan_between(box((0, 0, 0), (1, 1, 1)), 2.1, 0.05)


lengths = st.integers(1, 40).map(lambda n: n / 10)
places = st.integers(-30, 30).map(lambda n: n / 10)
boxes = st.builds(
    lambda x, z, y, w, h, d: box((x, y, z), (x + w, y + h, z + d)),
    places, places, st.integers(0, 20).map(lambda n: n / 10), lengths, lengths, lengths,
)  # fmt: skip
models = st.lists(boxes, min_size=1, max_size=4).map(np.concatenate)


def covers(large, small, slack):
    return small.difference(large.buffer(slack)).area < 1e-6


@settings(deadline=None, max_examples=40)
@given(models, st.floats(0, 2 * math.pi), places, places)
def test_rigid_motions_change_no_area(model, turn, east, north):
    c, s = math.cos(turn), math.sin(turn)
    moved = model @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) + [east, 0, north]
    before, after = between(model).geometry, between(moved).geometry
    assert after.area == pytest.approx(before.area, abs=0.002 * (before.length + 1))


@settings(deadline=None, max_examples=40)
@given(models, st.integers(2, 5))
def test_scaling_scales(model, times):
    before = between(model).geometry
    after = plan_between(model * times, KNEE * times, HEAD * times).geometry
    assert after.area == pytest.approx(before.area * times**2, abs=0.002 * times * (before.length * times + 1))


@settings(deadline=None, max_examples=40)
@given(models, places, lengths, lengths)
def test_a_thicker_slab_never_holds_less_and_the_outline_holds_all(model, low, more, grown):
    thin, thick = between(model, low=low, high=low + more), between(model, low=low, high=low + more + grown)
    assert covers(thick.geometry, thin.geometry, 0.002)
    assert covers(plan_outline(model[:, :, [0, 2]] * [-1.0, 1.0]).geometry, thick.geometry, 0.002)


@settings(deadline=None, max_examples=40)
@given(models, st.booleans())
def test_boxes_cover_what_their_plans_say(model, inward):
    """The union of the boxes that reach into the slab, drawn as rectangles."""
    solids = model.reshape(-1, 12, 3, 3)
    inside = [s for s in solids if s[:, :, 1].max() > KNEE + 0.001 and s[:, :, 1].min() < HEAD - 0.001]
    plans = [shapely.box(-s[..., 0].max(), s[..., 2].min(), -s[..., 0].min(), s[..., 2].max()) for s in inside]
    found = between(model[:, ::-1] if inward else model).geometry
    assert found.symmetric_difference(shapely.union_all(plans)).area == pytest.approx(0, abs=1e-6)
