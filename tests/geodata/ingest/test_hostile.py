"""Models that must be refused: each with its code, in words for people, within two seconds."""

import json
import struct
import time

import pytest
from glb_builder import BOX_FACES, Glb, box, box_corners, pack_glb, shape

from geodata.ingest import ModelRejected, check_model, read_glb
from geodata.ingest.errors import SENTENCES

CASES = {}


def hostile(code):
    """Register a function that makes the bytes of a model to be refused with this code."""

    def register(make):
        CASES[make.__name__] = (make, code)
        return make

    return register


def bent(change):
    """A good box whose document was changed by hand."""
    glb = box()
    change(glb.doc)
    return glb.pack()


def png(width, height):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\0\0\0"


def with_image(data, **extra):
    glb = box()
    glb.doc["images"] = [{"bufferView": glb.view(data), "mimeType": "image/png", **extra}]
    return glb.pack()


# --- the file ---------------------------------------------------------------------------------------------


@hostile("empty_file")
def no_bytes():
    return b""


@hostile("file_too_large")
def one_byte_over_20_mb():
    return b"glTF" + bytes(20_000_000 - 3)


@hostile("not_glb")
def a_zip_archive():
    return b"PK\x03\x04" + bytes(100)


@hostile("not_glb")
def an_fbx_file():
    return b"Kaydara FBX Binary  \0\x1a\0" + bytes(100)


@hostile("gltf_text")
def a_text_gltf():
    return b'\xef\xbb\xbf {"asset": {"version": "2.0"}}'


@hostile("truncated")
def half_a_header():
    return box().pack()[:10]


@hostile("unsupported_version")
def version_1():
    return pack_glb({"asset": {"version": "1.0"}}, version=1)


@hostile("truncated")
def cut_in_the_middle():
    return box().pack()[:-40]


@hostile("truncated")
def header_claims_4_gib():
    return box().pack(length=0xFFFFFFFF)


@hostile("trailing_bytes")
def zip_hidden_behind_the_model():
    return box().pack() + b"PK\x05\x06" + bytes(18)


@hostile("chunks_invalid")
def chunk_longer_than_the_file():
    data = bytearray(box().pack())
    data[12:16] = struct.pack("<I", 0x7FFFFFF0)
    return bytes(data)


@hostile("chunks_invalid")
def chunk_length_not_a_multiple_of_four():
    text = b'{"asset":{"version":"2.0"}}'
    body = struct.pack("<I", len(text)) + b"JSON" + text
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


@hostile("chunks_invalid")
def two_json_chunks():
    return box().pack(extra_chunks=[(b"JSON", b"{}  ")])


@hostile("chunks_invalid")
def binary_before_json():
    body = struct.pack("<I", 4) + b"BIN\0" + bytes(4) + struct.pack("<I", 4) + b"JSON" + b"{}  "
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


@hostile("chunks_invalid")
def header_alone():
    return struct.pack("<4sII", b"glTF", 2, 12)


@hostile("chunks_invalid")
def a_hundred_thousand_empty_chunks():
    return box().pack(extra_chunks=[(b"XXXX", b"")] * 100_000)


# --- the JSON ---------------------------------------------------------------------------------------------


@hostile("json_too_large")
def json_of_5_mb():
    return pack_glb({"asset": {"version": "2.0"}, "extras": "x" * 5_000_000})


@hostile("json_too_deep")
def two_hundred_thousand_nested_arrays():
    return pack_glb(b'{"asset":{"version":"2.0"},"extras":' + b"[" * 200_000 + b"]" * 200_000 + b"}")


@hostile("json_too_deep")
def deep_objects_behind_a_string_full_of_quotes():
    text = b'{"name":"' + b'\\"[' * 1000 + b'\\\\","extras":' + b'{"a":' * 100 + b"1" + b"}" * 101
    return pack_glb(text)


@hostile("json_nan")
def nan_token():
    return pack_glb(b'{"asset":{"version":"2.0"},"nodes":[{"translation":[NaN,0,0]}]}')


@hostile("json_nan")
def minus_infinity_token():
    return pack_glb(b'{"asset":{"version":"2.0"},"nodes":[{"scale":[1,-Infinity,1]}]}')


@hostile("json_invalid")
def not_json_at_all():
    return pack_glb(b"{asset: 2.0}")


@hostile("json_invalid")
def four_megabytes_of_escaped_quotes():
    return pack_glb(b'"' + b'\\"' * 1_900_000)


@hostile("json_invalid")
def not_utf_8():
    return pack_glb(b'{"asset":{"version":"2.0","generator":"\xff\xfe"}}')


@hostile("json_invalid")
def number_of_5000_digits():
    return pack_glb(b'{"asset":{"version":"2.0"},"scene":' + b"9" * 5000 + b"}")


@hostile("json_structure")
def json_is_a_list():
    return pack_glb(b"[1, 2, 3]")


@hostile("unsupported_version")
def no_asset():
    return pack_glb({"scenes": []})


@hostile("json_structure")
def nodes_is_a_string():
    return bent(lambda doc: doc.update(nodes="all of them"))


@hostile("json_structure")
def count_is_true():
    return bent(lambda doc: doc["accessors"][0].update(count=True))


# --- outside data and extensions --------------------------------------------------------------------------


@hostile("external_uri")
def buffer_at_a_file_address():
    return bent(lambda doc: doc.update(buffers=[{"byteLength": 168, "uri": "file:///etc/passwd"}]))


@hostile("external_uri")
def buffer_at_a_web_address():
    return bent(lambda doc: doc.update(buffers=[{"byteLength": 168, "uri": "http://127.0.0.1/x.bin"}]))


@hostile("external_uri")
def buffer_at_a_parent_folder():
    return bent(lambda doc: doc.update(buffers=[{"byteLength": 168}, {"byteLength": 4, "uri": "../x.bin"}]))


@hostile("external_uri")
def image_at_a_network_share():
    return bent(lambda doc: doc.update(images=[{"uri": "\\\\server\\share\\x.png"}]))


@hostile("data_uri")
def image_as_text():
    return bent(lambda doc: doc.update(images=[{"uri": "DATA:image/png;base64,AAAA"}]))


@hostile("draco_compressed")
def draco():
    return bent(lambda doc: doc.update(extensionsRequired=["KHR_draco_mesh_compression"]))


@hostile("draco_compressed")
def draco_not_announced():
    draco_part = {"KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {"POSITION": 0}}}
    return bent(lambda doc: doc["meshes"][0]["primitives"][0].update(extensions=draco_part))


@hostile("meshopt_compressed")
def meshopt():
    return bent(lambda doc: doc.update(extensionsUsed=["EXT_meshopt_compression"]))


@hostile("ktx2_textures")
def ktx2():
    return bent(lambda doc: doc.update(extensionsRequired=["KHR_texture_basisu"]))


@hostile("gpu_instancing")
def hidden_instances_on_a_node():
    instances = {"EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": 0}}}
    return bent(lambda doc: doc["nodes"][0].update(extensions=instances))


@hostile("extension_required")
def unknown_required_extension():
    return bent(lambda doc: doc.update(extensionsRequired=["ACME_<script>"]))


# --- data -------------------------------------------------------------------------------------------------


@hostile("buffer_invalid")
def buffer_of_a_tebibyte():
    return bent(lambda doc: doc.update(buffers=[{"byteLength": 2**40}]))


@hostile("buffer_invalid")
def more_binary_than_declared():
    return bent(lambda doc: doc.update(buffers=[{"byteLength": 100}]))


@hostile("buffer_invalid")
def view_beyond_the_buffer():
    return bent(lambda doc: doc["bufferViews"][0].update(byteOffset=160))


@hostile("buffer_invalid")
def view_with_a_stride_of_three():
    return bent(lambda doc: doc["bufferViews"][0].update(byteStride=6))


@hostile("accessor_no_data")
def eighteen_gigabytes_of_implied_zeros():
    return bent(
        lambda doc: doc["accessors"].append({"componentType": 5126, "count": 1_500_000_000, "type": "VEC3"})
    )


@hostile("accessor_out_of_bounds")
def more_corners_than_bytes():
    return bent(lambda doc: doc["accessors"][0].update(count=2_000_000_000))


@hostile("accessor_out_of_bounds")
def offset_that_would_wrap_32_bits():
    return bent(lambda doc: doc["accessors"][0].update(byteOffset=2**32 - 4))


@hostile("json_structure")
def negative_count():
    return bent(lambda doc: doc["accessors"][0].update(count=-8))


@hostile("accessor_out_of_bounds")
def stride_that_leaves_the_view():
    return bent(lambda doc: doc["bufferViews"][0].update(byteStride=16))


@hostile("accessor_invalid")
def stride_shorter_than_an_element():
    return bent(lambda doc: doc["bufferViews"][0].update(byteStride=8))


@hostile("accessor_misaligned")
def floats_at_an_odd_address():
    return bent(lambda doc: doc["accessors"][0].update(byteOffset=2, count=7))


@hostile("accessor_invalid")
def unknown_component_type():
    return bent(lambda doc: doc["accessors"][0].update(componentType=5130))


@hostile("accessor_invalid")
def indices_as_floats():
    return bent(lambda doc: doc["meshes"][0]["primitives"][0].update(indices=0))


@hostile("accessor_invalid")
def integer_corners_without_the_extension():
    glb = Glb()
    glb.mesh({"attributes": {"POSITION": glb.accessor([(0, 0, 0), (1, 0, 0), (0, 1, 0)], "h")}})
    return glb.pack()


@hostile("accessor_invalid")
def sparse_rows_beyond_the_end():
    glb = box()
    glb.doc["accessors"][0]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": glb.view(struct.pack("<I", 800)), "componentType": 5125},
        "values": {"bufferView": glb.view(struct.pack("<3f", 0, 0, 0))},
    }
    return glb.pack()


@hostile("too_much_data")
def a_thousand_accessors_over_the_same_megabyte():
    glb = box()
    view = glb.view(bytes(1_200_000))
    described = {"bufferView": view, "componentType": 5126, "count": 100_000, "type": "VEC3"}
    glb.doc["accessors"] += [described] * 1000
    return glb.pack()


@hostile("index_out_of_range")
def face_beyond_the_corners():
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [(0, 1, 3)]).pack()


@hostile("reference_invalid")
def mesh_that_does_not_exist():
    return bent(lambda doc: doc["nodes"][0].update(mesh=7))


@hostile("reference_invalid")
def accessor_minus_one():
    return bent(lambda doc: doc["meshes"][0]["primitives"][0].update(indices=-1))


@hostile("reference_invalid")
def material_that_does_not_exist():
    return bent(lambda doc: doc["meshes"][0]["primitives"][0].update(material=0))


@hostile("not_finite")
def corner_at_nan():
    return shape([(0, 0, 0), (1, 0, 0), (0, float("nan"), 0)]).pack()


@hostile("not_finite")
def corner_at_infinity_that_no_face_uses():
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, float("inf"), 0)], [(0, 1, 2)]).pack()


# --- the scene --------------------------------------------------------------------------------------------


@hostile("too_many_nodes")
def thirty_thousand_nodes_in_a_chain():
    chain = [{"children": [i + 1]} for i in range(29_999)]
    return bent(lambda doc: doc.update(nodes=[*chain, {"mesh": 0}]))


@hostile("nodes_too_deep")
def a_chain_of_65():
    chain = [{"children": [i + 1]} for i in range(64)]
    return bent(lambda doc: doc.update(nodes=[*chain, {"mesh": 0}]))


@hostile("node_cycle")
def a_circle_of_nodes():
    return bent(lambda doc: doc.update(nodes=[{"mesh": 0}, {"children": [2]}, {"children": [1]}]))


@hostile("node_cycle")
def its_own_child():
    return bent(lambda doc: doc.update(nodes=[{"mesh": 0}, {"children": [1]}]))


@hostile("node_two_parents")
def a_shared_child():
    nodes = [{"children": [1, 2]}, {"children": [3]}, {"children": [3]}, {"mesh": 0}]
    return bent(lambda doc: doc.update(nodes=nodes))


@hostile("node_two_parents")
def doubling_graph_of_60_levels():
    nodes = [{"children": [i + 1, i + 1]} for i in range(60)]
    return bent(lambda doc: doc.update(nodes=[*nodes, {"mesh": 0}]))


@hostile("node_two_parents")
def scene_naming_a_child():
    return bent(lambda doc: doc.update(nodes=[{"children": [1]}, {"mesh": 0}], scenes=[{"nodes": [0, 1]}]))


@hostile("reference_invalid")
def child_that_does_not_exist():
    return bent(lambda doc: doc["nodes"][0].update(children=[5]))


@hostile("no_scene")
def no_scenes():
    return bent(lambda doc: [doc.pop("scenes"), doc.pop("scene")])


@hostile("reference_invalid")
def default_scene_that_does_not_exist():
    return bent(lambda doc: doc.update(scene=4))


@hostile("transform_invalid")
def matrix_and_scale_together():
    matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    return bent(lambda doc: doc["nodes"][0].update(matrix=matrix, scale=[1, 1, 1]))


@hostile("transform_invalid")
def perspective_matrix():
    matrix = [1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    return bent(lambda doc: doc["nodes"][0].update(matrix=matrix))


@hostile("transform_invalid")
def sheared_matrix():
    matrix = [1, 0, 0, 0, 3, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    return bent(lambda doc: doc["nodes"][0].update(matrix=matrix))


@hostile("transform_invalid")
def rotation_that_is_none():
    return bent(lambda doc: doc["nodes"][0].update(rotation=[0, 0, 0, 0]))


@hostile("transform_invalid")
def scale_of_1e999():
    document = {"asset": {"version": "2.0"}, "scenes": [{"nodes": [0]}], "nodes": [{"scale": [7, 1, 1]}]}
    return pack_glb(json.dumps(document).replace("7", "1e999").encode())


@hostile("not_finite")
def scales_that_multiply_to_infinity():
    chain = [{"children": [i + 1], "scale": [1e100, 1e100, 1e100]} for i in range(5)]
    return bent(lambda doc: doc.update(nodes=[*chain, {"mesh": 0}]))


# --- meshes -----------------------------------------------------------------------------------------------


@hostile("too_many_triangles")
def four_hundred_fifty_million_triangles_by_instancing():
    glb = box()
    one = glb.doc["meshes"][0]["primitives"][0]
    glb.doc["meshes"] = [{"primitives": [one] * 7500}]  # 90,000 triangles
    glb.doc["nodes"] = [{"mesh": 0}] * 1999
    glb.doc["scenes"] = [{"nodes": list(range(1999))}]
    return glb.pack()


@hostile("too_many_triangles")
def one_triangle_over():
    glb = Glb()
    corners = glb.accessor([(0, 0, 0), (1, 0, 0), (0, 0, 1)])
    indices = glb.view(bytes(3 * 500_001))
    glb.doc["accessors"].append(
        {"bufferView": indices, "componentType": 5121, "count": 3 * 500_001, "type": "SCALAR"}
    )
    glb.mesh({"attributes": {"POSITION": corners}, "indices": 1})
    return glb.pack()


@hostile("too_many_primitives")
def eleven_thousand_draws():
    glb = box()
    glb.doc["meshes"][0]["primitives"] *= 11
    glb.doc["nodes"] = [{"mesh": 0}] * 1000
    glb.doc["scenes"] = [{"nodes": list(range(1000))}]
    return glb.pack()


@hostile("too_many_vertices")
def corners_that_no_face_uses():
    glb = Glb()
    view = glb.view(bytes(4 * 1_500_001), byteStride=4)
    glb.doc["accessors"] = [{"bufferView": view, "componentType": 5120, "count": 1_500_001, "type": "VEC3"}]
    glb.doc["extensionsUsed"] = ["KHR_mesh_quantization"]
    glb.mesh({"attributes": {"POSITION": 0}, "indices": glb.accessor([0, 1, 2], "H")})
    return glb.pack()


@hostile("no_triangles")
def only_points():
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0)], mode=0).pack()


@hostile("no_triangles")
def only_lines():
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0)], mode=3).pack()


@hostile("no_triangles")
def empty_scene():
    return bent(lambda doc: doc.update(scenes=[{}]))


@hostile("no_triangles")
def two_corners():
    return shape([(0, 0, 0), (1, 0, 0)], mode=5).pack()


@hostile("primitive_invalid")
def mode_seven():
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0)], mode=7).pack()


@hostile("primitive_invalid")
def no_positions():
    return bent(lambda doc: doc["meshes"][0]["primitives"][0].update(attributes={}))


@hostile("primitive_invalid")
def fewer_normals_than_corners():
    glb = box()
    normals = glb.accessor([(0, 1, 0)] * 3)
    glb.doc["meshes"][0]["primitives"][0]["attributes"]["NORMAL"] = normals
    return glb.pack()


@hostile("primitive_invalid")
def mesh_without_primitives():
    return bent(lambda doc: doc["meshes"].append({"primitives": []}))


@hostile("skinned")
def moved_by_bones():
    return bent(lambda doc: doc["nodes"][0].update(skin=0))


@hostile("morphed")
def bent_by_a_shape_key():
    return bent(lambda doc: doc["meshes"][0].update(weights=[0.0, 1.0]))


# --- size -------------------------------------------------------------------------------------------------


@hostile("zero_size")
def all_corners_in_one_place():
    return shape([(1, 1, 1)] * 3).pack()


@hostile("zero_size")
def scaled_to_nothing():
    return bent(lambda doc: doc["nodes"][0].update(scale=[0, 0, 0]))


@hostile("zero_size")
def a_line_of_triangles():
    return shape([(0, 0, 0), (1, 1, 1), (2, 2, 2)]).pack()


@hostile("too_large")
def corner_beyond_the_moon():
    return shape([(0, 0, 0), (3e38, 0, 0), (0, 1, 0)]).pack()


@hostile("too_large")
def both_ends_of_the_number_line():
    return bent(lambda doc: doc["nodes"][0].update(scale=[1.7e308, 1, 1]))


@hostile("too_small")
def a_box_of_five_millimetres():
    return box((0, 0, 0), (0.005, 0.005, 0.005)).pack()


# --- pictures ---------------------------------------------------------------------------------------------


@hostile("image_unreadable")
def script_as_a_picture():
    return with_image(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")


@hostile("image_too_large")
def picture_of_900_megapixels():
    return with_image(png(30_000, 30_000))


@hostile("image_too_large")
def five_pictures_of_16_megapixels():
    glb = box()
    view = glb.view(png(4096, 4096))
    glb.doc["images"] = [{"bufferView": view, "mimeType": "image/png"}] * 5
    return glb.pack()


@hostile("ktx2_textures")
def ktx2_picture():
    return with_image(b"\xabKTX 20\xbb\r\n\x1a\n" + bytes(60))


@hostile("image_unreadable")
def picture_cut_in_its_header():
    return with_image(png(16, 16)[:20])


@hostile("image_unreadable")
def picture_without_width():
    return with_image(png(0, 16))


@hostile("image_unreadable")
def picture_without_data():
    return bent(lambda doc: doc.update(images=[{"mimeType": "image/png"}]))


@hostile("too_many_images")
def sixty_five_pictures():
    return bent(lambda doc: doc.update(images=[{"bufferView": 0}] * 65))


@hostile("too_many_materials")
def two_hundred_and_one_materials():
    return bent(lambda doc: doc.update(materials=[{}] * 201))


@hostile("reference_invalid")
def texture_of_no_picture():
    return bent(lambda doc: doc.update(textures=[{"source": 0}]))


@hostile("reference_invalid")
def material_with_no_texture():
    surface = {"baseColorTexture": {"index": 3}}
    return bent(lambda doc: doc.update(materials=[{"pbrMetallicRoughness": surface}]))


# ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_is_refused_with_its_code_within_two_seconds(name):
    make, code = CASES[name]
    data = make()
    start = time.perf_counter()
    with pytest.raises(ModelRejected) as refusal:
        read_glb(data)
    assert time.perf_counter() - start <= 2.0
    assert refusal.value.code == code
    assert refusal.value.message_ja.endswith("。")
    assert refusal.value.message_en.endswith(".")
    assert "{" not in refusal.value.message_ja + refusal.value.message_en


def test_every_code_of_a_refusal_has_a_case():
    assert SENTENCES.keys() - {code for _, code in CASES.values()} == {"ok", "unit_suspect"}


def test_a_name_from_the_file_reaches_the_sentence_only_as_plain_letters():
    with pytest.raises(ModelRejected) as refusal:
        read_glb(unknown_required_extension())
    assert "ACME_?script?" in refusal.value.message_ja
    assert "<" not in refusal.value.message_ja + refusal.value.message_en


def test_the_answer_of_model_check_keeps_what_is_known():
    answer = check_model(only_points())
    assert answer == {
        "verdict": "reject",
        "code": "no_triangles",
        "message_ja": SENTENCES["no_triangles"].ja,
        "message_en": SENTENCES["no_triangles"].en,
        "facts": {"triangles": 0},
    }
    assert check_model(b"")["facts"] == {}


def test_the_limit_itself_is_allowed():
    """64 levels, 2,000 nodes: one more of either is refused above."""
    chain = [{"children": [i + 1]} for i in range(63)]
    glb = box()
    glb.doc["nodes"] = [*chain, {"mesh": 0}, *[{}] * (2000 - 64)]
    assert read_glb(glb.pack()).code == "ok"


def test_a_model_just_below_the_limit_is_measured():
    """480,000 triangles: 24,000 in the file, drawn 20 times one metre apart."""
    corners = box_corners((0, 0, 0), (0.1, 0.1, 0.1))
    glb = shape(corners, BOX_FACES * 2000)  # 24,000 triangles
    glb.doc["nodes"] = [{"mesh": 0, "translation": [i, 0, 0]} for i in range(20)]
    glb.doc["scenes"] = [{"nodes": list(range(20))}]
    start = time.perf_counter()
    facts = read_glb(glb.pack()).facts
    assert time.perf_counter() - start <= 10.0
    assert facts.triangles == 480_000
    assert facts.bounds_m == pytest.approx((19.1, 0.1, 0.1))
