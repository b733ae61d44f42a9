"""``civic model check``: any format in, facts out, and on request the canonical GLB with pictures of it."""

import json

from glb_builder import box
from PIL import Image
from typer.testing import CliRunner

from civic.cli import app
from geodata.ingest import read_glb

STL = b"""solid wedge
facet normal 0 0 1
outer loop
vertex 0 0 0
vertex 6000 0 0
vertex 0 2400 3200
endloop
endfacet
endsolid wedge
"""


def check(*words):
    return CliRunner().invoke(app, ["model", "check", *map(str, words)])


def test_out_holds_the_canonical_glb_and_pictures_of_the_model_alone(tmp_path):
    file = tmp_path / "box.glb"
    file.write_bytes(box((5, 1, 5), (7, 2.5, 6)).pack())
    ended = check(file, "--json", "--out", tmp_path / "out")
    assert ended.exit_code == 0, ended.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"model.glb", "people.jpg", "overview.jpg"}
    facts = read_glb((tmp_path / "out" / "model.glb").read_bytes()).facts
    assert (facts.min_m, facts.max_m) == ((-1.0, 0.0, -0.5), (1.0, 1.5, 0.5))
    with Image.open(tmp_path / "out" / "people.jpg") as picture:
        assert picture.size == (1024, 768)


def test_an_stl_in_millimetres_that_stands_on_its_xy_plane(tmp_path):
    file = tmp_path / "wedge.stl"
    file.write_bytes(STL)
    ended = check(file, "--json", "--unit", "mm", "--up", "z")
    assert ended.exit_code == 0, ended.output
    assert json.loads(ended.output)["facts"]["bounds_m"] == [6.0, 3.2, 2.4]


def test_another_tools_own_format_is_refused_with_its_export_steps(tmp_path):
    file = tmp_path / "model.fbx"
    file.write_bytes(b"Kaydara FBX Binary  \x00\x1a\x00" + bytes(100))
    ended = check(file, "--json")
    assert ended.exit_code == 1
    answer = json.loads(ended.output)
    assert (answer["verdict"], answer["code"]) == ("reject", "format_fbx")
    assert ".glb" in answer["message_ja"]
