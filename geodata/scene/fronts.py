"""Fronts of towers by rule: storeys, windows and piers, a little different for each tower.

They are pale and calm, like the cardboard towers of a model, since the picture is about something else.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geodata.scene.light import linear
from geodata.scene.patterns import Values, lines
from geodata.scene.solids import Solid

Color = NDArray[np.float32]

WALLS = tuple(
    linear(c) for c in ("#d2cec7", "#c4c4c2", "#dcd9d3", "#c3bbae", "#b5b6b8", "#cdc3b6", "#aeb3b8", "#c8ced2")
)
GLASS = tuple(linear(c) for c in ("#6d7e8a", "#75858f", "#66767f", "#7b8385", "#7a8f92"))
PLAIN_WALL = linear("#a9adb1")
LOBBY_M = 7.0
# Sill and pier as shares of storey and bay: a grid, ribbons of windows, upright fins.
KINDS = ((0.38, 0.32), (0.46, 0.04), (0.16, 0.42))
FINS = 2


@dataclass(frozen=True)
class Front:
    """The rule of one tower's fronts: storey and bay in metres, sill and pier as shares, two linear colours."""

    kind: int
    storey: float
    bay: float
    sill: float
    pier: float
    wall: tuple[float, float, float]
    glass: tuple[float, float, float]
    machine_storey: int


def front_of(solid: Solid) -> Front:
    """Give a tower its rule, always the same for the same height."""
    return _front(round(float(solid.high[1]) * 10))


@lru_cache(maxsize=256)
def _front(key: int) -> Front:
    chance = np.random.default_rng(key)
    kind = int(chance.integers(len(KINDS)))
    sill, pier = KINDS[kind]
    return Front(
        kind=kind,
        storey=float(chance.uniform(3.8, 4.3)),
        bay=float(chance.uniform(1.5, 3.2)),
        sill=sill * float(chance.uniform(0.85, 1.15)),
        pier=pier * float(chance.uniform(0.85, 1.15)),
        wall=WALLS[chance.integers(len(WALLS))],
        glass=GLASS[chance.integers(len(GLASS))],
        machine_storey=int(chance.integers(12, 19)),
    )


def solidness(front: Front, top_m: float, u: Values, v: Values, fu: Values, fv: Values) -> Values:
    """The share of wall at places (u along the front, v up, metres) averaged over footprints fu, fv.

    Below is a tall lobby with thick piers; some storeys are blind, for machines, and so is the parapet.
    """
    spandrel = lines(v - LOBBY_M, front.storey, front.storey * front.sill, fv)
    piers = lines(u, front.bay, front.bay * front.pier, fu)
    upper = 1 - (1 - spandrel) * (1 - piers)
    machines = lines(v - LOBBY_M, front.storey * front.machine_storey, front.storey, fv) * (v > 30)
    upper = np.maximum(upper, 0.8 * np.maximum(machines, np.clip(v - top_m + 1.5 * front.storey, 0, 1)))
    beam = (v > LOBBY_M - 0.8) & (v < LOBBY_M)
    share: Values = np.where(v < LOBBY_M, np.maximum(lines(u, 3 * front.bay, 0.9, fu), beam), upper)
    return share.astype(np.float32)
