"""Geometries as GeoJSON, by the strict reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
    shape,
)
from support.rfc7946 import check_geometry

from geodata.geojson import geojson

LON, LAT = 139.6917, 35.6896
DEGREES = st.tuples(st.floats(139.69, 139.70), st.floats(35.68, 35.69))


@pytest.mark.parametrize(
    "geometry",
    [
        Point(LON, LAT),
        MultiPoint([(LON, LAT), (LON + 1e-5, LAT)]),
        LineString([(LON, LAT), (LON + 1e-5, LAT)]),
        MultiLineString([[(LON, LAT), (LON + 1e-5, LAT)], [(LON, LAT + 1), (LON, LAT)]]),
        box(LON, LAT, LON + 1, LAT + 1, ccw=False),
        box(LON, LAT, LON + 3, LAT + 3).difference(box(LON + 1, LAT + 1, LON + 2, LAT + 2)),
        MultiPolygon([box(LON, LAT, LON + 1, LAT + 1), box(LON + 2, LAT, LON + 3, LAT + 1, ccw=False)]),
    ],
)
def test_every_kind_is_written_as_it_is(geometry):
    written = geojson(geometry)
    check_geometry(written)
    assert shape(written).equals(geometry)


def test_coordinates_are_rounded_to_7_decimals():
    written = geojson(Point(139.691700049, 35.689600051))
    assert written == {"type": "Point", "coordinates": [139.6917000, 35.6896001]}


@pytest.mark.parametrize("size", [1e-9, 1e-8])
def test_what_is_too_small_to_show_is_a_point_where_it_is(size):
    """1e-8 degrees are a millimetre."""
    for geometry in (box(LON, LAT, LON + size, LAT + size), LineString([(LON, LAT), (LON, LAT + size)])):
        assert geojson(geometry) == {"type": "Point", "coordinates": [LON, LAT]}


def test_of_a_mixed_collection_the_areas_are_written():
    """What an intersection leaves where two shapes overlap here and only touch there."""
    area = box(LON, LAT, LON + 1, LAT + 1)
    mixed = GeometryCollection([LineString([(LON, LAT), (LON - 1, LAT)]), area, Point(LON, LAT)])
    assert shape(geojson(mixed)).equals(area)


@given(st.lists(DEGREES, min_size=3, max_size=9))
def test_any_area_is_written_soundly(corners):
    area = Polygon(corners).buffer(0)
    if not area.is_empty:
        check_geometry(geojson(area))


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]},  # clockwise
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},  # open
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]},  # too short
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [2, 0], [0, 0]]]},  # flat
        {"type": "Point", "coordinates": [35.0, 139.0]},  # swapped
        {"type": "Point", "coordinates": [139.0, 35.00000001]},  # too precise
        {"type": "Point", "coordinates": [139.0, float("nan")]},
        {"type": "LineString", "coordinates": [[1, 1], [1, 1]]},
    ],
)
def test_the_strict_reader_can_refuse(wrong):
    with pytest.raises(AssertionError):
        check_geometry(wrong)
