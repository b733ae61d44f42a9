"""What rays find: the place, the normal and the material of each hit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.pictures.facades import facade
from geodata.pictures.stage import BLOCK, GROUND, LEAF, MODEL, TOWER, Floats, Group, Hits, Numbers, Rays, Stage
from geodata.pictures.tone import srgb_to_linear
from geodata.scene.patterns import PATTERNS


@dataclass(frozen=True)
class Surfaces:
    """The surfaces that n rays met, none of them empty; colours are linear RGB (n, 3).

    `normal` is turned towards the viewer; `mirror` is the share mirrored at right angle, above what roughness and
    metal imply; `group` numbers the stage's groups, `kind` is that group's.
    """

    at: Floats
    normal: Floats
    distance: Floats
    group: Numbers
    kind: NDArray[np.int8]
    albedo: Floats
    emission: Floats
    roughness: Floats
    metallic: Floats
    mirror: Floats
    alpha: Floats


def find_surfaces(stage: Stage, hits: Hits, rays: Rays) -> Surfaces:
    """Look up what was hit; all rays must have met something."""
    count = len(hits.triangle)
    u, v = hits.u[:, None], hits.v[:, None]
    weights = (1 - u - v, u, v)
    normal = _mixed(stage.normals[hits.triangle], weights)
    normal /= np.maximum(np.sqrt(np.einsum("ij,ij->i", normal, normal)), 1e-6)[:, None]
    normal[np.einsum("ij,ij->i", normal, rays.directions) > 0] *= -1
    found = Surfaces(
        at=rays.origins + hits.distance[:, None] * rays.directions,
        normal=normal,
        distance=hits.distance,
        group=stage.group_of[hits.triangle],
        kind=np.zeros(count, np.int8),
        albedo=_mixed(stage.colors[hits.triangle], weights),
        emission=np.zeros((count, 3), np.float32),
        roughness=np.ones(count, np.float32),
        metallic=np.zeros(count, np.float32),
        mirror=np.zeros(count, np.float32),
        alpha=np.ones(count, np.float32),
    )
    order = np.argsort(found.group, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(found.group[order])) + 1) if count else ():
        _finish(stage, stage.groups[found.group[rows[0]]], rows, found, hits, rays)
    return found


def _mixed(corners: Floats, weights: tuple[Floats, Floats, Floats]) -> Floats:
    a, b, c = weights
    mixed: Floats = corners[:, 0] * a + corners[:, 1] * b + corners[:, 2] * c
    return mixed


def _finish(stage: Stage, group: Group, rows: Numbers, found: Surfaces, hits: Hits, rays: Rays) -> None:
    """Fill in the material of the rows that belong to one group."""
    finish = group.finish
    found.kind[rows] = finish.kind
    found.roughness[rows] = finish.roughness
    found.metallic[rows] = finish.metallic
    found.mirror[rows] = finish.gloss
    pixel = hits.distance[rows] * np.float32(rays.spread)
    if finish.kind == GROUND:
        _pave(stage, finish.number, rows, found, pixel, rays.directions[rows])
    elif finish.kind == TOWER:
        solid = stage.solids[finish.number]
        look = facade(solid, found.at[rows], found.normal[rows], pixel, rays.directions[rows])
        found.albedo[rows], found.mirror[rows] = look
    elif finish.kind == MODEL:
        _dress(stage, group, rows, found, hits.take(rows))


def _pave(stage: Stage, number: int, rows: Numbers, found: Surfaces, pixel: Floats, directions: Floats) -> None:
    """Colour ground; a pixel covers more of it along the view than across."""
    ground = stage.grounds[number]
    u, v = ground.uv(found.at[rows, 0], found.at[rows, 2])
    flat = np.maximum(np.hypot(directions[:, 0], directions[:, 2]), 1e-6)
    along_u, along_v = ground.uv(directions[:, 0] / flat, directions[:, 2] / flat)
    long = pixel / np.maximum(np.abs(directions[:, 1]), 0.02)
    fu, fv = np.hypot(along_u * long, along_v * pixel), np.hypot(along_v * long, along_u * pixel)
    found.albedo[rows] = PATTERNS[ground.pattern].paint(u, v, fu, fv)


def _dress(stage: Stage, group: Group, rows: Numbers, found: Surfaces, hits: Hits) -> None:
    """Put the model's own picture, glow and transparency on it."""
    surface = group.finish.surface
    assert surface is not None
    assert group.uvs is not None
    found.emission[rows] = surface.emissive
    found.alpha[rows] = surface.base_color[3]
    if surface.texture is not None:
        u, v = hits.u[:, None], hits.v[:, None]
        places = hits.triangle - stage.starts[found.group[rows[0]]]
        texels = surface.texture.sample(_mixed(group.uvs[places], (1 - u - v, u, v)))
        found.albedo[rows] *= srgb_to_linear(texels[:, :3])
        found.alpha[rows] *= texels[:, 3]


def is_patterned(found: Surfaces) -> NDArray[np.bool_]:
    """Tell which surfaces carry a pattern that is averaged over the pixel already."""
    patterned: NDArray[np.bool_] = (found.kind == GROUND) | (found.kind == TOWER)
    return patterned


def is_building(found: Surfaces) -> NDArray[np.bool_]:
    """Tell which surfaces belong to the buildings around."""
    buildings: NDArray[np.bool_] = (found.kind == TOWER) | (found.kind == BLOCK)
    return buildings


def is_leaf(found: Surfaces) -> NDArray[np.bool_]:
    """Tell which surfaces are leaves."""
    leaves: NDArray[np.bool_] = found.kind == LEAF
    return leaves
