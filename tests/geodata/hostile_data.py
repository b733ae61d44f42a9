"""Broken or tricky numbers, sizes and pictures, each with the code it must be refused with."""

import struct

from glb_builder import Glb, box, shape
from hostile_cases import bent, hostile


def png(width, height):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\0\0\0"


def with_image(data, **extra):
    glb = box()
    glb.doc["images"] = [{"bufferView": glb.view(data), "mimeType": "image/png", **extra}]
    return glb.pack()


# --- data -------------------------------------------------------------------------------------------------


@hostile("buffer_invalid")
def buffer_of_a_tebibyte():
    return bent(lambda doc: doc.update(buffers=[{"byteLength": 2**40}]))


@hostile("buffer_invalid")
def more_binary_than_declared():
    return bent(lambda doc: doc.update(buffers=[{"byteLength": 100}]))


@hostile("buffer_invalid")
def four_bytes_hidden_behind_the_buffer():
    glb = box()
    glb.doc["buffers"] = [{"byteLength": len(glb.binary)}]
    glb.binary += b"hide"
    return glb.pack()


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
def one_corner_too_many():
    return bent(lambda doc: doc["accessors"][0].update(count=9))


@hostile("accessor_invalid")
def sparse_rows_out_of_order():
    glb = box()
    glb.doc["accessors"][0]["sparse"] = {
        "count": 2,
        "indices": {"bufferView": glb.view(b"\x05\x05"), "componentType": 5121},
        "values": {"bufferView": glb.view(bytes(24))},
    }
    return glb.pack()


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
