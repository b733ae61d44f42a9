"""Fronts of towers as rays see them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.scene.fronts import FINS, front_of, solidness
from geodata.scene.patterns import cell_of, cell_tone, fading, lines
from geodata.scene.solids import Solid

Floats = NDArray[np.floating[Any]]

MIRRORED = np.float32(0.24)  # by glass, seen from straight ahead
BAR_M = 0.09


def facade(solid: Solid, at: Floats, normal: Floats, pixel: Floats, directions: Floats) -> tuple[Floats, Floats]:
    """Give albedo (n, 3) and mirrored share (n,) of places on a tower; `pixel` is a pixel's width there."""
    front = front_of(solid)
    u, v = at[:, 0] * normal[:, 2] - at[:, 2] * normal[:, 0], at[:, 1]
    facing = np.maximum(np.abs((normal * directions).sum(axis=1)), 0.08)
    fu, fv = pixel / facing, pixel
    share = solidness(front, float(solid.high[1]), u, v, fu, fv)
    share[normal[:, 1] > 0.5] = 1.0
    storey, bay = cell_of(v / front.storey), cell_of(u / front.bay)
    tone = (cell_tone(bay, storey, 5) - 0.5) * fading(np.maximum(fu, fv), front.bay) * 0.5
    bars = 0.45 * lines(u, front.bay / 2, BAR_M, fu) * (front.kind != FINS)
    glass = np.array(front.glass, np.float32) * ((1 + tone) * (1 - bars))[:, None]
    wall = np.array(front.wall, np.float32) * (1 - 0.06 * lines(v, front.storey, 0.06, fv))[:, None]
    albedo: Floats = wall * share[:, None] + glass * (1 - share)[:, None]
    return albedo.astype(np.float32), ((1 - share) * MIRRORED).astype(np.float32)
