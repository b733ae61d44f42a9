"""The surroundings of a proposal as one small GLB for the 3D view: ground, towers, plants, people.

Ground and fronts carry small pictures that repeat, made by the same rules as the rendered ones. Each plant or
figure is stored once, in its light form, and drawn by as many nodes as there are of it.
"""

import io
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image

from geodata.glb_scene import GlbScene, Paint
from geodata.glb_writer import Floats, merge
from geodata.scene.fronts import KINDS, PLAIN_WALL, front_of
from geodata.scene.ground import Ground
from geodata.scene.light import encoded
from geodata.scene.patterns import PATTERNS, TILE_M
from geodata.scene.prop import Prop, joined
from geodata.scene.props import prop_named
from geodata.scene.scene import Scene
from geodata.scene.solids import Solid

TILE_PIXELS, PLAIN_PIXELS, FRONT_PIXELS = 320, 32, 64
JPEG_QUALITY = 62
PICTURED = frozenset({"slabs", "setts", "brick", "pavers", "tiles", "lawn"})


def surroundings_glb(scene: Scene) -> bytes:
    """Write ground, buildings, plants and people, without the proposal, as a GLB that any viewer reads."""
    glb = GlbScene("surroundings")
    for ground in scene.grounds:
        _add_ground(glb, ground)
    _add_towers(glb, [solid for solid in scene.solids if not solid.plain])
    _add_plain(glb, [solid for solid in scene.solids if solid.plain])
    if scene.fixtures:
        _add_built(glb, joined(scene.fixtures))
    _add_props(glb, scene)
    return glb.pack()


def _add_built(glb: GlbScene, built: Prop) -> None:
    """What is all of one colour needs no colour at each corner."""
    if (built.colors == built.colors[0]).all():
        red, green, blue = (float(value) for value in built.colors[0])
        number = glb.add_mesh("built", built.mesh, Paint("built", (red, green, blue, 1.0)))
    else:
        number = glb.add_mesh("built", built.mesh, Paint("built"), built.colors)
    glb.add_node(number)


def _add_props(glb: GlbScene, scene: Scene) -> None:
    meshes: dict[str, int] = {}
    for stand in (*scene.figures, *scene.plants):
        if stand.prop not in meshes:
            prop = prop_named(stand.prop, False)
            meshes[stand.prop] = glb.add_mesh(stand.prop, prop.mesh, Paint("props", roughness=1.0), prop.colors)
        glb.add_node(meshes[stand.prop], stand.at, stand.turn, stand.scale)


def _add_ground(glb: GlbScene, ground: Ground) -> None:
    mesh, pattern = ground.mesh(), PATTERNS[ground.pattern]
    x, z = mesh.positions[:, 0].astype(np.float32), mesh.positions[:, 2].astype(np.float32)
    if ground.pattern in PICTURED:
        uvs = np.column_stack(ground.uv(x, z)).astype(np.float64) / TILE_M
        paint = Paint(
            ground.pattern, roughness=pattern.roughness, picture=_tile(ground.pattern), picture_type="image/jpeg"
        )
        glb.add_node(glb.add_mesh(ground.pattern, mesh, paint, uvs=uvs))
    else:
        red, green, blue = (float(value) for value in _painted(ground.pattern, PLAIN_PIXELS).mean(axis=(0, 1)))
        paint = Paint(ground.pattern, (red, green, blue, 1.0), pattern.roughness)
        glb.add_node(glb.add_mesh(ground.pattern, mesh, paint))


def _painted(name: str, pixels: int) -> np.ndarray:
    """One repeat of a pattern as linear colours (pixels, pixels, 3)."""
    size = np.float32(TILE_M / pixels)
    places = (np.arange(pixels, dtype=np.float32) + 0.5) * size
    u, v = (grid.ravel() for grid in np.meshgrid(places, places))
    footprint = np.full(len(u), size, np.float32)
    return PATTERNS[name].paint(u, v, footprint, footprint).reshape(pixels, pixels, 3)


@lru_cache(maxsize=32)
def _tile(name: str) -> bytes:
    buffer = io.BytesIO()
    _picture(_painted(name, TILE_PIXELS)).save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return buffer.getvalue()


def _picture(colors: np.ndarray) -> Image.Image:
    return Image.fromarray((encoded(colors) * 255 + 0.5).astype(np.uint8))


def _add_plain(glb: GlbScene, solids: Sequence[Solid]) -> None:
    if solids:
        paint = Paint("buildings", (*PLAIN_WALL, 1.0), roughness=1.0)
        glb.add_node(glb.add_mesh("buildings", merge(solid.mesh for solid in solids), paint))


def _add_towers(glb: GlbScene, solids: Sequence[Solid]) -> None:
    for kind in range(len(KINDS)):
        same = [solid for solid in solids if front_of(solid).kind == kind]
        if same:
            paint = Paint(f"front-{kind}", roughness=0.7, picture=_front_picture(kind))
            colors = np.concatenate(
                [np.tile(front_of(solid).wall, (len(solid.mesh.positions), 1)) for solid in same]
            )
            uvs = np.concatenate([_front_uvs(solid) for solid in same])
            number = glb.add_mesh(f"front-{kind}", merge(solid.mesh for solid in same), paint, colors, uvs)
            glb.add_node(number)


def _front_uvs(solid: Solid) -> Floats:
    """One repeat a bay and a storey; roofs lie wholly in the wall."""
    front, mesh = front_of(solid), solid.mesh
    u = mesh.positions[:, 0] * mesh.normals[:, 2] - mesh.positions[:, 2] * mesh.normals[:, 0]
    uvs = np.column_stack([u / front.bay, -mesh.positions[:, 1] / front.storey])
    uvs[np.abs(mesh.normals[:, 1]) > 0.5] = (0.01, 0.99)
    return uvs


@lru_cache(maxsize=8)
def _front_picture(kind: int) -> bytes:
    """One bay of one storey: a white wall, to be tinted, and a window."""
    sill, pier = KINDS[kind]
    places = (np.arange(FRONT_PIXELS) + 0.5) / FRONT_PIXELS
    window = (places[None, :] > pier) & (places[::-1, None] > sill)
    colors = np.where(window[..., None], np.array([0.42, 0.52, 0.60]), 1.0)
    buffer = io.BytesIO()
    _picture(colors.astype(np.float32)).quantize(4).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
