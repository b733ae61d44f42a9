"""Colours, pictures and materials survive the way into GLB. 128/255 of sRGB is 0.2159 in linear light."""

import base64
import json

import numpy as np
import pytest
from shapes_in_formats import as_zip, box_mesh, glb_builder_of, picture, ply_binary

from geodata.ingest.appearance import read_appearance
from geodata.ingest.formats import Units, to_glb
from geodata.ingest.limits import Limits

METRES = Units()
HALF = 0.21586  # ((128/255 + 0.055) / 1.055) ** 2.4

QUAD = """
mtllib paints.mtl
v 0 0 0
v 2 0 0
v 2 1 0
v 0 1 0
vt 0 0
vt 1 0
vt 1 1
vt 0 1
vn 0 0 1
"""


def looks(data, name="a.zip", units=METRES):
    return read_appearance(to_glb(data, name, units, Limits()))


def painted(faces, mtl, **files):
    return looks(as_zip({"m/a.obj": QUAD + faces, "m/paints.mtl": mtl, **files}))


def test_a_picture_stands_upright():
    """The corner at v = 0 shows the foot of the picture, which glTF counts as 1."""
    found = painted(
        "usemtl wood\nf 1/1/1 2/2/1 3/3/1 4/4/1\n",
        "newmtl wood\nKd 0 0 0\nmap_Kd wood.png\n",
        **{"m/wood.png": picture()},
    )
    assert found.uvs.tolist() == [[[0, 1], [1, 1], [1, 0]], [[0, 1], [1, 0], [0, 0]]]
    surface = found.surfaces[found.surface_of[0]]
    assert surface.texture.pixels[0, 0].tolist() == [200, 40, 40, 255]
    assert surface.base_color == (1, 1, 1, 1)  # exporters leave any grey or black beside a picture
    assert np.allclose(found.normals, [0, 0, 1])


@pytest.mark.parametrize(
    "said",
    [
        "wood.png",
        "textures/wood.png",
        "C:\\pictures\\wood.png",
        "/pictures/wood.png",
        "../wood.png",
        "-s 1 1 1 -clamp on Wood.PNG",
    ],
)
def test_a_picture_is_found_by_name_in_the_zip_and_nowhere_else(said):
    found = painted(
        "usemtl wood\nf 1/1 2/2 3/3\n", f"newmtl wood\nmap_Kd {said}\n", **{"m/textures/wood.png": picture()}
    )
    assert found.surfaces[0].texture is not None


def test_names_of_japanese_windows_find_their_files():
    text = QUAD.replace("paints.mtl", "木.mtl") + "usemtl 赤\nf 1 2 3\n"
    zipped = as_zip({"a.obj": text.encode("cp932"), "木.mtl": "newmtl 赤\nKd 1 0 0\n".encode("cp932")})
    assert looks(zipped).surfaces[0].base_color == (1, 0, 0, 1)


def test_materials_become_metallic_roughness():
    mtl = "newmtl glass\nKd 0.50196 0.50196 0\nd 0.25\nPr 0.1\nPm 1\nnewmtl grey\nKd 0.50196\nTr 0.5\n"
    found = painted("usemtl glass\nf 1 2 3\nusemtl grey\nf 1 3 4\nusemtl unknown\nf 2 3 4\n", mtl)
    plain, glass, grey = (found.surfaces[number] for number in found.surface_of)
    assert glass.base_color == pytest.approx((HALF, HALF, 0, 0.25), abs=1e-4)
    assert (glass.roughness, glass.metallic, glass.cutoff) == (0.1, 1.0, 0.5)
    assert grey.base_color == pytest.approx((HALF, HALF, HALF, 0.5), abs=1e-4)
    assert plain.base_color == (1, 1, 1, 1)


def test_an_obj_that_comes_alone_has_no_materials():
    found = looks((QUAD + "usemtl wood\nf 1 2 3\n").encode(), "a.obj")
    assert found.surfaces[found.surface_of[0]].base_color == (1, 1, 1, 1)


def test_corner_colours_of_an_obj():
    text = "v 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 1 0 0.50196 0 0\nf -3 -2 -1\n"
    assert looks(text.encode(), "a.obj").colors[0] == pytest.approx(
        np.array([[1, 0, 0, 1], [0, 1, 0, 1], [HALF, 0, 0, 1]]), abs=1e-3
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_corner_colours_of_a_ply(order):
    corners, faces = box_mesh()
    data = ply_binary(corners, faces, order, colors=[(255, 128, 0)] * 8)
    assert np.allclose(looks(data, "a.ply").colors, [1, HALF, 0, 1], atol=1e-4)


def test_normals_turn_with_the_model():
    """Up in a z-up file, (0, 0, 1), is up here: (0, 1, 0)."""
    text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nvn 0 0 5\nf 1//1 2//1 3//1\n"
    assert np.allclose(looks(text.encode(), "a.obj", Units(1.0, "z")).normals, [0, 1, 0])


def test_normals_without_direction_give_flat_faces():
    text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nvn 0 0 0\nf 1//1 2//1 3//1\n"
    assert np.allclose(looks(text.encode(), "a.obj").normals, [0, 0, 1])


def test_polygons_lines_and_remarks_of_an_obj():
    text = (
        "# remark\n#v 9 9 9\n"
        "o thing\ng part\ns off\nv 0 0 0\nv 2 0 0\nv 3 1 0 1.0\n\tv 2 2 0\r\nv 0 2 0\nl 1 2\np 1\n"
        "f 1 2 3 \\\n 4 5\n"
    )
    found = looks(text.encode(), "a.obj")
    assert found.corners[:, :, :2].tolist() == [
        [[0, 0], [2, 0], [3, 1]],
        [[0, 0], [3, 1], [2, 2]],
        [[0, 0], [2, 2], [0, 2]],
    ]


def test_a_ply_with_triangles_and_quads():
    corners, _ = box_mesh()
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7, 3)]
    assert len(looks(ply_binary(corners, quads), "a.ply").corners) == 12


def test_a_gltf_keeps_its_picture():
    glb = glb_builder_of(*box_mesh())
    binary = base64.b64encode(glb.binary).decode()
    glb.doc["buffers"] = [{"byteLength": len(glb.binary), "uri": f"data:;base64,{binary}"}]
    glb.doc["images"] = [
        {"uri": "data:image/png;base64," + base64.b64encode(picture()).decode()},
        {"uri": "a%20b.png"},
    ]
    glb.doc["textures"] = [{"source": 0}, {"source": 1}]
    glb.doc["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 1}}}]
    glb.doc["meshes"][0]["primitives"][0]["material"] = 0
    found = looks(as_zip({"a.gltf": json.dumps(glb.doc), "a b.png": picture(size=(3, 3))}))
    assert found.surfaces[0].texture.pixels.shape == (3, 3, 4)
