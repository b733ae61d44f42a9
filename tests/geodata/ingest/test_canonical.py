"""The canonical file: measured like the original, the same for the same input, and with nothing in it to fear."""

import io
import json

import numpy as np
import pytest
from draco_models import compressed, draco_glb
from glb_builder import BOX_FACES, Glb, box, box_corners, shape
from hostile_packed import encoded, painted
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from geodata.ingest import Limits, ModelRejected, read_glb
from geodata.ingest.appearance import read_appearance

UNIT = box_corners((0, 0, 0), (1, 1, 1))


def document_of(glb):
    """The JSON of a GLB."""
    return json.loads(glb[20 : 20 + int.from_bytes(glb[12:16], "little")])


def picture_in(glb):
    """The first picture of a GLB, decoded, and its media type."""
    document = document_of(glb)
    image = document["images"][0]
    view = document["bufferViews"][image["bufferView"]]
    start = 28 + int.from_bytes(glb[12:16], "little") + view["byteOffset"]
    return Image.open(io.BytesIO(glb[start : start + view["byteLength"]])), image["mimeType"]


def decorated():
    """A box with everything that a canonical file leaves behind."""
    glb = box((3, 1, 2), (5, 2.5, 3))
    glb.doc["asset"] |= {"generator": "<b>x</b>", "copyright": "© 2026 A班 CC0-1.0", "extras": {"a": 1}}
    glb.doc["nodes"] = [
        {"name": "<script>", "children": [1, 2, 3], "extras": {"x": 1}, "rotation": [0, 0, 0, 1]},
        {"mesh": 0, "extensions": {"ACME_wind": {"uri": "https://example.org"}}},
        {"camera": 0},
        {"extensions": {"KHR_lights_punctual": {"light": 0}}},
    ]
    glb.doc["cameras"] = [{"type": "perspective", "perspective": {"yfov": 1, "znear": 1}}]
    glb.doc["extensions"] = {"KHR_lights_punctual": {"lights": [{"type": "point"}]}}
    glb.doc["extensionsUsed"] = ["ACME_wind", "KHR_lights_punctual", "KHR_materials_unlit"]
    glb.doc["animations"] = [{"channels": [], "samplers": []}]
    glb.doc["materials"] = [
        {"name": "unused"},
        {
            "name": "<img src=x>",
            "pbrMetallicRoughness": {"baseColorFactor": [0.2, 0.4, 0.6, 1], "metallicFactor": "much"},
            "extensions": {"KHR_materials_unlit": {}, "ACME_glow": {"script": "alert(1)"}},
            "alphaMode": "<b>",
            "extras": {"note": "secret"},
        },
    ]
    primitive = glb.doc["meshes"][0]["primitives"][0]
    primitive["material"] = 1
    primitive["attributes"]["_SECRET"] = glb.accessor([(7.0, 7.0, 7.0)] * 8)
    far = glb.accessor([(90, 90, 90), (91, 90, 90)])
    glb.doc["meshes"][0]["primitives"].append({"attributes": {"POSITION": far}, "mode": 1})
    return glb.pack(extra_chunks=[(b"ACME", b"evil")])


def test_only_what_is_known_is_kept():
    kept = document_of(read_glb(decorated()).canonical)
    assert kept["asset"] == {"version": "2.0", "generator": "Attara", "copyright": "© 2026 A班 CC0-1.0"}
    assert kept["extensionsUsed"] == ["KHR_materials_unlit"]
    assert kept["nodes"] == [
        {"rotation": [0, 0, 0, 1], "translation": [-4.0, -1.0, -2.5], "children": [1]},
        {"mesh": 0},
    ]
    assert kept["materials"] == [
        {
            "pbrMetallicRoughness": {"baseColorFactor": [0.2, 0.4, 0.6, 1]},
            "extensions": {"KHR_materials_unlit": {}},
        }
    ]
    (primitive,) = kept["meshes"][0]["primitives"]
    assert primitive["attributes"].keys() == {"POSITION"}
    assert not kept.keys() & {"cameras", "animations", "extensions", "extras", "skins"}
    assert b"evil" not in read_glb(decorated()).canonical


def test_the_origin_is_the_middle_of_the_footprint_at_the_lowest_point():
    model = read_glb(read_glb(decorated()).canonical)
    assert model.facts.origin_m == pytest.approx((0, 0, 0), abs=1e-6)
    assert model.facts.min_m == pytest.approx((-1, 0, -0.5), abs=1e-6)
    assert model.triangles.min(axis=(0, 1)) == pytest.approx((-1, 0, -0.5), abs=1e-6)


@pytest.mark.parametrize("copyright", ["x" * 201, "two\nlines", "\u202eevil", 7])
def test_a_copyright_that_is_no_short_plain_line_is_left_out(copyright):
    glb = box()
    glb.doc["asset"]["copyright"] = copyright
    assert "copyright" not in document_of(read_glb(glb.pack()).canonical)["asset"]


def test_draco_is_undone_and_the_shape_stays():
    kept = read_glb(draco_glb(compressed()).pack())
    plain = read_glb(box((3, 1, 2), (5, 2.5, 3)).pack())
    assert "extensionsUsed" not in document_of(kept.canonical)
    assert np.array_equal(kept.triangles, plain.triangles)
    assert kept.canonical == plain.canonical


def test_colours_of_three_bytes_in_draco_start_on_multiples_of_four():
    colors = np.arange(24, dtype=np.uint8).reshape(8, 3)
    glb = draco_glb(compressed(colors=colors), attributes={"POSITION": 1, "COLOR_0": 0})
    glb.doc["accessors"].append({"componentType": 5121, "count": 8, "type": "VEC3", "normalized": True})
    glb.doc["meshes"][0]["primitives"][0]["attributes"]["COLOR_0"] = 2
    drawn = read_appearance(read_glb(glb.pack()).canonical)
    assert drawn.colors[0, 0, :3] * 255 == pytest.approx(colors[BOX_FACES[0][0]])


def test_a_large_photograph_becomes_a_jpeg_of_2048_pixels():
    picture, kind = picture_in(read_glb(painted(encoded("PNG", (1500, 3000)))).canonical)
    assert (picture.format, kind, picture.size) == ("JPEG", "image/jpeg", (2048, 1024))


def test_a_small_palette_keeps_its_exact_colours():
    palette = np.random.default_rng(3).integers(0, 256, (1, 256, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(palette).save(out, "PNG")
    picture, kind = picture_in(read_glb(painted(out.getvalue())).canonical)
    assert kind == "image/png"
    assert np.array_equal(np.asarray(picture), palette)


def test_what_one_sees_through_stays_a_png():
    pixels = np.full((400, 400, 4), 255, np.uint8)
    pixels[0, 0, 3] = 0
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "WEBP", lossless=True, exact=True)
    picture, kind = picture_in(read_glb(painted(out.getvalue())).canonical)
    assert (kind, picture.mode) == ("image/png", "RGBA")


def test_nothing_hides_in_a_picture():
    """A comment in a JPEG and a zip behind it are gone; what was clean stays byte for byte."""
    clean = encoded("JPEG", quality=90, subsampling=0)
    dirty = clean[:2] + b"\xff\xfe\x00\x08<evil>"[:10] + clean[2:] + b"PK\x05\x06hidden"
    kept = read_glb(painted(dirty)).canonical
    assert b"evil" not in kept
    assert b"hidden" not in kept
    assert clean in read_glb(painted(clean)).canonical


def test_the_size_of_textures_is_a_limit_of_its_own():
    picture, _ = picture_in(read_glb(painted(encoded("PNG")), Limits(texture_side=64)).canonical)
    assert picture.size == (64, 64)


numbers = st.floats(-300, 300, width=32)
points = st.tuples(numbers, numbers, numbers)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(points, points, points), min_size=1, max_size=8),
    st.lists(st.tuples(points, st.sampled_from([1, -1, 0.5, 2])), min_size=1, max_size=4),
)
def test_cleaning_the_clean_changes_nothing_and_sizes_stay(faces, nodes):
    glb = shape([corner for face in faces for corner in face])
    chain = [{"children": [i + 1], "translation": at, "scale": [size] * 3} for i, (at, size) in enumerate(nodes)]
    glb.doc["nodes"] = [*chain, {"mesh": 0}]
    try:
        model = read_glb(glb.pack())
    except ModelRejected as refusal:
        assume(refusal.code not in {"zero_size", "too_small"})
        raise
    again = read_glb(model.canonical)
    assert again.canonical == model.canonical
    assert again.facts.bounds_m == pytest.approx(model.facts.bounds_m, abs=1e-4)
    assert read_glb(glb.pack()).canonical == model.canonical


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_cleaning_a_clean_picture_changes_nothing(kind):
    first = read_glb(painted(encoded(kind))).canonical
    assert read_glb(first).canonical == first


def test_quantized_corners_stay_as_they_are():
    glb = Glb()
    glb.doc["extensionsUsed"] = glb.doc["extensionsRequired"] = ["KHR_mesh_quantization"]
    corners = b"".join(bytes([255 * x, 255 * y, 255 * z, 0]) for x, y, z in UNIT)
    view = glb.view(corners, byteStride=4)
    glb.doc["accessors"] = [{"bufferView": view, "componentType": 5121, "count": 8, "type": "VEC3"}]
    glb.mesh({"attributes": {"POSITION": 0}, "indices": glb.accessor(sum(BOX_FACES, ()), "H")})
    glb.doc["nodes"] = [{"mesh": 0, "scale": [0.01] * 3}]
    model = read_glb(glb.pack())
    assert model.facts.bounds_m == pytest.approx((2.55, 2.55, 2.55))
    again = read_glb(model.canonical)
    assert again.facts.bounds_m == pytest.approx((2.55, 2.55, 2.55))
    assert document_of(model.canonical)["extensionsRequired"] == ["KHR_mesh_quantization"]
