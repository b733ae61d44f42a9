"""Footprints as GeoJSON."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, box, shape
from support.rfc7946 import check_geometry

from geodata.crs import geometry_to_plane, to_plane
from geodata.footprints import footprint_geojson
from geodata.placement import Placement

TOCHO = (139.6917, 35.6896)


def on_the_ground(outline, heading=0.0, scale=1.0):
    """The footprint in metres around its place, east and north."""
    geometry = footprint_geojson(outline, Placement(*TOCHO, heading, scale=scale))
    check_geometry(geometry)
    east, north = to_plane(*TOCHO)
    return shapely.transform(geometry_to_plane(shape(geometry)), lambda points: points - [east, north])


def test_a_rectangle_lies_where_it_was_placed():
    """6 m by 2 m, turned to the east: then it is 6 m from south to north. Half a step of 7 decimals is 6 mm."""
    assert on_the_ground(box(-3, -1, 3, 1), heading=90.0).bounds == pytest.approx((-1, -3, 1, 3), abs=0.012)


def test_holes_and_parts_stay():
    ring = box(-3, -3, 3, 3).difference(box(-1, -1, 1, 1))
    found = on_the_ground(MultiPolygon([ring, box(5, 5, 6, 6)]), heading=33.0)
    assert isinstance(found, MultiPolygon)
    assert found.area == pytest.approx(33.0, abs=0.15)
    assert sorted(len(part.interiors) for part in found.geoms) == [0, 1]


def test_a_banner_seen_edge_on_is_drawn_too():
    """1 mm is less than a step of the grid: the strip comes out a few centimetres wide, and as long as it is."""
    found = on_the_ground(LineString([(0, 0), (4, 1)]).buffer(0.0005), heading=12.0)
    assert found.area < 0.2
    assert found.length / 2 == pytest.approx(math.hypot(4, 1), abs=0.15)


def test_foliage_is_drawn_by_the_squares_that_it_touches():
    """A crown of leaves on a 5 cm grid, 12 m across: 4,000 positions and more become squares of 20 cm."""
    leaves = np.random.default_rng(5).integers(-120, 120, (1_500, 2)) * 0.05
    crown = shapely.union_all([box(x, y, x + 0.05, y + 0.05) for x, y in leaves if math.hypot(x, y) < 6])
    drawn = on_the_ground(crown)
    assert shapely.get_num_coordinates(crown) > 4_000
    assert drawn.buffer(0.02).covers(crown)
    assert crown.buffer(0.2 * math.sqrt(2) + 0.02).covers(drawn)


@given(heading=st.floats(0, 360), scale=st.floats(0.1, 3), sides=st.integers(3, 60), size=st.floats(0.05, 20))
def test_every_footprint_is_geojson(heading, scale, sides, size):
    corners = [
        (size * math.cos(i * math.tau / sides), size * math.sin(i * math.tau / sides)) for i in range(sides)
    ]
    on_the_ground(shapely.Polygon(corners), heading, scale)
