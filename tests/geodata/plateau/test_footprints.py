"""Buildings of GeoJSON: ids, heights, outlines."""

from __future__ import annotations

import io
import json

import pytest

from geodata.plateau.errors import FileRefused
from geodata.plateau.footprints import read_footprints
from geodata.plateau.limits import LIMITS, Limits

SQUARE = [[139.69, 35.69], [139.6901, 35.69], [139.6901, 35.6901], [139.69, 35.6901], [139.69, 35.69]]
BOW_TIE = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]


def feature(properties=None, *, rings=(SQUARE,), kind="Polygon", **members):
    geometry = {"type": kind, "coordinates": list(rings)}
    return {"type": "Feature", "id": "b1", "properties": properties, "geometry": geometry, **members}


def collection(*features, **members):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def read(text: bytes, limits: Limits = LIMITS):
    return list(read_footprints(io.BytesIO(text), limits))


def only(one):
    [found] = read(collection(one))
    return found


@pytest.mark.parametrize(
    ("members", "source_id"),
    [
        ({"id": "13104-bldg-1"}, "13104-bldg-1"),
        ({"id": 678622}, "678622"),
        ({"id": None, "properties": {"建物ID": "13104-bldg-2"}}, "13104-bldg-2"),
        ({"id": None, "properties": {"gml_id": "bldg_3"}}, "bldg_3"),
        ({"id": None, "properties": {"id": 4}}, "4"),
    ],
)
def test_the_id_has_several_names(members, source_id):
    assert only({**feature(), **members}).source_id == source_id


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"measuredHeight": 12.2, "storeysAboveGround": 9}, (12.2, "measured")),
        ({"measuredHeight": -9999, "storeysAboveGround": 2}, (6.4, "storeys")),
        ({"measuredHeight": True}, (3.2, "assumed")),
        (None, (3.2, "assumed")),
    ],
)
def test_the_height_and_how_it_is_known(properties, expected):
    found = only(feature(properties))
    assert (found.height_m, found.height_source) == expected


def test_several_areas_are_one_building():
    away = [[lon + 0.001, lat] for lon, lat in SQUARE]
    found = only(feature(kind="MultiPolygon", rings=[[SQUARE], [away]]))
    assert found.footprint.area == pytest.approx(2e-8)
    assert not found.recovered


def test_an_outline_that_crosses_itself_is_mended_and_counted_as_recovered():
    found = only(feature(rings=[BOW_TIE]))
    assert found.recovered
    assert found.footprint.area == pytest.approx(0.5e-8)  # two triangles, a quarter of the square each


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (feature(id=None), "no_id"),
        (feature(id={"a": 1}), "no_id"),
        (feature(id="b\u001b[31m"), "no_id"),
        (feature(geometry=None), "no_footprint"),
        (feature(kind="Point"), "no_footprint"),
        (feature(rings=[]), "no_footprint"),
        (feature(rings=[[SQUARE[0]] * 4]), "no_footprint"),
        (feature(rings=[SQUARE[:-1]]), "bad_position"),
        (feature(rings=[["x"]]), "bad_position"),
        (feature(rings=[[[None, 1], [2]]]), "bad_position"),
        (feature(rings=[[[lat, lon] for lon, lat in SQUARE]]), "outside_japan"),
        (feature(rings=[[[lon + (lon > 139.69), lat] for lon, lat in SQUARE]]), "too_wide"),
    ],
)
def test_a_building_that_cannot_be_used_is_rejected_with_its_reason(one, code):
    assert only(one).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "not_geojson"),
        (b"[" * 100_000, "not_geojson"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "not_geojson"),
        (b'{"type": "FeatureCollection", "features": [1]}', "not_geojson"),
        (json.dumps(feature()).encode(), "not_geojson"),
        (collection(feature(), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::6677"}}), "unsupported_crs"),
    ],
)
def test_what_is_no_collection_in_degrees_is_refused(text, code):
    with pytest.raises(FileRefused) as refused:
        read(text)
    assert refused.value.code == code


def test_a_file_has_a_limit():
    with pytest.raises(FileRefused, match="too_large"):
        read(collection(feature()), Limits(geojson_bytes=50))


def test_a_byte_order_mark_is_no_obstacle():
    assert len(read(b"\xef\xbb\xbf" + collection(feature()))) == 1


@pytest.mark.parametrize(
    ("members", "number"),
    [
        ({"id": "13104-bldg-1"}, "13104-bldg-1"),
        ({"id": "way/5", "properties": {"建物ID": "13104-bldg-2"}}, "13104-bldg-2"),
        ({"id": 678622}, None),
    ],
)
def test_the_number_that_the_city_gives_a_building(members, number):
    assert only({**feature(), **members}).building_id == number
