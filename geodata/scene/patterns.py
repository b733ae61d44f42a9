"""What the ground is made of: paving, lawn, asphalt and water as functions of a place in metres.

A pattern is computed, not painted, so it is as sharp as the picture needs; where a joint is finer than a pixel it
is averaged over the pixel's footprint, so nothing flickers far away. All patterns repeat every `TILE_M` metres,
and the same functions fill the small picture that a phone repeats over the ground.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.scene.light import linear

TILE_M = 7.2

Values = NDArray[np.floating[Any]]
Cells = NDArray[np.int32]
Paint = Callable[[Values, Values, Values, Values], Values]


@dataclass(frozen=True)
class Pattern:
    """A ground surface: linear colours (n, 3) of u, v and the footprint along each (all (n,), metres).

    `gloss` is the share of light mirrored when seen from straight above; `roughness` is 1 for matt.
    """

    name: str
    paint: Paint
    gloss: float = 0.0
    roughness: float = 0.95


def cell_of(places: Values) -> Cells:
    """The number of the cell, each 1 wide, that holds a place."""
    return np.asarray(np.floor(places), np.int32)


def cell_tone(i: Cells, j: Cells, seed: int) -> Values:
    """A number from 0 to 1 for each cell, always the same."""
    # Whole numbers of 32 bits wrap around by themselves.
    mixed: NDArray[np.uint32] = (
        _word(i) * np.uint32(374761393) + _word(j) * np.uint32(668265263) + np.uint32(seed * 974711)
    )
    for shift, factor in ((13, 1274126177), (16, 2246822519)):
        mixed = (mixed ^ (mixed >> np.uint32(shift))) * np.uint32(factor)
    return ((mixed ^ (mixed >> np.uint32(15))) & np.uint32(0xFFFFFF)).astype(np.float32) / np.float32(0xFFFFFF)


def _word(cells: Cells) -> NDArray[np.uint32]:
    return cells.astype(np.uint32)


def lines(u: Values, period: float, width: float, footprint: Values) -> Values:
    """The share of the footprint covered by lines of a width, one a period."""
    span = np.maximum(footprint, 1e-4)

    def covered(x: Values) -> Values:
        whole = np.floor(x / period)
        return np.asarray(whole * width + np.minimum(x - whole * period, width))

    return np.clip((covered(u + span / 2) - covered(u - span / 2)) / span, 0.0, 1.0).astype(np.float32)


def fading(footprint: Values, size: float) -> Values:
    """1 where details of a size are seen, 0 where a pixel covers several of them."""
    return 1.0 / (1.0 + (footprint / size) ** 2)


def noise(u: Values, v: Values, footprint: Values, size: float, seed: int) -> Values:
    """Smooth unevenness from -1 to 1 with bumps of a size in metres (value noise)."""
    steps = max(round(TILE_M / size), 1)
    x, y = u * (steps / TILE_M), v * (steps / TILE_M)
    i, j = cell_of(x), cell_of(y)
    a, b = x - i, y - j
    a, b = a * a * (3 - 2 * a), b * b * (3 - 2 * b)
    i, j, i_next, j_next = i % steps, j % steps, (i + 1) % steps, (j + 1) % steps
    low = cell_tone(i, j, seed) * (1 - a) + cell_tone(i_next, j, seed) * a
    high = cell_tone(i, j_next, seed) * (1 - a) + cell_tone(i_next, j_next, seed) * a
    wavy: Values = ((low * (1 - b) + high * b) * 2 - 1) * fading(footprint, size)
    return wavy.astype(np.float32)


@dataclass(frozen=True)
class _Paving:
    """Stones of a size in a bond: each row moved by `shift` stones; tones vary between the shades."""

    length: float
    width: float
    shift: float
    joint: float
    shades: tuple[str, ...]
    mortar: str
    seed: int
    stain: float = 0.05

    def __call__(self, u: Values, v: Values, fu: Values, fv: Values) -> Values:
        rows, columns = round(TILE_M / self.width), round(TILE_M / self.length)
        row = cell_of(v / self.width)
        along = u - row * np.float32(self.shift * self.length)
        column = cell_of(along / self.length)
        pick = cell_tone(column % columns, row % rows, self.seed)
        palette = np.array([linear(shade) for shade in self.shades], np.float32)
        stone = palette[np.minimum((pick * len(palette)).astype(int), len(palette) - 1)]
        size = float(np.sqrt(self.length * self.width))
        share = fading(np.maximum(fu, fv), size)[:, None]
        stone = palette.mean(axis=0) + (stone - palette.mean(axis=0)) * share
        footprint = np.maximum(fu, fv)
        uneven = 1 + self.stain * (noise(u, v, footprint, 1.8, 3) + 0.6 * noise(u, v, footprint, 0.06, 5))
        gap = 1 - (1 - lines(along, self.length, self.joint, fu)) * (1 - lines(v, self.width, self.joint, fv))
        mortar = np.array(linear(self.mortar), np.float32)
        colors: Values = stone * uneven[:, None] * (1 - gap[:, None]) + mortar * gap[:, None]
        return colors.astype(np.float32)


def _banded(stones: Paint, spacing: float, width: float, shade: str) -> Paint:
    """Paving crossed by darker bands both ways, as on a large square."""

    def paint(u: Values, v: Values, fu: Values, fv: Values) -> Values:
        colors = stones(u, v, fu, fv)
        band = 1 - (1 - lines(u, spacing, width, fu)) * (1 - lines(v, spacing, width, fv))
        tint = np.array(linear(shade), np.float32)
        return colors * (1 - band[:, None]) + colors * tint * band[:, None] * 1.6

    return paint


def _grainy(shade: str, grains: tuple[tuple[float, float], ...], tint: tuple[float, float, float]) -> Paint:
    """One colour with unevenness of several (size, strength); `tint` weighs the channels of the unevenness."""

    def paint(u: Values, v: Values, fu: Values, fv: Values) -> Values:
        footprint = np.sqrt(fu * fv)
        waves = [strength * noise(u, v, footprint, size, 7 + k) for k, (size, strength) in enumerate(grains)]
        uneven = 1 + np.sum(waves, axis=0)[:, None] * np.array(tint, np.float32)
        return np.asarray(np.array(linear(shade)) * np.maximum(uneven, 0.2), np.float32)

    return paint


_GRANITE = ("#b9b2a6", "#c3bdb2", "#aea79c", "#bcb6ac", "#c8c2b6")
_WARM = ("#c9bba6", "#c3b39d", "#d0c3af", "#bfae98", "#c8baa6")
_BRICK = ("#b98a72", "#c49780", "#b08069", "#bd8d76", "#a97862")
_GREY = ("#b4b0aa", "#a8a49e", "#bdbab4", "#aeaaa3")
_POLISHED = ("#d8d2c6", "#d2ccc0", "#ddd7cc")

PATTERNS = {
    pattern.name: pattern
    for pattern in (
        Pattern("slabs", _banded(_Paving(1.2, 0.6, 0.5, 0.010, _GRANITE, "#8b857b", 1), 7.2, 0.6, "#a8a197")),
        Pattern("setts", _Paving(0.4, 0.2, 0.5, 0.009, _WARM, "#94836e", 2)),
        Pattern("brick", _Paving(0.24, 0.12, 0.5, 0.008, _BRICK, "#a8988a", 3)),
        Pattern("pavers", _Paving(0.3, 0.3, 0.0, 0.008, _GREY, "#8a867f", 4)),
        Pattern("tiles", _Paving(1.2, 1.2, 0.0, 0.008, _POLISHED, "#aaa498", 5, 0.02), gloss=0.07, roughness=0.25),
        Pattern(
            "lawn", _grainy("#7f9c4c", ((2.4, 0.13), (0.4, 0.10), (0.08, 0.20), (0.03, 0.26)), (1.0, 0.75, 0.9))
        ),
        Pattern("gravel", _grainy("#cdbf9f", ((1.8, 0.05), (0.12, 0.06), (0.03, 0.16)), (1.0, 1.0, 1.0))),
        Pattern("asphalt", _grainy("#6d6c6a", ((3.6, 0.05), (0.3, 0.05), (0.03, 0.22)), (1.0, 1.0, 1.0))),
        Pattern("city", _grainy("#b5b0a6", ((7.2, 0.05), (1.8, 0.04)), (1.0, 1.0, 1.0))),
        Pattern("marking", _grainy("#e9e6dc", ((0.3, 0.05), (0.03, 0.08)), (1.0, 1.0, 1.0))),
        Pattern(
            "water", _grainy("#6f949b", ((0.9, 0.05), (0.3, 0.05)), (1.0, 1.0, 1.0)), gloss=0.06, roughness=0.08
        ),
    )
}
