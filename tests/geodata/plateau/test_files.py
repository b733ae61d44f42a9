"""Files as people name them: plain, zipped, dangerous, and the real ones."""

from __future__ import annotations

import json
import zipfile

import pytest
from support.citygml import building, city_model, height, lod0, square
from support.shared import shared

from geodata.plateau.errors import FileRefused
from geodata.plateau.files import Survey, read_file, survey_of
from geodata.plateau.limits import LIMITS, Limits
from geodata.plateau.records import BuildingRecord

GML = city_model(building("b1", lod0(square()), height(5)), building("b2", lod0(square(east=2))))
CODELIST = b'<?xml version="1.0"?><gml:Dictionary xmlns:gml="http://www.opengis.net/gml"/>'
OUTLINES = json.dumps({"type": "FeatureCollection", "features": []}).encode()


def packed(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refusal(path, limits=LIMITS):
    with pytest.raises(FileRefused) as refused:
        list(read_file(path, limits))
    return refused.value.code


@pytest.mark.parametrize(
    ("names", "survey"),
    [
        (["53394525_bldg_6697_op.gml"], Survey("53394525", None)),
        (["53394525_bldg_6697_op.gml", "13104_shinjuku-ku_2023_citygml_1_op.zip"], Survey("53394525", 2023)),
        (["plateau_52397519_bldg.gml"], Survey("52397519", None)),
        (["west_shinjuku_buildings_2020.geojson"], Survey(None, 2020)),
        (["13104_120200.geojson"], Survey(None, None)),
    ],
)
def test_names_tell_the_mesh_and_the_year(names, survey):
    assert survey_of(*names) == survey


def test_a_zip_is_read_member_by_member_and_the_rest_of_it_is_passed_over(tmp_path):
    members = {
        "udx/bldg/53394525_bldg_6697_op.gml": GML,
        "codelists/Building_usage.xml": CODELIST,
        "__MACOSX/._53394525_bldg_6697_op.gml": b"\0\5\x16\7",
        "metadata/readme.pdf": b"%PDF",
        "outlines.geojson": OUTLINES,
    }
    reads = list(read_file(packed(tmp_path / "13104_2023.zip", members)))
    assert [read.building.source_id for read in reads] == ["b1", "b2"]
    assert {read.survey for read in reads} == {Survey("53394525", 2023)}


def test_the_second_member_may_be_broken_when_the_first_was_given(tmp_path):
    path = packed(tmp_path / "a.zip", {"1.gml": GML, "2.gml": GML[:-30]})
    given = []
    with pytest.raises(FileRefused, match="broken_xml"):
        given.extend(read.building.source_id for read in read_file(path))
    assert given == ["b1", "b2", "b1", "b2"]


@pytest.mark.parametrize("name", ["a.gml", "a.bin"])
def test_a_zip_bomb_is_refused_before_anything_is_unpacked(name, tmp_path):
    path = packed(tmp_path / "a.zip", {name: GML + b" " * 50_000_000})
    assert path.stat().st_size < 100_000
    assert refusal(path) == "zip_bomb"


def test_a_zip_has_limits(tmp_path):
    path = packed(tmp_path / "a.zip", {f"{i}.gml": GML for i in range(5)}, zipfile.ZIP_STORED)
    assert refusal(path, Limits(zip_members=4)) == "zip_bomb"
    assert refusal(path, Limits(zip_bytes=4 * len(GML))) == "zip_bomb"
    assert len(list(read_file(path, Limits(zip_members=5)))) == 10


def test_a_member_that_lies_about_its_size_gives_no_more_than_it_declares(tmp_path):
    path = packed(tmp_path / "a.zip", {"a.gml": GML})
    lying = path.read_bytes().replace(len(GML).to_bytes(4, "little"), (len(GML) // 2).to_bytes(4, "little"))
    path.write_bytes(lying)
    assert refusal(path) in {"broken_xml", "zip_broken"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", GML])
def test_what_is_no_zip_is_refused(content, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert refusal(path) == "zip_broken"


def test_an_encrypted_member_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", {"a.gml": GML})
    text = bytearray(path.read_bytes())
    text[6] |= 1  # general purpose flag of the local header
    text[text.index(b"PK\x01\x02") + 8] |= 1  # and of the directory
    path.write_bytes(text)
    assert refusal(path) == "zip_broken"


def test_a_zip_without_buildings_is_refused(tmp_path):
    assert refusal(packed(tmp_path / "a.zip", {"codelists/a.xml": CODELIST})) == "zip_without_buildings"


def test_other_kinds_of_file_are_refused(tmp_path):
    path = tmp_path / "a.obj"
    path.write_bytes(GML)
    assert refusal(path) == "unknown_kind"


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    assert refusal(tmp_path / "missing.gml") == "unreadable"


def test_west_shinjuku():
    path = shared("geodata/west_shinjuku_buildings_2020.geojson")
    found = {read.building.source_id: read.building for read in read_file(path)}
    assert len(found) == 5_094
    assert all(isinstance(one, BuildingRecord) for one in found.values())
    assert found["13104-bldg-6158"].height_m == 262.0
    assert {one.source_id for one in found.values() if one.height_source == "assumed"} == {"678622", "677786"}


def test_yokosuka():
    """Read by eye in the file: 13 buildings; one has all its geometry and heights (11.3 and 9.7) in two parts."""
    path = shared("geodata/plateau_yokosuka_52397519_bldg.gml")
    reads = list(read_file(path))
    found = {read.building.source_id[:13]: read.building for read in reads}
    assert len(found) == 13
    assert {read.survey.mesh for read in reads} == {"52397519"}
    museum, in_parts = found["bldg_787d830e"], found["bldg_16418b2d"]
    assert (museum.height_m, museum.height_source, museum.storeys, museum.usage) == (6.0, "measured", 1, "422")
    assert museum.ground_m == pytest.approx(10.501, abs=0.001)
    assert (in_parts.height_m, in_parts.height_source) == (11.3, "parts")
    assert (museum.building_id, in_parts.building_id) == ("14201-bldg-110968", "14201-bldg-156842")
    assert {one.height_source for one in found.values()} == {"measured", "parts"}
    assert {one.footprint_source for one in found.values()} == {"lod0_footprint"}
    assert not any(one.recovered for one in found.values())


def test_a_real_file_without_buildings():
    assert list(read_file(shared("geodata/plateau_tokyo23_53394525_frn.gml"))) == []
