"""The GLB writer against the glTF 2.0 specification, read back by a reader written apart."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.glb_writer import LICENCE, Material, Mesh, merge, write_glb

RED = Material("red", (0.5, 0.1, 0.1, 1.0), roughness=0.7, metallic=0.2, emissive=(0.1, 0.0, 0.0))
HAZE = Material("haze", (1.0, 1.0, 1.0, 0.25))

coordinates = st.floats(-50, 50).map(lambda value: round(value, 4))
points = st.tuples(coordinates, coordinates, coordinates)


def triangle(corners=((0, 0, 0), (1, 0, 0), (0, 1, 0))) -> Mesh:
    return Mesh(np.array(corners, dtype=float), np.tile([0.0, 0.0, 1.0], (3, 1)), np.array([[0, 1, 2]]))


def split(data: bytes) -> tuple[dict, bytes]:
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    json_length, json_kind = struct.unpack_from("<I4s", data, 12)
    bin_length, bin_kind = struct.unpack_from("<I4s", data, 20 + json_length)
    assert (json_kind, bin_kind) == (b"JSON", b"BIN\0")
    assert json_length % 4 == 0
    assert bin_length % 4 == 0
    assert 28 + json_length + bin_length == length
    return json.loads(data[20 : 20 + json_length]), data[28 + json_length :]


def accessor(document: dict, binary: bytes, number: int) -> np.ndarray:
    described = document["accessors"][number]
    view = document["bufferViews"][described["bufferView"]]
    kind = {5123: "<u2", 5125: "<u4", 5126: "<f4"}[described["componentType"]]
    width = {"SCALAR": 1, "VEC3": 3}[described["type"]]
    start = view["byteOffset"] + described["byteOffset"]
    assert start % np.dtype(kind).itemsize == 0
    assert described["byteOffset"] + described["count"] * width * np.dtype(kind).itemsize <= view["byteLength"]
    return np.frombuffer(binary, kind, described["count"] * width, start).reshape(-1, width)


def test_one_triangle_is_written_as_the_specification_says():
    document, binary = split(write_glb([(triangle(), RED)], "one"))
    # 3 positions and 3 normals of 12 bytes, 3 indices of 2 bytes padded to 8 (by hand).
    assert document["buffers"] == [{"byteLength": 36 + 36 + 8}]
    assert len(binary) == 80
    assert document["accessors"][0]["min"] == [0.0, 0.0, 0.0]
    assert document["accessors"][0]["max"] == [1.0, 1.0, 0.0]
    assert [view["target"] for view in document["bufferViews"]] == [34962, 34962, 34963]
    assert document["materials"] == [
        {
            "name": "red",
            "pbrMetallicRoughness": {
                "baseColorFactor": [0.5, 0.1, 0.1, 1.0],
                "metallicFactor": 0.2,
                "roughnessFactor": 0.7,
            },
            "emissiveFactor": [0.1, 0.0, 0.0],
        }
    ]
    assert struct.unpack("<3H", binary[72:78]) == (0, 1, 2)


def test_the_licence_stands_in_the_asset():
    document, _ = split(write_glb([(triangle(), RED)], "one"))
    assert document["asset"]["version"] == "2.0"
    assert document["asset"]["copyright"] == LICENCE
    assert LICENCE.startswith("CC0-1.0")


def test_parts_of_one_material_become_one_primitive_and_transparent_ones_blend():
    moved = triangle(((0, 0, 5), (1, 0, 5), (0, 1, 5)))
    document, binary = split(write_glb([(triangle(), RED), (triangle(), HAZE), (moved, RED)], "three"))
    primitives = document["meshes"][0]["primitives"]
    assert [document["materials"][p["material"]]["name"] for p in primitives] == ["red", "haze"]
    assert accessor(document, binary, primitives[0]["indices"]).ravel().tolist() == [0, 1, 2, 3, 4, 5]
    assert document["materials"][1]["alphaMode"] == "BLEND"
    assert "alphaMode" not in document["materials"][0]


def test_more_vertices_than_a_short_index_reaches_get_long_indices():
    many = merge([triangle()] * 21846)  # 65,538 vertices; 65,535 is the most that 16 bits may address
    document, binary = split(write_glb([(many, RED)], "many"))
    indices = accessor(document, binary, document["meshes"][0]["primitives"][0]["indices"])
    assert indices.dtype == np.dtype("<u4")
    assert indices.max() == 65537


@given(st.lists(st.tuples(points, points, points), min_size=1, max_size=6))
def test_what_is_written_is_read_back(triangles):
    parts = [(triangle(corners), (RED, HAZE)[number % 2]) for number, corners in enumerate(triangles)]
    data = write_glb(parts, "any")
    document, binary = split(data)
    primitives = document["meshes"][0]["primitives"]
    written = [accessor(document, binary, p["attributes"]["POSITION"]).reshape(-1, 3, 3) for p in primitives]
    expected = [np.array(triangles[start::2], dtype="<f4") for start in range(min(2, len(triangles)))]
    for got, wanted, primitive in zip(written, expected, primitives, strict=True):
        assert np.array_equal(got, wanted)
        described = document["accessors"][primitive["attributes"]["POSITION"]]
        assert described["min"] == got.min(axis=(0, 1)).tolist()
        assert described["max"] == got.max(axis=(0, 1)).tolist()
    assert write_glb(parts, "any") == data


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([], "at least one part"),
        ([(triangle(((0, 0, 0), (1, 0, float("nan")), (0, 1, 0))), RED)], "not finite"),
        ([(Mesh(np.zeros((3, 3)), np.ones((3, 3)), np.array([[0, 1, 3]])), RED)], "does not exist"),
        ([(Mesh(np.zeros((3, 3)), np.ones((3, 3)), np.array([[0, 1, -1]])), RED)], "does not exist"),
        ([(Mesh(np.zeros((3, 3)), np.ones((2, 3)), np.array([[0, 1, 2]])), RED)], "one normal a vertex"),
        ([(Mesh(np.zeros((3, 3)), np.ones((3, 3)), np.zeros((0, 3), dtype=int)), RED)], "no triangle"),
    ],
)
def test_broken_meshes_are_refused(parts, sentence):
    with pytest.raises(ValueError, match=sentence):
        write_glb(parts, "broken")
