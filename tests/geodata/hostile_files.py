"""Broken or tricky files, JSON and outside references, each with the code it must be refused with."""

import struct

from glb_builder import box, pack_glb
from hostile_cases import bent, hostile

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
def two_binary_chunks():
    return box().pack(extra_chunks=[(b"BIN\0", bytes(4))])


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
