"""Polygons that are not convex keep their area: worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from shapes_in_formats import obj_text, ply_text

from geodata.ingest import read_glb
from geodata.ingest.formats import Units, to_glb
from geodata.ingest.formats.polygons import triangulated
from geodata.ingest.limits import Limits

ARROW = [(0, 0), (2, 0), (0.5, 0.5), (0, 2)]
"""Two triangles of 0.5 m² that meet at its dent; a fan from a corner beside the dent covers more."""
CLASP = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 3), (4, 3), (4, 4), (0, 4)]
"""A C of three bars: 4 + 2 + 4 = 10 m²."""
SQUARE = [(0, 0), (3, 0), (3, 3), (0, 3)]
TIE = [(0, 0), (2, 2), (2, 0), (0, 2)]
"""Crosses itself: two triangles of 1 m²."""


def turned(outline, by):
    """The same outline that begins with another corner."""
    return outline[by:] + outline[:by]


def area(points, triangles):
    one, two, three = np.asarray(points, float)[triangles.T]
    return float(np.linalg.norm(np.cross(two - one, three - one), axis=1).sum() / 2)


def facing_up(outline):
    return [(x, 0.0, -y) for x, y in outline]


@pytest.mark.parametrize(("outline", "m2"), [(ARROW, 1.0), (CLASP, 10.0), (SQUARE, 9.0)])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_polygon_keeps_its_area_from_every_corner_and_either_way(outline, m2, backwards):
    for by in range(len(outline)):
        corners = turned(outline[::-1] if backwards else outline, by)
        points = np.array(facing_up(corners))
        triangles, polygon = triangulated(points, np.array([len(corners)]))
        assert (len(triangles), polygon.tolist()) == (len(corners) - 2, [0] * (len(corners) - 2))
        assert area(points, triangles) == pytest.approx(m2)


@pytest.mark.parametrize("axis", [(1, 0, 0), (1, 1, 0), (1, 2, 3)])
def test_a_polygon_that_leans_far_from_the_origin_keeps_its_area_and_its_front(axis):
    """Turned about an axis by 40 degrees, and moved to map coordinates."""
    unit = np.array(axis) / np.linalg.norm(axis)
    cross = np.cross(np.eye(3), unit)
    turn = np.eye(3) + math.sin(0.7) * cross + (1 - math.cos(0.7)) * cross @ cross
    points = np.array(facing_up(CLASP)) @ turn + (12_000.0, 40.0, -34_000.0)
    triangles, _ = triangulated(points, np.array([8]))
    one, two, three = points[triangles.T]
    fronts = np.cross(two - one, three - one) @ turn.T
    assert (fronts[:, 1] > 0).all()
    assert area(points, triangles) == pytest.approx(10.0, abs=1e-6)


def test_many_polygons_stay_apart():
    shapes = [ARROW, SQUARE, CLASP, TIE, SQUARE[:3], [(0, 0), (1, 1)], turned(ARROW, 1)]
    points = np.array([corner for shape in shapes for corner in facing_up(shape)])
    triangles, polygon = triangulated(points, np.array([len(shape) for shape in shapes]))
    assert polygon.tolist() == [0] * 2 + [1] * 2 + [2] * 6 + [3] * 2 + [4] + [6] * 2
    areas = [area(points, triangles[polygon == number]) for number in (0, 1, 2, 4, 6)]
    assert areas == pytest.approx([1.0, 9.0, 10.0, 4.5, 1.0])
    first = 4 + 4 + 8
    assert triangles[polygon == 3].tolist() == [[first, first + 1, first + 2], [first, first + 2, first + 3]]


def test_a_polygon_of_very_many_corners_covers_itself_and_perhaps_more():
    """A star of 400 rays between 1 and 2 m: half of 800 triangles of 1 x 2 m around the middle."""
    angles = np.linspace(0, 2 * math.pi, 800, endpoint=False)
    reach = np.where(np.arange(800) % 2, 1.0, 2.0)
    points = np.column_stack([reach * np.cos(angles), np.zeros(800), reach * np.sin(angles)])
    triangles, _ = triangulated(points, np.array([800]))
    assert area(points, triangles) >= 400 * 2 * math.sin(2 * math.pi / 800)


def test_a_flat_polygon_without_area_is_harmless():
    triangles, _ = triangulated(np.zeros((5, 3)), np.array([5]))
    assert len(triangles) == 3


@pytest.mark.parametrize(
    ("write", "name"), [(lambda *mesh: obj_text(*mesh).encode(), "a.obj"), (ply_text, "a.ply")]
)
def test_a_slab_with_a_bay_is_no_wider_than_it_is(write, name):
    """The C as a slab 0.4 m high: 10 m² on the ground, not the 16 m² of the square around it."""
    corners = [(x, y, -z) for y in (0.0, 0.4) for x, z in CLASP]
    walls = [(i, (i + 1) % 8, (i + 1) % 8 + 8, i + 8) for i in range(8)]
    faces = [tuple(range(7, -1, -1)), tuple(range(8, 16)), *walls]
    facts = read_glb(to_glb(write(corners, faces), name, Units(), Limits())).facts
    assert facts.footprint_area_m2 == pytest.approx(10.0, abs=0.01)
    assert facts.triangles == 6 + 6 + 16
