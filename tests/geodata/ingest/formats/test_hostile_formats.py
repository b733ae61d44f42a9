"""Files of other formats that must be refused: each with its code, in words for people, and never otherwise."""

import base64
import contextlib
import json
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapes_in_formats import (
    as_glb,
    as_gltf,
    as_stl,
    as_zip,
    box_mesh,
    obj_text,
    ply_binary,
    ply_header,
    ply_text,
    stl_text,
)

from geodata.ingest import ModelRejected, read_glb
from geodata.ingest.format_sentences import FORMAT_SENTENCES
from geodata.ingest.formats import Units, to_glb
from geodata.ingest.limits import Limits

MESH = box_mesh()
TRIANGLE = "v 0 0 0\nv 1 0 0\nv 0 1 0\n"


def obj(text):
    return (TRIANGLE + text).encode()


def with_mtl(mtl, **files):
    text = "mtllib a.mtl\n" + TRIANGLE + "usemtl m\nf 1 2 3\n"
    return as_zip({"a.obj": text, "a.mtl": "newmtl m\n" + mtl, **files})


def ply(header_change=("", ""), body=b"0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"):
    return ply_header("ascii", 3, 1).replace(*(part.encode() for part in header_change)) + body


def bent_zip(change):
    """A good zip with its flags changed: (offset in the local header, offset in the directory, value)."""
    data = bytearray(as_zip({"a.obj": obj_text(*MESH)}))
    entry = data.index(b"PK\x01\x02")
    for place, value in change(entry):
        data[place : place + len(value)] = value
    return bytes(data)


def overlapping_zip():
    """Two directory entries that name the same bytes."""
    data = as_zip({"a.obj": obj_text(*MESH)})
    entry = data[data.index(b"PK\x01\x02") : data.index(b"PK\x05\x06")]
    second = entry.replace(b"a.obj", b"b.txt")
    start = data.index(entry)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, 2 * len(entry), start, 0)
    return data[:start] + entry + second + end


def doubled_zip():
    return as_zip({"a.obj": obj_text(*MESH), "b.txt": b"x", "B.TXT": b"y"})


LOOSE_VIEW = b'{"asset":{"version":"2.0"},"bufferViews":[{"buffer":0}]}'
EASY = b"".join(b"%d" % (i % 1_000) for i in range(330_000))  # 1 MB that packs to a hundredth
CLOUD = ply(("element face 1\nproperty list uchar int vertex_indices\n", ""), b"0 0 0 " * 3)
STL_WITH_NAN = bytearray(as_stl(*MESH))
STL_WITH_NAN[100:104] = struct.pack("<f", float("nan"))

CASES = {
    # text
    "NaN in OBJ": (b"v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "a.obj", "not_finite"),
    "infinity in OBJ": (b"v inf 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "a.obj", "not_finite"),
    "number beyond double": (b"v 1e999 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "a.obj", "not_finite"),
    "number beyond single": (b"v 1e300 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "a.obj", "too_large"),
    "underscore in a number": (b"v 1_0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "a.obj", "text_number"),
    "two signs": (b"v --1 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "a.obj", "text_number"),
    "corner of two numbers": (b"v 1 0\nf 1 1 1\n", "a.obj", "text_invalid"),
    "line of 10 MB": (b"v " + b"1" * 10_000_000, "a.obj", "text_line_too_long"),
    "line of 10 MB by continuation": (b"f 1 " + b"2 \\\n" * 2_000_000, "a.obj", "text_line_too_long"),
    "remark of 10 MB": (b"#" * 10_000_000, "a.obj", "text_line_too_long"),
    "index beyond": (obj("f 1 2 4\n"), "a.obj", "index_out_of_range"),
    "index before": (obj("f -1 -2 -4\n"), "a.obj", "index_out_of_range"),
    "index zero": (obj("f 0 1 2\n"), "a.obj", "index_out_of_range"),
    "huge index": (obj(f"f 1 2 {10**30}\n"), "a.obj", "text_number"),
    "uv index beyond": (obj("f 1/1 2/1 3/1\n"), "a.obj", "index_out_of_range"),
    "face of two corners": (obj("f 1 2\n"), "a.obj", "text_invalid"),
    "face with stray slashes": (obj("f 1/ 2 3\n"), "a.obj", "text_invalid"),
    "face of four parts": (obj("f 1/1/1/1 2 3\n"), "a.obj", "text_invalid"),
    "face in decimals": (obj("f 1.0 2 3\n"), "a.obj", "text_number"),
    "call": (obj("call ../other.obj 1\n"), "a.obj", "obj_call"),
    "shell command": (obj("csh rm -rf /\n"), "a.obj", "obj_call"),
    "curved surface": (obj("cstype bspline\nsurf 0 1 0 1 1 2 3\n"), "a.obj", "obj_curves"),
    "unknown word": (obj("<script> 1\n"), "a.obj", "text_invalid"),
    "only points": (obj("p 1 2 3\n"), "a.obj", "no_triangles"),
    "a million faces": (obj("f 1 2 3\n" * 1_000_000), "a.obj", "too_many_triangles"),
    "a polygon of a million corners": (obj("f " + "1 2 3 " * 10_000 + "\n") * 60, "a.obj", "too_many_triangles"),
    "two million corners": (b"v 0 0 0\n" * 2_000_000, "a.obj", "too_many_vertices"),
    "a material a face": (obj("usemtl a\n" * 600_000), "a.obj", "too_many_primitives"),
    # MTL and pictures
    "MTL with a path": (
        as_zip({"a.obj": "mtllib /etc/passwd\n" + TRIANGLE + "f 1 2 3\n"}), "a.zip", "file_missing"
    ),
    "MTL one folder up": (as_zip({"a.obj": "mtllib ../../m\n" + TRIANGLE + "f 1 2 3\n"}), "a.zip", "file_missing"),
    "picture with a path": (with_mtl("map_Kd ../../../etc/shadow\n"), "a.zip", "file_missing"),
    "picture on a server": (with_mtl("map_Kd http://host/x.png\n"), "a.zip", "file_missing"),
    "picture that is none": (with_mtl("map_Kd x.png\n", **{"x.png": b"<svg>"}), "a.zip", "image_unreadable"),
    "colour that is none": (with_mtl("Kd red\n"), "a.zip", "text_number"),
    "half a colour": (with_mtl("Kd 1 1\n"), "a.zip", "text_invalid"),
    "too many materials": (with_mtl("".join(f"newmtl a{i}\n" for i in range(300))), "a.zip", "too_many_materials"),
    "MTL of 2 MB": (with_mtl("".join(f"# {i * i}\n" for i in range(120_000))), "a.zip", "mtl_too_large"),
    # STL
    "STL cut short": (as_stl(*MESH)[:-1], "a.stl", "truncated"),
    "STL with more behind": (as_stl(*MESH) + b"x", "a.stl", "trailing_bytes"),
    "STL of four thousand million": (b"x" * 80 + b"\xff\xff\xff\xff", "a.stl", "too_many_triangles"),
    "STL of nothing": (b"x" * 80 + b"\0\0\0\0", "a.stl", "no_triangles"),
    "STL of ten bytes": (b"x" * 10, "a.stl", "truncated"),
    "NaN in binary STL": (bytes(STL_WITH_NAN), "a.stl", "not_finite"),
    "NaN in text STL": (stl_text(*MESH).replace(b"vertex 1", b"vertex nan 1", 1), "a.stl", "text_invalid"),
    "NaN alone in text STL": (
        stl_text(*MESH).replace(b"vertex 1.0000e+03", b"vertex nan", 1), "a.stl", "not_finite"
    ),
    "text STL cut short": (stl_text(*MESH)[:-15], "a.stl", "truncated"),
    "text STL with two corners": (
        stl_text(*MESH).replace(b"  vertex 1", b"  #ertex 1", 1), "a.stl", "text_invalid"
    ),
    "text STL with a facet too many": (
        stl_text(*MESH).replace(b" outer", b"facet\n outer", 1), "a.stl", "text_invalid"
    ),
    # PLY
    "PLY without a head": (b"ply\nformat ascii 1.0\n", "a.ply", "ply_header"),
    "PLY of version 2": (ply(("ascii 1.0", "ascii 2.0")), "a.ply", "ply_header"),
    "PLY in another order": (ply(("ascii", "binary_middle_endian")), "a.ply", "ply_header"),
    "PLY of unknown numbers": (ply(("float x", "quad x")), "a.ply", "ply_header"),
    "PLY with a column twice": (ply(("float y", "float x")), "a.ply", "ply_header"),
    "PLY without a height": (ply(("float z", "float q")), "a.ply", "ply_header"),
    "PLY with lists by float": (ply(("uchar int", "float int")), "a.ply", "ply_header"),
    "PLY of a million faces": (ply(("face 1", "face 1000000")), "a.ply", "too_many_triangles"),
    "PLY of 10^12 corners": (ply(("vertex 3", "vertex 999999999999")), "a.ply", "too_many_vertices"),
    "PLY of a count with 5,000 digits": (ply(("vertex 3", "vertex " + "9" * 5_000)), "a.ply", "ply_header"),
    "PLY cut short": (ply_binary(*MESH)[:-1], "a.ply", "truncated"),
    "PLY with more behind": (ply_binary(*MESH) + b"x", "a.ply", "trailing_bytes"),
    "PLY with a huge list": (ply(body=b"0 0 0\n1 0 0\n0 1 0\n99999999 0 1 2\n"), "a.ply", "ply_list"),
    "PLY with half a list": (ply(body=b"0 0 0\n1 0 0\n0 1 0\n2.5 0 1 2\n"), "a.ply", "ply_list"),
    "PLY with half a corner": (ply(body=b"0 0 0\n1 0 0\n0 1 0\n3 0 1 1.5\n"), "a.ply", "ply_list"),
    "PLY with a corner beyond": (ply(body=b"0 0 0\n1 0 0\n0 1 0\n3 0 1 3\n"), "a.ply", "index_out_of_range"),
    "PLY with a corner before": (ply(body=b"0 0 0\n1 0 0\n0 1 0\n3 0 1 -1\n"), "a.ply", "index_out_of_range"),
    "NaN in text PLY": (ply_text(*MESH).replace(b"1.0", b"nan", 2), "a.ply", "ply_header"),
    "NaN in the body of a PLY": (ply(body=b"nan 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"), "a.ply", "not_finite"),
    "a cloud of points": (CLOUD, "a.ply", "no_triangles"),
    # glTF
    "glTF with a file beside it": (as_gltf(*MESH, uri="a.bin"), "a.gltf", "external_uri"),
    "glTF with a file of the machine": (as_gltf(*MESH, uri="file:///etc/passwd"), "a.gltf", "external_uri"),
    "glTF with broken base64": (as_gltf(*MESH, uri="data:;base64,A=B="), "a.gltf", "data_uri_invalid"),
    "glTF with percent signs": (as_gltf(*MESH, uri="data:text/plain,%00%00"), "a.gltf", "data_uri_invalid"),
    "glTF that says too much": (as_gltf(*MESH, byteLength=10**12), "a.gltf", "buffer_invalid"),
    "glTF of 200,000 arrays": (b"{" + b"[" * 200_000, "a.gltf", "json_too_deep"),
    "glTF with NaN": (b'{"asset":{"version":"2.0"},"x":NaN}', "a.gltf", "json_nan"),
    "glTF with views of nothing": (LOOSE_VIEW, "a.gltf", "reference_invalid"),
    # zip
    "empty zip": (as_zip({}), "a.zip", "zip_no_model"),
    "zip cut short": (as_zip({"a.obj": obj_text(*MESH)})[:-30], "a.zip", "zip_broken"),
    "zip with a damaged member": (
        as_zip({"a.obj": obj_text(*MESH)}).replace(b"a.obj", b"b.obj", 1), "a.zip", "zip_broken"
    ),
    "zip with a password": (bent_zip(lambda entry: [(6, b"\1"), (entry + 8, b"\1")]), "a.zip", "zip_encrypted"),
    "zip by another method": (
        bent_zip(lambda entry: [(8, b"\x0e"), (entry + 10, b"\x0e")]), "a.zip", "zip_method"
    ),
    "zip that lies about sizes": (bent_zip(lambda entry: [(entry + 24, b"\x10\0\0\0")]), "a.zip", "zip_broken"),
    "zip whose members overlap": (overlapping_zip(), "a.zip", "zip_broken"),
    "zip bomb": (as_zip({"a.obj": b"#" * 50_000_000}), "a.zip", "zip_bomb"),
    "zip bomb in many parts": (as_zip({f"{i}.txt": EASY for i in range(70)}), "a.zip", "zip_bomb"),
    "zip one folder up": (as_zip({"../a.obj": TRIANGLE}), "a.zip", "zip_name"),
    "zip from the root": (as_zip({"/a.obj": TRIANGLE}), "a.zip", "zip_name"),
    "zip from a drive": (as_zip({"C:/a.obj": TRIANGLE}), "a.zip", "zip_name"),
    "zip with a name twice": (doubled_zip(), "a.zip", "zip_name"),
    "zip in a zip": (as_zip({"a.obj": TRIANGLE, "b.zip": as_zip({})}), "a.zip", "zip_nested"),
    "zip that calls itself a model": (as_zip({"a.obj": as_zip({})}), "a.zip", "zip_nested"),
    "zip of 300 files": (as_zip({f"{i}.txt": b"" for i in range(300)}), "a.zip", "zip_too_many_files"),
    "zip of 100,000 files": (as_zip({"a": b""}) + b"PK\x01\x02" * 100_000, "a.zip", "zip_too_many_files"),
    "zip of two models": (as_zip({"a.obj": TRIANGLE, "b.stl": b""}), "a.zip", "zip_several_models"),
    "zip of an FBX": (as_zip({"a.fbx": b"", "b.png": b""}), "a.zip", "format_fbx"),
    # units, nothing, unknown
    "nothing": (b"", "a.obj", "empty_file"),
    "too much": (b"v" * 20_000_001, "a.obj", "file_too_large"),
    "a letter": ("こんにちは".encode(), "letter.txt", "format_unknown"),
    "a letter named GLB": (b"hello", "a.glb", "not_glb"),
    # formats with another way out, by content or by name
    "FBX": (b"Kaydara FBX Binary  \0\x1a\0", "a", "format_fbx"),
    "USD": (b"#usda 1.0\n", "a", "format_usd"),
    "USDZ": (as_zip({"a.usdc": b""}), "a.usdz", "format_usd"),
    "USDZ without its name": (as_zip({"a.usdc": b""}), "a", "format_usd"),
    "SKP": ("\ufeff\u0eff".encode("utf-16-be") + "SketchUp Model".encode("utf-16-le"), "a.skp", "format_skp"),
    "IFC": (b"ISO-10303-21;\nHEADER;FILE_SCHEMA(('IFC4'));", "a", "format_ifc"),
    "blend": (b"BLENDER-v300", "a", "format_blend"),
    "compressed blend": (b"\x28\xb5\x2f\xfd", "a.blend", "format_blend"),
    "3DS": (b"MM\x10\0\0\0\x02\0\x0a\0\0\0\x03\0\0\0", "a", "format_3ds"),
    "COLLADA": (b'<?xml version="1.0"?><COLLADA xmlns="x">', "a", "format_dae"),
    "Rhino": (b"3D Geometry File Format ", "a", "format_3dm"),
    "3ds Max": (b"\xd0\xcf\x11\xe0", "a.max", "format_max"),
    "MagicaVoxel": (b"VOX \x96\0\0\0MAIN", "a", "format_vox"),
    "Minecraft": (b"\x1f\x8b\x08", "a.schem", "format_schem"),
    "STEP": (b"ISO-10303-21;\nHEADER;FILE_SCHEMA(('AP214'));", "a", "format_step"),
    "DWG": (b"AC1032", "a", "format_dwg"),
    "3MF": (as_zip({"3D/3dmodel.model": b""}), "a.3mf", "format_3mf"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_is_refused_with_its_code_within_two_seconds(case):
    data, name, code = CASES[case]
    start = time.process_time()
    with pytest.raises(ModelRejected) as refusal:
        read_glb(to_glb(data, name, Units(), Limits()), Limits())
    assert time.process_time() - start <= 2.0
    assert refusal.value.code == code
    assert refusal.value.message_ja.endswith("。")
    assert refusal.value.message_en.endswith(".")
    assert not set("{}<>") & set(refusal.value.message_ja + refusal.value.message_en)


@pytest.mark.parametrize("write", [as_glb, as_gltf])
@pytest.mark.parametrize("units", [Units(0.001), Units(1.0, "z")])
def test_gltf_has_its_units(write, units):
    with pytest.raises(ModelRejected) as refusal:
        to_glb(write(*MESH), "a", units, Limits())
    assert refusal.value.code == "units_fixed"


def test_every_code_of_a_format_has_a_case():
    assert FORMAT_SENTENCES.keys() - {code for _, _, code in CASES.values()} == {"units_fixed"}


HEADS = [
    b"", b"glTF\2\0\0\0", b"PK\x03\x04", b"solid x\nfacet\n", b"solid x\nfacet normal 0 0 0\nvertex ",
    b"v 0 0 0\nv 1 0 0\n",
    b"v 0 0 0\nf ", b'{"asset":{"version":"2.0"},"buffers":[{"byteLength":1,"uri":"data:;base64,', b"ply\n",
    ply_header("ascii", 3, 1), ply_header("binary_little_endian", 3, 1), ply_header("binary_big_endian", 3, 2),
    b"ply\nformat ascii 1.0\nelement ", b"ISO-10303-21;", b"MM", b"x" * 80,
]  # fmt: skip
GOOD = [
    as_stl(*MESH),
    stl_text(*MESH),
    ply_text(*MESH),
    ply_binary(*MESH),
    obj_text(*MESH).encode(),
    as_gltf(*MESH),
]
GOOD.append(
    as_zip({"a.obj": "mtllib a.mtl\n" + obj_text(*MESH), "a.mtl": "newmtl a\nKd 1 1 1\nd 1\nmap_Kd -s 1 1 x\n"})
)
NAMES = st.sampled_from(["a", "a.obj", "a.stl", "a.ply", "a.gltf", "a.zip"])
WORDS = st.sampled_from(
    [
        b"v ",
        b"f ",
        b"vt ",
        b"vn ",
        b"usemtl ",
        b"/",
        b"-1",
        b"1e9",
        b"0",
        b"3",
        b" ",
        b"\n",
        b"\\\n",
        b"vertex ",
        b"facet ",
    ]
)


def is_read_or_refused(data, name):
    """Only a refusal may be raised by reading, and what is read is something the gate can judge."""
    with contextlib.suppress(ModelRejected):
        read_glb(to_glb(data, name, Units(), Limits()), Limits())


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(HEADS), st.binary(max_size=200), NAMES)
def test_any_bytes_after_any_head(head, rest, name):
    is_read_or_refused(head + rest, name)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(HEADS), st.lists(WORDS, max_size=60), NAMES)
def test_any_words_after_any_head(head, words, name):
    is_read_or_refused(head + b"".join(words), name)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_changed_and_cut_bytes(good, data):
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    is_read_or_refused(bytes(changed[: data.draw(st.integers(1, len(changed)))]), data.draw(NAMES))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_buffer_of_a_gltf(content):
    uri = "data:;base64," + base64.b64encode(content).decode()
    document = {"asset": {"version": "2.0"}, "buffers": [{"byteLength": 40, "uri": uri}], "images": [{"uri": uri}]}
    is_read_or_refused(json.dumps(document).encode(), "a.gltf")
