"""Coordinates against values computed elsewhere, and laws that hold everywhere in Tokyo."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata import crs

# 35.6896 N 139.6917 E in zone IX, by the Geospatial Information Authority's own series (Kawase's method),
# computed apart from PROJ: X (north) -34428.095, Y (east) -12818.761.
TOCHO = (139.6917, 35.6896)
TOCHO_EN = (-12818.761, -34428.095)
# The origin of the Japanese datum, 139 deg 44' 28.8869" E 35 deg 39' 29.1572" N: X -37928.1965, Y -8327.6987.
DATUM = (139 + 44 / 60 + 28.8869 / 3600, 35 + 39 / 60 + 29.1572 / 3600)
DATUM_EN = (-8327.6987, -37928.1965)
# Zone IX starts at 139 deg 50' E 36 deg N, by definition.
ORIGIN = (139 + 50 / 60, 36.0)


@pytest.mark.parametrize(("lonlat", "en"), [(TOCHO, TOCHO_EN), (DATUM, DATUM_EN), (ORIGIN, (0.0, 0.0))])
def test_known_points(lonlat, en):
    assert crs.to_plane(*lonlat) == pytest.approx(en, abs=0.001)
    assert crs.to_lonlat(*en) == pytest.approx(lonlat, abs=2e-8)


def test_east_grows_eastwards_and_north_northwards():
    """A thousandth of a degree at 35.69 N: 90.5 m east and 111.0 m north on the GRS80 ellipsoid."""
    e, n = crs.to_plane(*TOCHO)
    east, north = crs.to_plane(TOCHO[0] + 0.001, TOCHO[1]), crs.to_plane(TOCHO[0], TOCHO[1] + 0.001)
    assert (east[0] - e, north[1] - n) == pytest.approx((90.5, 111.0), abs=0.1)


longitudes, latitudes = st.floats(139.0, 140.5), st.floats(35.0, 36.5)


@given(longitudes, latitudes)
def test_there_and_back(lon, lat):
    assert crs.to_lonlat(*crs.to_plane(lon, lat)) == pytest.approx((lon, lat), abs=1e-9)


@given(st.lists(st.tuples(longitudes, latitudes), min_size=1, max_size=20))
def test_many_points_are_each_what_one_is(points):
    together = crs.points_to_plane(np.array(points))
    assert together == pytest.approx(np.array([crs.to_plane(*point) for point in points]), abs=1e-9)
    assert crs.points_to_lonlat(together) == pytest.approx(np.array(points), abs=1e-9)


def test_geometries_keep_their_kind_and_their_holes():
    polygon = shapely.box(139.69, 35.689, 139.691, 35.69).difference(
        shapely.box(139.6904, 35.6894, 139.6905, 35.6895)
    )
    plane = crs.geometry_to_plane(polygon)
    assert plane.geom_type == "Polygon"
    assert len(plane.interiors) == 1
    assert crs.geometry_to_lonlat(plane).equals_exact(polygon, 1e-9)


def test_heights_are_dropped():
    point = crs.geometry_to_plane(shapely.Point(*TOCHO, 37.0))
    assert not point.has_z
    assert (point.x, point.y) == pytest.approx(TOCHO_EN, abs=0.001)


def test_the_grid_shortens_a_hundred_metres_by_one_centimetre():
    """Scale 0.999902 at the site (computed apart): a documented error that no check corrects."""
    degree = math.radians(1 / 3600)
    radius = 6378137.0 / math.sqrt(1 - 0.00669438002290 * math.sin(math.radians(TOCHO[1])) ** 2)
    true_length = radius * math.cos(math.radians(TOCHO[1])) * degree
    a, b = crs.to_plane(*TOCHO), crs.to_plane(TOCHO[0] + 1 / 3600, TOCHO[1])
    assert math.dist(a, b) / true_length == pytest.approx(0.999902, abs=1e-6)
