"""Models that look strange and are right: each must be accepted and measured as a person would."""

import hashlib
import io
import math
import struct

import numpy as np
import pytest
from draco_models import compressed, draco_glb
from glb_builder import BOX_FACES, Glb, box, box_corners, shape
from PIL import Image

from geodata.ingest import read_glb

GOOD = {}
HALF = math.sqrt(0.5)
UNIT = box_corners((0, 0, 0), (1, 1, 1))
STRIP = [(0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 0, 1), (2, 0, 0), (2, 0, 1)]
FAN = [(0, 0, 0), (2, 0, 0), (2, 0, 1), (1, 0, 2), (0, 0, 1)]


def good(triangles, bounds, area):
    """Register a function that makes a model with these facts, worked out by hand."""

    def register(make):
        GOOD[make.__name__] = (make, triangles, bounds, area)
        return make

    return register


@good(12, (2, 1.5, 1), 2)
def plain_box_without_normals():
    return box().pack()


@good(12, (1, 1, 1), 1)
def byte_indices():
    return shape(UNIT, BOX_FACES, "B").pack()


@good(12, (1, 1, 1), 1)
def long_indices():
    return shape(UNIT, BOX_FACES, "I").pack()


@good(12, (1, 1, 1), 1)
def no_indices():
    return shape([UNIT[number] for face in BOX_FACES for number in face]).pack()


@good(4, (2, 0, 1), 2)
def triangle_strip():
    return shape(STRIP, mode=5).pack()


@good(4, (2, 0, 1), 2)
def indexed_triangle_strip():
    return shape(STRIP, [(0, 1, 2), (3, 4, 5)], mode=5).pack()


@good(3, (2, 0, 2), 3)
def triangle_fan():
    return shape(FAN, mode=6).pack()


@good(1, (1, 1, 0), 0.001)
def two_corners_too_many():
    """Five corners make one triangle; the rest is not drawn. It stands edge on, so it covers a 1 mm strip."""
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0), (9, 9, 9), (9, 9, 9)]).pack()


@good(12, (1, 1, 1), 1)
def interleaved_corners():
    glb = Glb()
    view = glb.view(b"".join(struct.pack("<6f", *corner, 0, 1, 0) for corner in UNIT), byteStride=24)
    common = {"bufferView": view, "componentType": 5126, "count": 8, "type": "VEC3"}
    glb.doc["accessors"] = [common, {**common, "byteOffset": 12}]
    indices = glb.accessor([number for face in BOX_FACES for number in face], "H")
    glb.mesh({"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": indices})
    return glb.pack()


@good(12, (2, 2, 2), 4)
def normalized_shorts():
    """-32768 and -32767 both mean -1 (specification 3.11), 32767 means 1."""
    glb = quantized([tuple(-32768 if value == 0 else 32767 for value in corner) for corner in UNIT], "h")
    glb.doc["accessors"][0]["normalized"] = True
    return glb.pack()


@good(12, (2.55, 2.55, 2.55), 2.55**2)
def plain_bytes_scaled_by_the_node():
    glb = quantized([tuple(255 * value for value in corner) for corner in UNIT], "B")
    glb.doc["nodes"] = [{"mesh": 0, "scale": [0.01, 0.01, 0.01]}]
    return glb.pack()


def quantized(corners, code):
    glb = Glb()
    size = struct.calcsize(code) * 4  # each corner starts on a multiple of four
    data = b"".join(struct.pack(f"<3{code}", *corner).ljust(size, b"\0") for corner in corners)
    view = glb.view(data, byteStride=size)
    kind = {"h": 5122, "B": 5121}[code]
    glb.doc["accessors"] = [{"bufferView": view, "componentType": kind, "count": 8, "type": "VEC3"}]
    glb.doc["extensionsUsed"] = glb.doc["extensionsRequired"] = ["KHR_mesh_quantization"]
    glb.mesh({"attributes": {"POSITION": 0}, "indices": glb.accessor(sum(BOX_FACES, ()), "H")})
    return glb


@good(24, (5, 4, 3), 2 * 3 + 1 * 1)
def nested_nodes_with_negative_scale():
    """Box A: x 0..2, y 0..4, z 0..3. Box B: mirrored by -1 in x, then turned 90 degrees about y and moved.

    B's corner (x, y, z) becomes (-x, y, z), then (z, y, x), then + (4, 0, 1): x 4..5, y 0..1, z 1..2.
    """
    glb = shape(UNIT, BOX_FACES)
    glb.doc["nodes"] = [
        {"children": [1, 2]},
        {"mesh": 0, "scale": [2, 4, 3]},
        {"children": [3], "translation": [4, 0, 1], "rotation": [0, HALF, 0, HALF]},
        {"mesh": 0, "scale": [-1, 1, 1]},
    ]
    return glb.pack()


@good(12, (2, 3, 4), 8)
def matrix_node():
    """Column by column: x by 2, y by 3, z by 4, moved by (10, 20, 30)."""
    glb = shape(UNIT, BOX_FACES)
    glb.doc["nodes"][0]["matrix"] = [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 10, 20, 30, 1]
    return glb.pack()


@good(24, (1, 1, 11), 2)
def the_second_of_three_scenes():
    glb = shape(UNIT, BOX_FACES)
    glb.doc["nodes"] = [{"mesh": 0, "translation": [0, 0, 10 * i]} for i in range(4)]
    glb.doc["scenes"] = [{"nodes": [0, 3]}, {"nodes": [1, 2]}, {}]
    glb.doc["scene"] = 1
    return glb.pack()


@good(12, (1, 1, 1), 1)
def first_scene_when_none_is_named():
    glb = shape(UNIT, BOX_FACES)
    del glb.doc["scene"]
    glb.doc["scenes"].append({"nodes": []})
    return glb.pack()


@good(12, (1, 1, 1), 1)
def lying_minimum_and_maximum():
    glb = shape(UNIT, BOX_FACES)
    glb.doc["accessors"][0].update(min=[-1000, 0, 0], max=["none", None, 1e300])
    return glb.pack()


@good(12, (1, 1, 1), 1)
def nodes_and_meshes_nobody_shows():
    glb = shape(UNIT, BOX_FACES)
    glb.doc["meshes"].append(glb.doc["meshes"][0])
    glb.doc["nodes"] += [{"mesh": 1, "scale": [99, 99, 99]}, {"children": [1]}, {"camera": 0}]
    return glb.pack()


@good(12, (1, 1, 1), 1)
def corners_no_face_uses():
    return shape([*UNIT, (50, 50, 50)], BOX_FACES).pack()


@good(12, (1, 2, 1), 1)
def sparse_corners_over_a_box():
    """The four top corners (numbers 2, 3, 6, 7) are lifted from 1 m to 2 m."""
    glb = shape(UNIT, BOX_FACES)
    lifted = b"".join(struct.pack("<3f", x, 2, z) for x, _, z in (UNIT[i] for i in (2, 3, 6, 7)))
    glb.doc["accessors"][0]["sparse"] = {
        "count": 4,
        "indices": {"bufferView": glb.view(bytes([2, 3, 6, 7])), "componentType": 5121},
        "values": {"bufferView": glb.view(lifted)},
    }
    return glb.pack()


@good(1, (3, 0, 2), 3)
def sparse_corners_over_nothing():
    glb = Glb()
    glb.doc["accessors"] = [
        {
            "componentType": 5126,
            "count": 3,
            "type": "VEC3",
            "sparse": {
                "count": 2,
                "indices": {"bufferView": glb.view(struct.pack("<2H", 1, 2)), "componentType": 5123},
                "values": {"bufferView": glb.view(struct.pack("<6f", 3, 0, 0, 0, 0, 2))},
            },
        }
    ]
    glb.mesh({"attributes": {"POSITION": 0}})
    return glb.pack()


@good(12, (1, 1, 1), 1)
def names_of_every_kind():
    glb = shape(UNIT, BOX_FACES)
    glb.doc["nodes"][0]["name"] = "ベンチ🐕‍🦺 \"[{\\ NaN 'DROP TABLE' <script>"
    glb.doc["asset"]["generator"] = '\\\\" NaN Infinity [[[['
    return glb.pack()


@good(12, (1, 1, 1), 1)
def unknown_optional_extensions_and_chunks():
    glb = shape(UNIT, BOX_FACES)
    glb.doc["extensionsUsed"] = ["ACME_wind", "KHR_materials_variants"]
    glb.doc["nodes"][0]["extensions"] = {"ACME_wind": {"uri": "not ours to follow"}}
    return glb.pack(extra_chunks=[(b"ACME", b"1234")])


@good(12, (1, 1, 1), 1)
def padded_json_and_binary():
    glb = shape(UNIT, BOX_FACES)
    glb.doc["buffers"] = [{"byteLength": len(glb.binary) + 1}]
    glb.binary += b"\0"
    return glb.pack()


@good(12, (1, 1, 1), 1)
def surfaces_beside_points_and_lines():
    glb = shape(UNIT, BOX_FACES)
    far = glb.accessor([(90, 90, 90), (91, 90, 90)])
    glb.doc["meshes"][0]["primitives"] += [{"attributes": {"POSITION": far}, "mode": mode} for mode in (0, 1)]
    return glb.pack()


@good(12, (1, 1, 1), 1)
def sleeping_morph_targets():
    glb = shape(UNIT, BOX_FACES)
    moved = glb.accessor([(9.0, 9.0, 9.0)] * 8)
    glb.doc["meshes"][0]["primitives"][0]["targets"] = [{"POSITION": moved}]
    glb.doc["meshes"][0]["weights"] = [0]
    return glb.pack()


@good(12, (1, 1, 1), 1)
def a_textured_box():
    glb = shape(UNIT, BOX_FACES)
    picture = io.BytesIO()
    Image.new("RGB", (4096, 1), "teal").save(picture, "PNG")
    glb.doc["images"] = [{"bufferView": glb.view(picture.getvalue()), "mimeType": "image/png"}]
    glb.doc["samplers"], glb.doc["textures"] = [{}], [{"source": 0, "sampler": 0}]
    glb.doc["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    glb.doc["meshes"][0]["primitives"][0]["material"] = 0
    return glb.pack()


@good(2, (3, 2, 0), 0.003)
def a_banner_without_thickness():
    return shape([(0, 0, 0), (3, 0, 0), (0, 2, 0), (3, 2, 0)], [(0, 1, 2), (2, 1, 3)]).pack()


@good(2, (4, 0, 3), 12)
def a_mat_without_height():
    return shape([(0, 0, 0), (4, 0, 0), (0, 0, 3), (4, 0, 3)], [(0, 1, 2), (2, 1, 3)]).pack()


@good(12, (2, 1.5, 1), 2)
def a_box_compressed_with_draco():
    return draco_glb(compressed()).pack()


@pytest.mark.parametrize("name", GOOD)
def test_is_accepted_and_measured(name):
    make, triangles, bounds, area = GOOD[name]
    model = read_glb(make())
    assert (model.code, model.facts.triangles) == ("ok", triangles)
    assert model.facts.bounds_m == pytest.approx(bounds, abs=1e-5)
    assert model.facts.height_m == model.facts.bounds_m[1]
    assert model.facts.footprint_area_m2 == pytest.approx(area, abs=1e-4)
    assert model.facts.outline_exact
    assert model.triangles.shape == (triangles, 3, 3)


def test_the_answer_of_model_check():
    assert read_glb(plain_box_without_normals()).as_json() == {
        "verdict": "accept",
        "code": "ok",
        "message_ja": "この3Dモデルは使えます。",
        "message_en": "This 3D model can be used.",
        "facts": {
            "triangles": 12,
            "bounds_m": [2.0, 1.5, 1.0],
            "height_m": 1.5,
            "footprint_area_m2": 2.0,
            "outline_exact": True,
            "obstacle_area_m2": 2.0,
            "floor_area_m2": 2.0,
        },
    }


@pytest.mark.parametrize(("factor", "code"), [(1, "ok"), (1000, "unit_suspect"), (0.0254, "unit_suspect")])
def test_another_unit_is_suspected_and_never_changed(factor, code):
    answer = read_glb(box((0, 0, 0), (2 * factor, 1.5 * factor, 1 * factor)).pack()).as_json()
    assert (answer["verdict"], answer["code"]) == ("accept", code)
    assert answer["facts"]["height_m"] == pytest.approx(1.5 * factor, abs=1e-4)


def test_millimetres_are_named_in_the_sentence():
    answer = read_glb(box((0, 0, 0), (2000, 1500, 1000)).pack()).as_json()
    assert answer["facts"]["suggested_unit"] == "mm"
    assert "2000×1000 m、高さ 1500 m" in answer["message_ja"]
    assert "2000 × 1000 m and is 1500 m high" in answer["message_en"]


def test_the_canonical_origin_is_the_middle_of_the_footprint_at_the_lowest_point():
    facts = read_glb(box((10, -2, 20), (14, 3, 22)).pack()).facts
    assert facts.origin_m == pytest.approx((12, -2, 21))
    assert facts.outline.bounds == pytest.approx((-2, -1, 2, 1))
    assert (facts.min_m, facts.max_m) == ((10, -2, 20), (14, 3, 22))


def test_strips_and_fans_keep_their_front_side():
    """Drawn in the plane y = 0 and seen from above, every face of both models turns the same way."""
    for data in (triangle_strip(), triangle_fan()):
        corners = read_glb(data).triangles
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 1]
        assert len(set(np.sign(across))) == 1


def test_the_hashes_are_those_of_the_file_that_is_kept_and_of_the_one_that_came():
    data = box().pack()
    model = read_glb(data)
    assert model.original_sha256 == hashlib.sha256(data).hexdigest()
    assert model.sha256 == hashlib.sha256(model.canonical).hexdigest()
