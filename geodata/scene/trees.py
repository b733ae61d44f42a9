"""Trees and shrubs, each from a number: a vase of branches like the zelkova of Tokyo's streets, a clustered crown.

For a picture the crown is thousands of small leaves that let light through; for a phone it is a few dozen clumps.
Both come from the same branches and clumps, so a tree is the same tree in either.
"""

import math
import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geodata.glb_writer import Mesh
from geodata.scene.light import linear
from geodata.scene.prop import Prop, joined, painted, unit
from geodata.west_shinjuku.generator.shapes import Point, foliage, rod

BARK = linear("#7b6a5a")
LEAF_SHADES = tuple(linear(shade) for shade in ("#7d9b4e", "#6c8f47", "#8fa957", "#5f8442", "#a3b062"))
LEAF_LENGTH_M = 0.17


@dataclass(frozen=True)
class Kind:
    """A kind of plant: crown radius and height of its top and of its lowest leaves, in metres; clumps, leaves."""

    seed: int
    crown_m: float
    top_m: float
    bottom_m: float
    clumps: int
    leaves: int


TREES = {
    "zelkova-a": Kind(11, 2.5, 7.4, 2.7, 46, 72),
    "zelkova-b": Kind(23, 2.9, 8.4, 3.0, 52, 72),
    "maple": Kind(37, 1.9, 5.6, 2.2, 36, 66),
}
SHRUBS = {"shrub": Kind(5, 0.62, 0.95, 0.12, 12, 58)}
PLANTS = TREES | SHRUBS


@dataclass(frozen=True)
class _Clump:
    centre: NDArray[np.float64]
    radius: float


@lru_cache(maxsize=16)
def plant(name: str, fine: bool) -> Prop:
    """A tree or shrub by name, standing on y = 0."""
    kind = PLANTS[name]
    chance = random.Random(kind.seed)  # noqa: S311 - decoration, not a secret
    clumps = _clumps(kind, chance)
    shades = _shades(clumps, chance)
    wood = _branches(kind, clumps if fine else [], chance, 7 if fine else 5) if name in TREES else []
    crown = _leaves(kind, clumps, shades) if fine else _puffs(kind, clumps, shades)
    return joined([*wood, crown])


def _clumps(kind: Kind, chance: random.Random) -> list[_Clump]:
    """Scatter clumps in the outer half of an egg-shaped crown, fuller above than below."""
    middle, half = (kind.top_m + kind.bottom_m) / 2, (kind.top_m - kind.bottom_m) / 2
    golden = math.pi * (3 - math.sqrt(5))
    found = []
    for number in range(kind.clumps):
        height = 1 - 2 * (number + 0.5) / kind.clumps
        around = number * golden + chance.uniform(-0.35, 0.35)
        depth = chance.uniform(0.52, 0.84)
        flat = depth * math.sqrt(1 - height * height) * (1.0 if height > -0.3 else 0.82)
        centre = (
            math.cos(around) * flat * kind.crown_m,
            middle + height * depth * half,
            math.sin(around) * flat * kind.crown_m,
        )
        found.append(_Clump(np.array(centre), kind.crown_m * chance.uniform(0.24, 0.34)))
    return found


def _branches(kind: Kind, clumps: list[_Clump], chance: random.Random, segments: int) -> list[Prop]:
    thick = 0.052 * kind.crown_m
    fork = kind.bottom_m * 0.72
    rods = [rod((0.0, 0.0, 0.0), (0.0, fork, 0.0), thick * 1.15, segments, thick * 0.85)]
    for limb in range(5):
        around = 2 * math.pi * (limb + chance.uniform(-0.2, 0.2)) / 5
        lean, rise = kind.crown_m * 0.42, kind.bottom_m + (kind.top_m - kind.bottom_m) * chance.uniform(0.35, 0.55)
        end = (math.cos(around) * lean, rise, math.sin(around) * lean)
        rods.append(rod((0.0, fork * 0.94, 0.0), end, thick * 0.55, segments, thick * 0.25))
        nearest = sorted(clumps, key=lambda clump: float(np.linalg.norm(clump.centre - np.array(end))))[:4]
        rods += [
            rod(end, _point(clump.centre), thick * 0.24, max(segments - 2, 3), thick * 0.08) for clump in nearest
        ]
    return [painted(mesh, BARK) for mesh in rods]


def _point(values: NDArray[np.float64]) -> Point:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _leaves(kind: Kind, clumps: list[_Clump], clump_shades: NDArray[np.float64]) -> Prop:
    """Fill each clump with leaves: two triangles each, lit as part of the crown and not one by one."""
    noise = np.random.default_rng(kind.seed)
    count = len(clumps) * kind.leaves
    of = np.repeat(np.arange(len(clumps)), kind.leaves)
    centres, radii = np.array([clump.centre for clump in clumps])[of], np.array([c.radius for c in clumps])[of]
    outward = unit(noise.normal(size=(count, 3)))
    places = centres + outward * (radii * noise.uniform(0.35, 1.0, count) ** 0.5)[:, None] * [1.0, 0.8, 1.0]
    along = unit(noise.normal(size=(count, 3)) * [1.0, 0.6, 1.0])
    across = unit(np.cross(along, unit(outward + 0.8 * noise.normal(size=(count, 3)))))
    length = (LEAF_LENGTH_M * kind.crown_m**0.35 * noise.uniform(0.7, 1.15, count))[:, None]
    rim = [-along * length / 2, across * length * 0.3, along * length / 2, -across * length * 0.3]
    corners = np.stack([places + offset for offset in rim], axis=1).reshape(-1, 3)
    middle = np.array([0.0, (kind.top_m + kind.bottom_m) / 2, 0.0])
    normals = unit(0.75 * outward + 0.8 * unit(places - middle) + 0.25 * noise.normal(size=(count, 3)))
    first = 4 * np.arange(count)[:, None]
    triangles = np.concatenate([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])])
    shades = clump_shades[of] * noise.uniform(0.82, 1.16, count)[:, None]
    mesh = Mesh(corners, np.repeat(normals, 4, axis=0), triangles)
    return Prop(mesh, np.repeat(shades, 4, axis=0), np.ones(len(triangles), bool))


def _shades(clumps: list[_Clump], chance: random.Random) -> NDArray[np.float64]:
    return np.array([LEAF_SHADES[chance.randrange(len(LEAF_SHADES))] for _ in clumps])


def _puffs(kind: Kind, clumps: list[_Clump], shades: NDArray[np.float64]) -> Prop:
    """Every third clump as a larger, uneven ball: the same outline from far fewer triangles."""
    puffs = []
    for number, (clump, shade) in enumerate(zip(clumps[::3], shades[::3], strict=True)):
        ball = foliage(clump.radius * 1.65, kind.seed + number, detail=1, jitter=0.12)
        mesh = Mesh(ball.positions + clump.centre, ball.normals, ball.triangles)
        puffs.append(painted(mesh, (float(shade[0]), float(shade[1]), float(shade[2]))))
    return joined(puffs)
