"""One picture: rays from the camera, light on what they find, and a second look where neighbours differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geodata.pictures.lighting import Light, gather, smoothed
from geodata.pictures.shading import lit_colors, veiled
from geodata.pictures.stage import FAR, Floats, Numbers, Rays, Stage
from geodata.pictures.surfaces import Surfaces, find_surfaces, is_patterned
from geodata.pictures.tone import film
from geodata.scene.cameras import Camera
from geodata.scene.light import encoded

EDGE_CONTRAST = 0.035
BAND = 32_768  # rays looked at together: few enough for their values to stay in the processor's cache
SUBSAMPLES = ((-0.375, -0.125), (0.125, -0.375), (-0.125, 0.375), (0.375, 0.125))
NEIGHBOURS = ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0))


@dataclass(frozen=True)
class _Plane:
    """The picture plane of a camera, in pixels."""

    camera: Camera
    width: int
    height: int

    def rays(self, x: Floats, y: Floats) -> Rays:
        """The rays through points given in pixels, right and down from the upper left corner."""
        spread = 2 * math.tan(math.radians(self.camera.fov_deg) / 2) / self.height
        right, up, forward = self.camera.axes.astype(np.float32)
        across = ((x - self.width / 2) * spread).astype(np.float32)[:, None]
        rise = ((self.height / 2 - y) * spread).astype(np.float32)[:, None]
        directions = forward + across * right + rise * up
        directions /= np.sqrt(np.einsum("ij,ij->i", directions, directions))[:, None]
        return Rays(np.tile(np.array(self.camera.position, np.float32), (len(x), 1)), directions, spread)


@dataclass(frozen=True)
class _View:
    """Rays and what they met: `rows` are the rays that hit something, `found` are their surfaces."""

    rays: Rays
    distance: Floats
    rows: Numbers | slice
    found: Surfaces


@dataclass(frozen=True)
class _Sheet:
    """What the middles of all pixels see, by pixel number (n, …); `group` is -1 where that is the sky.

    `light` holds the share of the sun and the light of the sky (n, 4).
    """

    at: Floats
    normal: Floats
    distance: Floats
    group: Numbers
    patterned: NDArray[np.bool_]
    light: Floats
    width: int
    height: int


def render(stage: Stage, camera: Camera, width: int, height: int) -> NDArray[np.uint8]:
    """Draw a scene; returns sRGB bytes (height, width, 3), the same each time."""
    plane = _Plane(camera, width, height)
    numbers = np.arange(width * height)
    bands = [numbers[start : start + BAND] for start in range(0, len(numbers), BAND)]
    views = [_look(stage, plane, band) for band in bands]
    sheet = _even(_sheet(stage, views, bands, plane))
    colors = np.empty((len(numbers), 3), np.float32)
    for view, band in zip(views, bands, strict=True):
        colors[band] = film(_colors(stage, view, _light(sheet.light[band[view.rows]])))
    edges = np.flatnonzero(_edges(colors, sheet))
    for start in range(0, len(edges), BAND):
        some = edges[start : start + BAND]
        colors[some] = _looked_again(stage, plane, some, sheet)
    return (encoded(colors).reshape(height, width, 3) * 255 + 0.5).astype(np.uint8)


def _looked_again(stage: Stage, plane: _Plane, pixels: Numbers, sheet: _Sheet) -> Floats:
    """The mean colour of several places in each pixel."""
    total = np.zeros((len(pixels), 3), np.float32)
    for aside in SUBSAMPLES:
        beside = _look(stage, plane, pixels, aside)
        total += film(_colors(stage, beside, _borrowed(sheet, pixels, beside)))
    return total / np.float32(len(SUBSAMPLES))


def _look(stage: Stage, plane: _Plane, pixels: Numbers, aside: tuple[float, float] = (0.0, 0.0)) -> _View:
    y, x = np.divmod(pixels, plane.width)
    rays = plane.rays(x + (0.5 + aside[0]), y + (0.5 + aside[1]))
    hits = stage.nearest(rays)
    met = hits.triangle >= 0
    rows = slice(None) if met.all() else np.flatnonzero(met)  # a slice copies nothing
    return _View(rays, hits.distance, rows, find_surfaces(stage, hits.take(rows), rays.take(rows)))


def _colors(stage: Stage, view: _View, light: Light) -> Floats:
    colors = np.empty_like(view.rays.directions)
    missed = view.distance >= FAR
    colors[missed] = stage.sky.seen(view.rays.directions[missed])
    colors[view.rows] = lit_colors(stage, view.found, light, view.rays.take(view.rows))
    return veiled(stage, colors, view.rays, view.distance)


def _light(values: Floats) -> Light:
    return Light(values[:, 0], values[:, 1:])


def _sheet(stage: Stage, views: Sequence[_View], bands: Sequence[Numbers], plane: _Plane) -> _Sheet:
    """Gather the light on all places seen, each pixel for itself."""
    count = plane.width * plane.height
    sheet = _Sheet(
        at=np.full((count, 3), 1e6, np.float32),
        normal=np.zeros((count, 3), np.float32),
        distance=np.zeros(count, np.float32),
        group=np.full(count, -1, np.int16),
        patterned=np.ones(count, bool),
        light=np.zeros((count, 4), np.float32),
        width=plane.width,
        height=plane.height,
    )
    for view, band in zip(views, bands, strict=True):
        _fill_in(stage, sheet, view, band[view.rows])
    return sheet


def _fill_in(stage: Stage, sheet: _Sheet, view: _View, pixels: Numbers) -> None:
    found = view.found
    sheet.at[pixels], sheet.normal[pixels], sheet.distance[pixels] = found.at, found.normal, found.distance
    sheet.group[pixels], sheet.patterned[pixels] = found.group, is_patterned(found)
    y, x = np.divmod(pixels, sheet.width)
    rough = gather(stage, found, (y % 4) * 4 + x % 4)
    sheet.light[pixels, 0], sheet.light[pixels, 1:] = rough.sun, rough.sky


def _even(sheet: _Sheet) -> _Sheet:
    """Smooth the light between neighbouring pixels."""

    def shaped(values: Floats) -> Floats:
        return values.reshape(sheet.height, sheet.width, *values.shape[1:])

    light = smoothed(shaped(sheet.light), shaped(sheet.at), shaped(sheet.normal), shaped(sheet.distance))
    return replace(sheet, light=light.reshape(-1, 4))


def _borrowed(sheet: _Sheet, pixels: Numbers, beside: _View) -> Light:
    """Light for rays beside a pixel's middle: that of the pixel around which saw the nearest place."""
    y, x = np.divmod(pixels[beside.rows], sheet.width)
    best, chosen = np.full(len(x), np.inf, np.float32), np.zeros(len(x), np.int64)
    for dy, dx in NEIGHBOURS:
        other = np.clip(y + dy, 0, sheet.height - 1) * sheet.width + np.clip(x + dx, 0, sheet.width - 1)
        apart = sheet.at[other] - beside.found.at
        alike = np.clip(np.einsum("ij,ij->i", sheet.normal[other], beside.found.normal), 0, 1)
        gap = np.einsum("ij,ij->i", apart, apart) * (2.05 - 2 * alike)
        gap[sheet.group[other] < 0] = 1e20
        better = gap < best
        best[better], chosen[better] = gap[better], other[better]
    return _light(sheet.light[chosen])


def _edges(colors: Floats, sheet: _Sheet) -> NDArray[np.bool_]:
    """Pixels that look unlike their neighbour to the right or below, and those neighbours.

    Within ground and fronts, whose patterns are averaged over the pixel already, only outlines count.
    """
    shape = sheet.height, sheet.width
    tone = np.sqrt(colors).reshape(*shape, 3)
    group, patterned = sheet.group.reshape(shape), sheet.patterned.reshape(shape)
    marked = np.zeros(shape, bool)
    for one, other in ((np.s_[:-1], np.s_[1:]), (np.s_[:, :-1], np.s_[:, 1:])):
        unlike = (np.abs(tone[one] - tone[other]) > EDGE_CONTRAST) @ np.ones(3, bool)
        unlike &= (group[one] != group[other]) | ~patterned[one]
        marked[one] |= unlike
        marked[other] |= unlike
    return marked.ravel()
