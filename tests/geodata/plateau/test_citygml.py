"""Buildings of CityGML: every fallback, every trap of real files, and files made to do harm."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from support.citygml import SIDE, SOUTH, WEST, building, city_model, height, lod0, lod1, lod2_ground, part, square
from support.citygml import storeys as storeys_of

from geodata.plateau.citygml import read_citygml
from geodata.plateau.errors import FileRefused
from geodata.plateau.limits import Limits
from geodata.plateau.records import BuildingRecord, RejectedBuilding

BOX = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
PLAN = lod0(square())


def read(text: bytes, **limits: int) -> list[BuildingRecord | RejectedBuilding]:
    return list(read_citygml(io.BytesIO(text), Limits(**limits)))


def only(*inside: str) -> BuildingRecord:
    [found] = read(city_model(building("b1", *inside)))
    assert isinstance(found, BuildingRecord)
    return found


def refusal(text: bytes, **limits: int) -> str:
    with pytest.raises(FileRefused) as refused:
        read(text, **limits)
    return refused.value.code


def rejection(*inside: str) -> str:
    [found] = read(city_model(building("b1", *inside)))
    assert isinstance(found, RejectedBuilding)
    return found.code


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ([height(12.5), storeys_of(9), lod1(30, 40)], (12.5, "measured")),
        ([height(-9999), lod1(30, 40.25)], (10.25, "lod1")),
        ([storeys_of(9), lod1(30, 40.25)], (10.25, "lod1")),
        ([part(height(7), PLAN), part(height(11), PLAN), storeys_of(2)], (11.0, "parts")),
        ([part(lod1(30, 36)), part(lod1(32, 41))], (11.0, "lod1")),  # 41 - 30
        ([storeys_of(5)], (16.0, "storeys")),  # 5 x 3.2
        ([storeys_of(9999)], (3.2, "assumed")),
        ([height("nan")], (3.2, "assumed")),
        ([], (3.2, "assumed")),
    ],
)
def test_the_height_and_how_it_is_known(inside, expected):
    found = only(PLAN, *inside)
    assert (found.height_m, found.height_source) == expected


@pytest.mark.parametrize(
    ("inside", "source"),
    [
        ([PLAN, lod1(3, 9, east=5)], "lod0_footprint"),
        ([lod0(square(), "lod0RoofEdge"), lod1(3, 9, east=5)], "lod0_roof_edge"),
        ([lod1(3, 9), lod2_ground(square(east=5))], "lod1"),
        ([lod2_ground(square(width=0.5)), lod2_ground(square(east=0.5, width=0.5))], "lod2"),
    ],
)
def test_the_footprint_and_where_it_is_from(inside, source):
    found = only(height(5), *inside)
    assert found.footprint_source == source
    assert found.footprint.symmetric_difference(BOX).area == pytest.approx(0, abs=1e-15)


def test_the_ground_is_the_lowest_level_of_lod1():
    assert only(PLAN, height(5), lod1(31.25, 40), part(lod1(30.5, 33, east=1))).ground_m == 30.5
    assert only(PLAN, height(5)).ground_m is None


def test_parts_are_no_buildings_and_their_plan_joins_the_buildings():
    found = only(height(5), part(lod0(square())), part(lod0(square(east=1))))
    assert found.footprint.area == pytest.approx(2 * SIDE**2)


def test_usage_and_storeys():
    found = only(
        PLAN, storeys_of(3), '<bldg:usage codeSpace="../../codelists/Building_usage.xml">422</bldg:usage>'
    )
    assert (found.usage, found.storeys) == ("422", 3)


def test_a_byte_order_mark_is_no_obstacle():
    assert len(read(b"\xef\xbb\xbf" + city_model(building("b1", PLAN)))) == 1


def test_only_the_buildings_at_an_undeclared_prefix_are_recovered():
    damaged = building("b2", PLAN, height(8), "<energy:demand>1</energy:demand>")
    text = city_model(building("b1", PLAN), damaged, building("b3", PLAN, '<bldg:function xlink:href="#a"/>'))
    found = {one.source_id: one for one in read(text)}
    assert {source_id: one.recovered for source_id, one in found.items()} == {"b1": False, "b2": True, "b3": True}
    assert found["b2"].height_m == 8


def test_an_outline_that_crosses_itself_is_mended_and_counted_as_recovered():
    south_west, south_east, north_east, north_west, _ = square()
    found = only(lod0([south_west, north_east, south_east, north_west, south_west]))
    assert found.recovered
    assert found.footprint.is_valid
    assert found.footprint.area == pytest.approx(SIDE**2 / 2)  # two triangles, a quarter of the square each


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ([height(5)], "no_footprint"),
        ([lod0([(lon, lat, level) for lat, lon, level in square()])], "outside_japan"),
        ([lod0(square()[:-1])], "bad_position"),
        ([lod0(square(level=float("nan")))], "bad_position"),
        ([PLAN.replace("35.69 ", "35.6x ", 1)], "bad_position"),
        ([lod0(square(width=300))], "too_wide"),
    ],
)
def test_a_building_that_cannot_be_used_is_rejected_with_its_reason(inside, code):
    assert rejection(*inside) == code


@pytest.mark.parametrize("gml_id", ["", " ", "&#x202e;b", "x" * 201])
def test_an_id_must_be_there_and_readable(gml_id):
    good = building("good", PLAN)
    bad, found = read(city_model(building(gml_id, PLAN), good))
    assert (bad.source_id, bad.code) == ("", "no_id")
    assert found.source_id == "good"


@pytest.mark.parametrize(
    "srs", ["urn:ogc:def:crs:EPSG::6697", "EPSG:6697", "http://www.opengis.net/def/crs/EPSG/0/6668"]
)
def test_the_spellings_of_jgd2011(srs):
    assert len(read(city_model(building("b1", PLAN), srs=srs))) == 1


def test_degrees_without_heights():
    flat = lod0([position[:2] for position in square()])
    [found] = read(city_model(building("b1", flat), srs="urn:ogc:def:crs:EPSG::6668", dimension=None))
    assert found.footprint.equals(BOX)


@pytest.mark.parametrize(
    "srs", ["EPSG:4301", "http://www.opengis.net/def/crs/EPSG/0/6677", "EPSG:16697", "nonsense"]
)
def test_other_systems_are_refused(srs):
    assert refusal(city_model(building("b1", PLAN), srs=srs)) == "unsupported_crs"
    inside = PLAN.replace("<gml:Polygon>", f'<gml:Polygon srsName="{srs}">')
    assert refusal(city_model(building("b1", inside))) == "unsupported_crs"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE core:CityModel [<!ENTITY secret SYSTEM "file:///{secret}">]>',
        '<!DOCTYPE core:CityModel SYSTEM "file:///{secret}">',
        '<!-- x --><!DOCTYPE core:CityModel [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_a_doctype_is_refused_and_nothing_outside_is_read(doctype, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("b1")
    prologue = '<?xml version="1.0"?>' + doctype.format(secret=secret)
    assert refusal(city_model(building("&secret;", PLAN), prologue=prologue)) == "doctype"


def test_an_entity_that_nobody_declared_breaks_the_file():
    assert refusal(city_model(building("b1", PLAN, "<gml:name>&secret;</gml:name>"))) == "broken_xml"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"PK\x03\x04",
        b"<html><body/></html>",
        b'<CityModel xmlns="http://www.opengis.net/citygml/1.0"/>',
        b"\0" * 99,
    ],
)
def test_what_is_no_city_model_of_version_2_is_refused(text):
    assert refusal(text) == "not_citygml"


def test_what_stands_before_the_damage_is_given():
    text = city_model(*(building(f"b{i}", PLAN) for i in range(2_000)))
    found = []
    with pytest.raises(FileRefused) as refused:
        found.extend(one.source_id for one in read_citygml(io.BytesIO(text[: len(text) // 2])))
    assert refused.value.code == "broken_xml"
    assert len(found) > 900
    assert found == [f"b{i}" for i in range(len(found))]


def test_one_object_has_a_limit_and_many_small_ones_have_none():
    many = city_model(*(building(f"b{i}", PLAN) for i in range(1_000)))
    assert len(many) > 400_000
    assert len(read(many, object_bytes=200_000)) == 1_000
    padded = building("b1", PLAN, f"<gml:name>{'x' * 400_000}</gml:name>")
    assert refusal(city_model(padded), object_bytes=200_000) == "object_too_large"


def test_a_file_has_a_limit():
    assert refusal(city_model(building("b1", PLAN)), markup_bytes=100) == "too_large"


def test_deep_nesting_breaks_the_file():
    deep = "<gml:name>" * 2_000 + "</gml:name>" * 2_000
    assert refusal(city_model(building("b1", deep))) == "broken_xml"


WHOLE = city_model(
    building("b1", PLAN, height(5), lod1(30, 40)), building("b2", part(PLAN, storeys_of(2)), lod2_ground(square()))
)


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6), st.booleans())
def test_no_damage_raises_anything_but_a_refusal(at, instead, cut):
    text = WHOLE[:at] + instead + (b"" if cut else WHOLE[at + len(instead) :])
    with suppress(FileRefused):
        read(text)


NUMBERED = {
    "of the first version": '<gen:stringAttribute name="建物ID"><gen:value>{}</gen:value></gen:stringAttribute>',
    "of its own schema": (
        "<uro:buildingIDAttribute><uro:BuildingIDAttribute><uro:buildingID>{}</uro:buildingID>"
        "<uro:prefecture>13</uro:prefecture></uro:BuildingIDAttribute></uro:buildingIDAttribute>"
    ),
}
OTHER_NAMESPACES = (
    ' xmlns:uro="https://www.geospatial.jp/iur/uro/9.9" xmlns:gen="http://www.opengis.net/citygml/generics/2.0"'
)


@pytest.mark.parametrize("written", NUMBERED.values(), ids=NUMBERED)
@pytest.mark.parametrize(
    ("text", "expected"),
    [("13104-bldg-9512", "13104-bldg-9512"), (" 131041-bldg-1\n", "131041-bldg-1"), ("9512", None)],
)
def test_the_number_that_the_city_gives_a_building(written, text, expected):
    declared = OTHER_NAMESPACES.encode()
    file = city_model(building("b1", written.format(text), PLAN)).replace(
        b"<core:CityModel", b"<core:CityModel" + declared
    )
    [found] = read(file)
    assert (found.source_id, found.building_id, found.recovered) == ("b1", expected, False)


def test_a_building_without_a_number():
    assert only(PLAN).building_id is None
