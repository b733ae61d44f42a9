"""One picture: rays from the camera, light on what they find, and a second look where neighbours differ."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.pictures import sky
from geodata.pictures.lighting import Light, gather, smoothed
from geodata.pictures.shading import lit_colors, veiled
from geodata.pictures.stage import FAR, Floats, Numbers, Rays, Stage
from geodata.pictures.surfaces import Surfaces, find_surfaces, is_patterned
from geodata.pictures.tone import film
from geodata.scene.cameras import Camera
from geodata.scene.light import encoded

EDGE_CONTRAST = 0.035
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
    rows: Numbers
    found: Surfaces


def render(stage: Stage, camera: Camera, width: int, height: int) -> NDArray[np.uint8]:
    """Draw a scene; returns sRGB bytes (height, width, 3), the same each time."""
    plane, shape = _Plane(camera, width, height), (height, width)
    y, x = np.divmod(np.arange(width * height), width)
    view = _look(stage, plane.rays(x + 0.5, y + 0.5))
    light = _light(stage, view, shape)
    colors = film(_colors(stage, view, light))
    edges = np.flatnonzero(_edges(colors, view, shape))
    total = np.zeros((len(edges), 3), np.float32)
    for dx, dy in SUBSAMPLES:
        beside = _look(stage, plane.rays(x[edges] + 0.5 + dx, y[edges] + 0.5 + dy))
        total += film(_colors(stage, beside, _borrowed(view, light, edges, beside, shape)))
    colors[edges] = total / len(SUBSAMPLES)
    return (encoded(colors).reshape(height, width, 3) * 255 + 0.5).astype(np.uint8)


def _look(stage: Stage, rays: Rays) -> _View:
    hits = stage.nearest(rays)
    rows = np.flatnonzero(hits.triangle >= 0)
    return _View(rays, hits.distance, rows, find_surfaces(stage, hits.take(rows), rays.take(rows)))


def _colors(stage: Stage, view: _View, light: Light) -> Floats:
    colors = np.empty_like(view.rays.directions)
    missed = view.distance >= FAR
    colors[missed] = sky.seen(view.rays.directions[missed])
    colors[view.rows] = lit_colors(stage, view.found, light, view.rays.take(view.rows))
    return veiled(stage, colors, view.rays, view.distance)


def _light(stage: Stage, view: _View, shape: tuple[int, int]) -> Light:
    """Light on the whole picture's surfaces, smoothed between neighbouring pixels."""
    height, width = shape
    y, x = np.divmod(view.rows, width)
    rough = gather(stage, view.found, (y % 4) * 4 + x % 4)

    def full(values: Floats, empty: float = 0.0) -> Floats:
        spread = np.full((height * width, *values.shape[1:]), empty, np.float32)
        spread[view.rows] = values
        return spread.reshape(*shape, *values.shape[1:])

    values = np.concatenate([rough.sun[:, None], rough.sky], axis=1)
    even = smoothed(full(values), full(view.found.at, 1e6), full(view.found.normal), full(view.found.distance))
    met = even.reshape(-1, 4)[view.rows]
    return Light(met[:, 0], met[:, 1:])


def _borrowed(view: _View, light: Light, edges: Numbers, beside: _View, shape: tuple[int, int]) -> Light:
    """Light for rays beside a pixel's middle: that of the pixel around which saw the nearest place."""
    height, width = shape
    number = np.full(height * width, -1, np.int32)
    number[view.rows] = np.arange(len(view.rows), dtype=np.int32)
    y, x = np.divmod(edges[beside.rows], width)
    best, chosen = np.full(len(x), np.inf, np.float32), np.zeros(len(x), np.int32)
    for dy, dx in NEIGHBOURS:
        other = number[np.clip(y + dy, 0, height - 1) * width + np.clip(x + dx, 0, width - 1)]
        apart = view.found.at[other] - beside.found.at
        alike = np.clip(np.einsum("ij,ij->i", view.found.normal[other], beside.found.normal), 0, 1)
        gap = np.einsum("ij,ij->i", apart, apart) * (2.05 - 2 * alike)
        gap[other < 0] = 1e20
        better = gap < best
        best[better], chosen[better] = gap[better], other[better]
    return Light(light.sun[chosen], light.sky[chosen])


def _edges(colors: Floats, view: _View, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels that look unlike their neighbour to the right or below, and those neighbours.

    Within ground and fronts, whose patterns are averaged over the pixel already, only outlines count.
    """
    tone = np.sqrt(colors).reshape(*shape, 3)
    group, patterned = np.full(len(colors), -1, np.int16), np.ones(len(colors), bool)
    group[view.rows], patterned[view.rows] = view.found.group, is_patterned(view.found)
    group, patterned = group.reshape(shape), patterned.reshape(shape)
    marked = np.zeros(shape, bool)
    for one, other in ((np.s_[:-1], np.s_[1:]), (np.s_[:, :-1], np.s_[:, 1:])):
        unlike = np.abs(tone[one] - tone[other]).max(axis=2) > EDGE_CONTRAST
        unlike &= (group[one] != group[other]) | ~patterned[one]
        marked[one] |= unlike
        marked[other] |= unlike
    return marked.ravel()
