"""The same shapes written in five formats by tiny writers of their own, right or wrong as they are told."""

import base64
import io
import json
import math
import struct
import zipfile

from glb_builder import BOX_FACES, Glb, box_corners
from PIL import Image


def box_mesh():
    """A box 6.0 m wide (x), 3.2 m high (y), 2.4 m deep (z), standing on the ground away from the origin."""
    return box_corners((1.0, 0.0, -0.4), (7.0, 3.2, 2.0)), BOX_FACES


def seat_mesh():
    """A seat 1.83 m wide: a slab 0.45 m above the ground, and a back leaning outwards by 15 degrees."""
    lean = 0.5 * math.tan(math.radians(15))
    corners = [*box_corners((0.0, 0.0, 0.0), (1.83, 0.45, 0.5))]
    corners += [
        (x, y, z) for x in (0.0, 1.83) for y, z in ((0.45, 0.0), (0.45, 0.06), (0.95, -lean), (0.95, 0.06 - lean))
    ]
    return corners, [*BOX_FACES, *(tuple(corner + 8 for corner in face) for face in BOX_FACES)]


def picture(kind="PNG", size=(4, 2)):
    """A small picture file."""
    file = io.BytesIO()
    Image.new("RGB", size, (200, 40, 40)).save(file, kind)
    return file.getvalue()


def glb_builder_of(corners, faces):
    """The shape as a document under construction."""
    glb = Glb()
    glb.mesh({"attributes": {"POSITION": glb.accessor(corners)}, "indices": glb.accessor(sum(faces, ()), "H")})
    return glb


def as_glb(corners, faces):
    """Binary glTF."""
    return glb_builder_of(corners, faces).pack()


def as_gltf(corners, faces, **changes):
    """Text glTF with its data inside."""
    glb = glb_builder_of(corners, faces)
    uri = "data:application/octet-stream;base64," + base64.b64encode(glb.binary).decode()
    glb.doc["buffers"] = [{"byteLength": len(glb.binary), "uri": uri, **changes}]
    return json.dumps(glb.doc).encode()


def obj_text(corners, faces):
    """Wavefront OBJ in metres, y up."""
    lines = ["# a shape", *(f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in corners)]
    return "\n".join(lines + ["f " + " ".join(str(corner + 1) for corner in face) for face in faces]) + "\n"


def as_zip(members, **how):
    """A zip of name: bytes pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def in_mm_z_up(corners):
    """The same place said by a printer: millimetres, z up, so that (x, y, z) of glTF is (x, -z, y) there."""
    return [(1000 * x, -1000 * z, 1000 * y) for x, y, z in corners]


def as_stl(corners, faces, header=b"made by hand"):
    """Binary STL in millimetres, z up."""
    turned = in_mm_z_up(corners)
    body = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(value for corner in face for value in turned[corner]), 0) for face in faces
    )
    return header.ljust(80, b"\0") + struct.pack("<I", len(faces)) + body


def stl_text(corners, faces):
    """ASCII STL in millimetres, z up."""
    turned = in_mm_z_up(corners)
    lines = ["solid shape"]
    for face in faces:
        lines += ["facet normal 0 0 0", " outer loop"]
        lines += [f"  vertex {x:.4e} {y:.4e} {z:.4e}" for x, y, z in (turned[corner] for corner in face)]
        lines += [" endloop", "endfacet"]
    return ("\n".join([*lines, "endsolid shape"]) + "\n").encode()


def ply_header(kind, corners, faces, corner_properties="", face_list="uchar int"):
    """The head of a PLY with float corners and faces of the list types given."""
    return (
        f"ply\nformat {kind} 1.0\ncomment by hand\nelement vertex {corners}\nproperty float x\nproperty float y\n"
        f"property float z\n{corner_properties}element face {faces}\nproperty list {face_list} vertex_indices\n"
        "end_header\n"
    ).encode()


COLOR_PROPERTIES = "property uchar red\nproperty uchar green\nproperty uchar blue\n"


def ply_text(corners, faces):
    """ASCII PLY in metres, y up."""
    lines = [" ".join(map(str, corner)) for corner in corners]
    lines += [" ".join(map(str, (len(face), *face))) for face in faces]
    return ply_header("ascii", len(corners), len(faces)) + "\n".join(lines).encode() + b"\n"


def ply_binary(corners, faces, order="<", colors=None):
    """Binary PLY in metres, y up, with sRGB bytes at the corners if given."""
    kind = {"<": "binary_little_endian", ">": "binary_big_endian"}[order]
    head = ply_header(kind, len(corners), len(faces), COLOR_PROPERTIES if colors else "")
    shades = [bytes(color) for color in colors] if colors else [b""] * len(corners)
    body = b"".join(
        struct.pack(f"{order}3f", *corner) + shade for corner, shade in zip(corners, shades, strict=True)
    )
    body += b"".join(struct.pack(f"{order}B{len(face)}i", len(face), *face) for face in faces)
    return head + body
