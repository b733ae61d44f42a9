"""All things that stand around in scenes, by name: plants, planters, columns and people."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from geodata.scene.figures import FIGURES, figure
from geodata.scene.light import linear
from geodata.scene.prop import Prop, joined, painted, shifted
from geodata.scene.trees import PLANTS, plant
from geodata.west_shinjuku.generator.shapes import box, cylinder, ring, slab

HALL_M = 15.0
STONE, SOIL, TIMBER, STEEL = linear("#bdb6aa"), linear("#6a5443"), linear("#a9805a"), linear("#e4e4e0")


@dataclass(frozen=True)
class Furniture:
    """How wide a thing is, as a radius in metres, how wide at the height of people, and how it is made."""

    radius_m: float
    foot_m: float
    build: Callable[[bool], Prop]


def _planter(fine: bool) -> Prop:
    """A long stone trough of shrubs, 3 m by 1 m."""
    trough = [painted(slab(3.0, 0.5, 1.0, 0.12), STONE), painted(box(2.8, 0.52, 0.8), SOIL)]
    shrubs = [
        shifted(plant("shrub", fine), (x, 0.42, 0.05 * (-1) ** k), k * 2.1)
        for k, x in enumerate((-0.95, 0.0, 0.95))
    ]
    return joined([*trough, *shrubs])


def _bench_tree(name: str) -> Callable[[bool], Prop]:
    def build(fine: bool) -> Prop:
        """A tree in a round timber bench."""
        segments = 40 if fine else 16
        seat = shifted(painted(ring(1.25, 0.8, 0.07, segments), TIMBER), (0.0, 0.4, 0.0))
        foot = painted(ring(1.1, 0.85, 0.4, segments), STONE)
        bed = painted(cylinder(0.85, 0.3, segments), SOIL)
        return joined([seat, foot, bed, plant(name, fine)])

    return build


def _potted_tree(fine: bool) -> Prop:
    """A slender tree in a round pot, for halls and paved yards."""
    segments = 32 if fine else 12
    pot = painted(cylinder(0.5, 0.7, segments, 0.68), linear("#d9d4ca"))
    soil = shifted(painted(cylinder(0.6, 0.02, segments), SOIL), (0.0, 0.69, 0.0))
    return joined([pot, soil, shifted(plant("maple", fine), (0.0, 0.35, 0.0))])


def _column(fine: bool) -> Prop:
    return painted(cylinder(0.24, HALL_M, 24 if fine else 12), STEEL)


def _growing(name: str) -> Furniture:
    crown_m = PLANTS[name].crown_m
    return Furniture(crown_m, 0.3 * math.sqrt(crown_m), lambda fine: plant(name, fine))


FURNITURE: dict[str, Furniture] = {
    **{name: _growing(name) for name in PLANTS},
    "planter": Furniture(1.6, 1.6, _planter),
    "bench-tree": Furniture(2.9, 1.4, _bench_tree("zelkova-b")),
    "potted-tree": Furniture(1.9, 0.8, _potted_tree),
    "column": Furniture(0.5, 0.5, _column),
}


@lru_cache(maxsize=64)
def prop_named(name: str, fine: bool) -> Prop:
    """A prop by name: fine for a picture, or light for a phone. Raises KeyError for an unknown one."""
    return figure(name, fine) if name in FIGURES else FURNITURE[name].build(fine)
