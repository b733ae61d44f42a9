"""Scenes for tests: the example proposals in their places, and odd models in a park."""

import functools
import io
import json

import numpy as np
import shapely
from glb_builder import BOX_FACES, Glb, box, box_corners
from PIL import Image
from shapely.geometry import shape

from geodata.placement import Placement
from geodata.scene import SceneSpec, build_scene
from geodata.west_shinjuku.context import blocks
from geodata.west_shinjuku.generator.catalogue import PROGRAMMES

FOLDER = PROGRAMMES / "nishi-shinjuku-2026"
# slug: site, land type, lon, lat, heading
PROPOSALS = {
    "shade-bench": ("chuo-mizu", "park", 139.6898399, 35.6905146, 168.6),
    "lawn-stage": ("tomin", "plaza", 139.6924808, 35.6896818, 168.6),
    "piano-and-books": ("sankaku", "indoor_plaza", 139.6927554, 35.6910526, 168.6),
    "book-tunnel": ("55hiroba", "private_open_space", 139.6939063, 35.6914274, 168.6),
    "planters-to-sit-on": ("gijido", "road", 139.6937908, 35.6893350, 258.6),
    "beacon": ("tomin", "plaza", 139.6927332, 35.6893925, 258.6),
}
PARK = shape(json.loads((FOLDER / "chuo-mizu.geojson").read_text())["geometry"])


def spec(slug):
    """One of the example proposals with the towers around it."""
    site, land_type, lon, lat, heading = PROPOSALS[slug]
    boundary = shape(json.loads((FOLDER / f"{site}.geojson").read_text())["geometry"])
    level = "underground" if site == "55hiroba" else "ground"
    model = (FOLDER / f"{slug}.glb").read_bytes()
    return SceneSpec(model, Placement(lon, lat, heading), boundary, level, land_type, tuple(blocks(lon, lat)))


@functools.lru_cache(maxsize=16)
def example(slug):
    """The scene of an example proposal."""
    return build_scene(spec(slug))


def in_the_park(model, **how):
    """A model in the middle of the water plaza, without towers."""
    placement = Placement(PARK.centroid.x, PARK.centroid.y, 200.0, **how)
    return build_scene(SceneSpec(model, placement, PARK, "ground", "park"))


def picture_bytes(kind):
    """A 16 by 16 picture, red on the left and blue on the right."""
    pixels = np.zeros((16, 16, 3), np.uint8)
    pixels[:, :8, 0], pixels[:, 8:, 2] = 220, 220
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, quality=95)
    return buffer.getvalue()


def textured(picture, mime_type="image/png"):
    """A wall 3 m wide and 2 m high with a picture on its front."""
    glb = Glb()
    attributes = {
        "POSITION": glb.accessor([(-1.5, 0.0, 0.0), (1.5, 0.0, 0.0), (1.5, 2.0, 0.0), (-1.5, 2.0, 0.0)]),
        "TEXCOORD_0": glb.accessor([(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]),
    }
    glb.doc["images"] = [{"bufferView": glb.view(picture), "mimeType": mime_type}]
    glb.doc["textures"] = [{"source": 0}]
    surface = {"baseColorTexture": {"index": 0}, "metallicFactor": 0.0}
    glb.doc["materials"] = [{"pbrMetallicRoughness": surface}]
    glb.mesh({"attributes": attributes, "indices": glb.accessor([0, 1, 2, 0, 2, 3], "H"), "material": 0})
    return glb.pack()


def coloured():
    """A box whose corners are green."""
    glb = Glb()
    corners = box_corners((-1, 0, -1), (1, 2, 1))
    attributes = {
        "POSITION": glb.accessor(corners),
        "COLOR_0": glb.accessor([(0, 255, 0, 255)] * 8, "B", normalized=True),
    }
    glb.mesh({"attributes": attributes, "indices": glb.accessor([n for face in BOX_FACES for n in face], "H")})
    return glb.pack()


def plain_box(low, high):
    """A box of the default material."""
    return box(low, high).pack()


def plan_point(stand):
    """Where something stands, seen from above."""
    return shapely.Point(stand.at[0], stand.at[2])
