"""Broken compressed shapes and pictures, and files that unfold too far, each with its code."""

import io

import DracoPy
import numpy as np
from draco_models import compressed, draco_glb
from glb_builder import Glb, box
from hostile_cases import hostile
from hostile_data import png
from PIL import Image


@hostile("draco_invalid")
def draco_of_random_bytes():
    return draco_glb(np.random.default_rng(5).bytes(4000)).pack()


@hostile("draco_invalid")
def draco_cut_short():
    data = compressed()
    return draco_glb(data[: len(data) // 2]).pack()


@hostile("draco_invalid")
def draco_with_a_header_and_nothing_else():
    return draco_glb(b"DRACO\x02\x02\x01\x00\x00\x00" + bytes(5)).pack()


@hostile("draco_invalid")
def draco_claiming_four_billion_faces():
    return draco_glb(b"DRACO\x02\x02\x01\x00\x00\x00" + b"\xff\xff\xff\xff\x0f" * 8).pack()


@hostile("draco_invalid")
def draco_of_a_point_cloud():
    return draco_glb(DracoPy.encode(np.zeros((8, 3), np.float32))).pack()


@hostile("draco_invalid")
def draco_with_fewer_corners_than_promised():
    return draco_glb(compressed(), corners=9).pack()


@hostile("draco_invalid")
def draco_with_fewer_faces_than_promised():
    return draco_glb(compressed(), indices=39).pack()


@hostile("draco_invalid")
def draco_without_the_attribute_it_names():
    return draco_glb(compressed(), attributes={"POSITION": 7}).pack()


@hostile("draco_invalid")
def draco_as_a_strip():
    return draco_glb(compressed(), mode=5).pack()


@hostile("reference_invalid")
def draco_in_a_view_that_is_not_there():
    glb = draco_glb(compressed())
    glb.doc["meshes"][0]["primitives"][0]["extensions"]["KHR_draco_mesh_compression"]["bufferView"] = 9
    return glb.pack()


@hostile("accessor_no_data")
def draco_that_leaves_the_corners_out():
    return draco_glb(compressed(), attributes={}).pack()


def painted(data):
    """A box whose material shows a picture."""
    glb = box()
    glb.doc["images"] = [{"bufferView": glb.view(data), "mimeType": "image/png"}]
    glb.doc["textures"] = [{"source": 0}]
    glb.doc["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    glb.doc["meshes"][0]["primitives"][0]["material"] = 0
    return glb.pack()


def encoded(kind, size=(300, 300), **how):
    """A picture of noise."""
    noise = np.random.default_rng(7).integers(0, 256, (*size, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, kind, **how)
    return out.getvalue()


@hostile("image_broken")
def picture_with_a_header_and_no_pixels():
    return painted(png(4096, 4096))


@hostile("image_broken")
def picture_cut_in_its_pixels():
    data = encoded("PNG")
    return painted(data[: len(data) // 2])


@hostile("image_broken")
def photograph_cut_in_its_pixels():
    data = encoded("JPEG", quality=90)
    return painted(data[: len(data) // 2])


@hostile("image_broken")
def webp_of_rubbish():
    return painted(encoded("WEBP")[:60] + bytes(200))


@hostile("too_much_data")
def fourteen_shapes_over_the_same_megabyte():
    """1.2 MB in the file, 34 MB when each shape has its own: a file of that size may not be kept."""
    glb = Glb()
    view = glb.view(bytes(12) + np.linspace(0, 1, 299_997, dtype=np.float32).tobytes())
    glb.doc["accessors"] = [{"bufferView": view, "componentType": 5126, "count": 100_000, "type": "VEC3"}] * 28
    few = glb.accessor([0, 1, 99_999], "I")
    glb.mesh(*({"attributes": {"POSITION": i, "NORMAL": i + 14}, "indices": few} for i in range(14)))
    return glb.pack()
