"""How much sun and sky reach a place: shadow rays spread over neighbouring pixels, then smoothed.

Each pixel sends few rays, a different choice in each of the 16 pixels of a 4 by 4 tile; averaging over 5 by 5 with
half weights at the rim counts each choice the same, so flat surfaces come out free of noise. Neighbours on another
surface are left out (cross-bilateral filter).
"""

import math
from dataclasses import dataclass

import numpy as np

from geodata.pictures import sky
from geodata.pictures.stage import Floats, Numbers, Stage
from geodata.pictures.surfaces import Surfaces, is_building, is_leaf

SKY_RAYS = 2  # a pixel
SUN_RADIUS = math.radians(1.3)  # larger than the real sun: the soft shadow of a lamp over a model
OFFSET_M, OFFSET_SHARE = 0.004, 2e-4  # shadow rays start this far off the surface, more in the distance
LEAF_OFFSET_M = 0.06
OPEN_M = 60.0
BOUNCE = np.array([0.36, 0.33, 0.28], np.float32)
# The order in which the pixels of a tile take the rays, so that neighbours differ most (B. Bayer, 1973).
TILE = np.array([0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5])
SAME_NORMAL, SAME_PLANE = 0.85, 0.005
REACH, ROWS = 2, 32  # pixels that the filter reaches; rows smoothed together, to stay in the cache
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Light:
    """What reaches n places: the share of the sun (n,), and the light of sky and neighbours (n, 3)."""

    sun: Floats
    sky: Floats


def gather(stage: Stage, found: Surfaces, tile: Numbers) -> Light:
    """Send the rays of each place; `tile` (n,) from 0 to 15 says which choice of rays it takes."""
    offset = OFFSET_M + OFFSET_SHARE * found.distance
    origins = (found.at + found.normal * offset[:, None]).astype(np.float32)
    return Light(_sun(stage, found, origins, TILE[tile]), _sky(stage, found, origins, TILE[tile]))


def _sun(stage: Stage, found: Surfaces, origins: Floats, tile: Numbers) -> Floats:
    """Towers that keep no sun off are always lit, like the backdrop of a stage."""
    backdrop, leaves = is_building(found) & (not stage.behind_towers), is_leaf(found)
    rows = np.flatnonzero(((stage.sky.sunward(found.normal) > 0) | leaves) & ~backdrop)
    rays = _sun_rays(stage.sky.sun)[tile[rows]]
    starts = origins[rows] + rays * np.where(leaves[rows], LEAF_OFFSET_M, 0.0).astype(np.float32)[:, None]
    free: Floats = backdrop.astype(np.float32)
    free[rows] = stage.is_sunlit(starts, rays)
    return free


def _sun_rays(sun: Floats) -> Floats:
    """16 directions over the disc of a sun in this direction."""
    steps = np.arange(16) + 0.5
    radius, angle = SUN_RADIUS * np.sqrt(steps / 16), 2 * math.pi * steps * _GOLDEN
    side = np.cross(sun, [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    up = np.cross(side, sun)
    rays = sun + (radius * np.cos(angle))[:, None] * side + (radius * np.sin(angle))[:, None] * up
    return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True), np.float32)


def _sky(stage: Stage, found: Surfaces, origins: Floats, tile: Numbers) -> Floats:
    total = np.zeros_like(origins)
    tangent, bitangent = _frames(found.normal)
    directions = _hemisphere(16 * SKY_RAYS)
    for k in range(SKY_RAYS):
        local = directions[tile + 16 * k]
        rays = local[:, :1] * tangent + local[:, 1:2] * bitangent + local[:, 2:] * found.normal
        rays = np.ascontiguousarray(rays, np.float32)
        total += _arriving(stage, rays, stage.near.reach(origins, rays))
    return total / SKY_RAYS


def _arriving(stage: Stage, rays: Floats, reach: Floats) -> Floats:
    """The light along rays that end at a distance: open sky, or what a lit neighbour sends back."""
    light = np.empty_like(rays)
    shut = reach < OPEN_M
    light[~shut] = stage.sky.radiance(rays[~shut]) * sky.SKY_LIGHT
    near = np.clip(reach[shut] / np.float32(1.4), 0.05, 1.0)
    upward = np.clip(rays[shut, 1] * 4 + np.float32(0.6), 0.0, 1.0)
    light[shut] = BOUNCE * (near * (1 - np.float32(0.35) * upward))[:, None]
    return light


def _hemisphere(count: int) -> Floats:
    """Cosine-weighted directions about +z (R2 sequence of M. Roberts)."""
    steps = np.arange(count)
    first, second = (0.5 + steps * 0.7548776662466927) % 1, (0.5 + steps * 0.5698402909980532) % 1
    radius, angle = np.sqrt(first), 2 * math.pi * second
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.sqrt(1 - first)]).astype(np.float32)


def _frames(normals: Floats) -> tuple[Floats, Floats]:
    """Two axes across each normal (Duff et al., "Building an Orthonormal Basis, Revisited", 2017)."""
    x, y, z = normals.T
    sign = np.where(z >= 0, np.float32(1), np.float32(-1))
    a = -1 / (sign + z)
    b = x * y * a
    return (
        np.column_stack([1 + sign * x * x * a, sign * b, -sign * x]),
        np.column_stack([b, sign + y * y * a, -y]),
    )


def smoothed(values: Floats, at: Floats, normal: Floats, distance: Floats) -> Floats:
    """Average values (height, width, k) over neighbours on the same surface, first along rows, then columns."""
    even = np.empty_like(values)
    height = len(values)
    for start in range(0, height, ROWS):
        end, first, last = min(start + ROWS, height), max(start - REACH, 0), min(start + ROWS + REACH, height)
        near = slice(first, last)
        part = _smoothed(values[near], at[near], normal[near], distance[near] * SAME_PLANE)
        even[start:end] = np.moveaxis(part, 0, -1)[start - first : end - first]
    return even


def _smoothed(values: Floats, at: Floats, normal: Floats, tolerance: Floats) -> Floats:
    """Both passes over some rows; from here on channels come first, so that each is one piece of memory."""
    planes, places, normals = (np.ascontiguousarray(np.moveaxis(v, -1, 0)) for v in (values, at, normal))
    return _pass(_pass(planes, places, normals, tolerance, 2), places, normals, tolerance, 1)


def _pass(values: Floats, at: Floats, normal: Floats, tolerance: Floats, axis: int) -> Floats:
    total, weights = values.copy(), np.ones(values.shape[1:], np.float32)
    size = values.shape[axis]
    for step, weight in ((1, np.float32(1.0)), (REACH, np.float32(0.5))):
        low, high = slice(None, size - step), slice(step, None)
        one = np.s_[:, :, low] if axis == 2 else np.s_[:, low]
        other = np.s_[:, :, high] if axis == 2 else np.s_[:, high]
        alike = _dot(normal[one], normal[other]) > SAME_NORMAL
        gap = np.abs(_dot(normal[one], at[other] - at[one]))
        share = (alike & (gap < tolerance[one[1:]])) * weight
        total[one] += values[other] * share
        total[other] += values[one] * share
        weights[one[1:]] += share
        weights[other[1:]] += share
    return np.asarray(total / weights)


def _dot(one: Floats, other: Floats) -> Floats:
    return np.asarray(one[0] * other[0] + one[1] * other[1] + one[2] * other[2])
