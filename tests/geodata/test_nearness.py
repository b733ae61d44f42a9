"""How far it is: exact on the plane, 0 inside, and no answer from abroad."""

import pytest
from shapely.geometry import box

from geodata.crs import geometry_to_lonlat, to_lonlat
from geodata.nearness import metres_to

CORNER = (-12_000.0, -34_000.0)
"""Metres of EPSG:6677, near West Shinjuku: the south-west corner of a square of 10 m."""


def square():
    e, n = CORNER
    return geometry_to_lonlat(box(e, n, e + 10, n + 10))


@pytest.mark.parametrize(
    ("east", "north", "metres"),
    [(5, 5, 0), (10, 5, 0), (110, 5, 100), (5, -990, 990), (13, 14, 5), (-30, -40, 50)],
)
def test_the_distance_is_that_of_the_plane(east, north, metres):
    lon, lat = to_lonlat(CORNER[0] + east, CORNER[1] + north)
    (found,) = metres_to(lon, lat, [square()])
    assert found == pytest.approx(metres, abs=1e-3)


def test_distances_stand_in_the_order_of_the_boundaries():
    e, n = CORNER
    far = geometry_to_lonlat(box(e + 1_000, n, e + 1_010, n + 10))
    lon, lat = to_lonlat(e, n)
    assert metres_to(lon, lat, [far, square()]) == pytest.approx([1_000, 0], abs=1e-3)
    assert metres_to(lon, lat, []) == []


@pytest.mark.parametrize(
    ("lon", "lat"), [(2.35, 48.86), (139.7, 90.0), (139.7, 91.0), (0.0, 0.0), (1e308, -1e308), (35.7, 139.7)]
)
def test_from_abroad_nothing_is_near(lon, lat):
    assert metres_to(lon, lat, [square()]) is None
