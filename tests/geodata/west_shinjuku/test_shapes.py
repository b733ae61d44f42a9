"""Primitive solids: volumes by the divergence theorem against school geometry, so holes and flips show."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.west_shinjuku.generator import materials, shapes
from geodata.west_shinjuku.generator.parts import Assembly, fitted

lengths = st.floats(0.01, 20)
corners = st.tuples(*[st.floats(-5, 5)] * 3)


def volume(mesh) -> float:
    a, b, c = np.moveaxis(mesh.positions[mesh.triangles], 1, 0)
    return float((a * np.cross(b, c)).sum() / 6)


def polygon_area(sides: int, radius: float) -> float:
    return sides / 2 * radius**2 * math.sin(2 * math.pi / sides)


@given(lengths, lengths, lengths)
def test_a_box_encloses_width_times_height_times_depth(width, height, depth):
    assert volume(shapes.box(width, height, depth)) == pytest.approx(width * height * depth)


@given(st.floats(0.01, 5), lengths, st.integers(3, 40))
def test_a_cylinder_encloses_its_polygon_times_height(radius, height, sides):
    assert volume(shapes.cylinder(radius, height, sides)) == pytest.approx(polygon_area(sides, radius) * height)


@given(corners, corners, st.floats(0.01, 0.5))
def test_a_beam_keeps_its_volume_in_every_direction(start, end, width):
    length = math.dist(start, end)
    if length < 0.01:
        return
    assert volume(shapes.beam(start, end, width, 2 * width)) == pytest.approx(2 * width**2 * length, rel=1e-6)


SOLIDS = {
    "ring": (shapes.ring(2, 1, 3, 24), (polygon_area(24, 2) - polygon_area(24, 1)) * 3),
    "wedge": (shapes.wedge(4, 1, 2), 4.0),
    "gable": (shapes.gable(2, 1, 3), 3.0),
    "slab without its corners": (shapes.slab(4, 1, 2, 0.5, 1), 8 - 4 * 0.125),
    "cone": (shapes.cylinder(1, 3, 4, 0.0), polygon_area(4, 1)),
    "ball": (shapes.ball(1, 64), 4 / 3 * math.pi),
    "dome": (shapes.dome(1, 1, 64, 32), 2 / 3 * math.pi),
    "foliage": (shapes.foliage(1, 7, detail=3, jitter=0.0), 4 / 3 * math.pi),
    "faceted foliage": (shapes.foliage(1, 7, detail=3, jitter=0.0, facets=True), 4 / 3 * math.pi),
    "arch": (shapes.arch(4, 2, 1, 0.5, 64), math.pi / 2 * (4 - 2.25)),
    "vault": (shapes.vault(4, 1, 2, 0.1), 0.8),
    # Two pyramids (base: the cross-section of width 0.4, folded 0.048 high, at 0.45) of total height 1.
    "leaf": (shapes.leaf(1, 0.4, 0.2, 0.1), 0.4 * 0.048 / 2 / 3),
}


@pytest.mark.parametrize("name", SOLIDS)
def test_solids_enclose_what_geometry_says(name):
    mesh, expected = SOLIDS[name]
    assert volume(mesh) == pytest.approx(expected, rel=0.02)


def test_a_rope_hangs_lowest_in_its_middle():
    assert shapes.hanging_point((0, 2, 0), (4, 2, 0), 0.5, 0.5) == (2.0, 1.5, 0.0)
    rope = shapes.sagging((0, 2, 0), (4, 2, 0), 0.5, 0.01)
    assert rope.positions[:, 1].min() == pytest.approx(1.5, abs=0.02)


def test_foliage_differs_by_seed_and_only_by_seed():
    assert np.array_equal(shapes.foliage(1, 3).positions, shapes.foliage(1, 3).positions)
    assert not np.array_equal(shapes.foliage(1, 3).positions, shapes.foliage(1, 4).positions)


def test_yaw_turns_the_front_to_the_right_hand_side():
    turned = Assembly()
    turned.add(materials.OAK, shapes.box(0.1, 0.1, 0.1), (0, 0, 2))
    whole = Assembly()
    whole.join(turned, (10, 0, 0), yaw=90)
    low, high = whole.bounds()
    # A right-handed quarter turn about y takes +z to +x (by hand).
    assert (low + high) / 2 == pytest.approx([12, 0.05, 0])


def test_fitting_centres_the_model_on_the_ground():
    crate = Assembly()
    crate.add(materials.OAK, shapes.box(1.02, 0.98, 2.0), (5, 3, 1))
    low, high = fitted(crate, 1.0, 2.0, 1.0).bounds()
    assert low == pytest.approx([-0.5, 0.0, -1.0])
    assert high == pytest.approx([0.5, 1.0, 1.0])


def test_a_model_of_the_wrong_size_is_refused():
    crate = Assembly()
    crate.add(materials.OAK, shapes.box(1, 1, 1))
    with pytest.raises(ValueError, match="model measures"):
        fitted(crate, 1.0, 1.0, 1.2)
