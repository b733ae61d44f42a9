"""The surroundings as a GLB, and the scene's document: small, plain, and readable by our own gate."""

import json
import struct

import pytest
from scenes import PROPOSALS, example

from geodata.ingest import read_glb
from geodata.scene import CAMERAS, scene_document, surroundings_glb


def document_of(glb):
    length = struct.unpack_from("<I", glb, 12)[0]
    return json.loads(glb[20 : 20 + length])


@pytest.mark.parametrize("slug", PROPOSALS)
def test_the_surroundings_pass_the_gate_and_stay_small(slug):
    glb = surroundings_glb(example(slug))
    assert read_glb(glb).facts.triangles < 120_000
    assert len(glb) <= 400_000


def test_the_surroundings_need_no_extension_and_store_each_prop_once():
    scene = example("shade-bench")
    document = document_of(surroundings_glb(scene))
    assert "extensionsUsed" not in document
    names = [mesh["name"] for mesh in document["meshes"]]
    assert names.count("zelkova-a") == 1
    drawn = [node for node in document["nodes"] if document["meshes"][node["mesh"]]["name"] == "zelkova-a"]
    assert len(drawn) == sum(stand.prop == "zelkova-a" for stand in scene.plants) > 1


def test_the_same_scene_gives_the_same_bytes():
    assert surroundings_glb(example("lawn-stage")) == surroundings_glb(example("lawn-stage"))


def test_the_document_names_cameras_bounds_light_and_solids():
    scene = example("beacon")
    document = json.loads(json.dumps(scene_document(scene), allow_nan=False))
    assert [camera["name"] for camera in document["cameras"]] == list(CAMERAS)
    assert document["version"] == 1
    assert document["size_m"] == pytest.approx([1.5, 6.0, 1.5], abs=0.01)
    assert document["bounds"]["max"][1] == pytest.approx(6.0, abs=0.01)
    assert document["sun"]["direction"][1] > 0
    assert len(document["solids"]) == len(scene.solids) > 30
    assert document["model"].keys() == {"position", "rotation_y", "scale"}
