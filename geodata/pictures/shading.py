"""From surfaces and light to colours: sun and sky, shine, mirrors, haze, and what one sees through."""

import numpy as np

from geodata.pictures import sky
from geodata.pictures.lighting import Light
from geodata.pictures.stage import TOWER, Floats, Numbers, Rays, Stage
from geodata.pictures.surfaces import Surfaces, find_surfaces, is_leaf

HAZE_HALF_M, HAZE_FROM_M = 620.0, 30.0
GLOW = np.float32(1.6)
VEILS_DEEP = 8
POLISHED = 0.3  # roughness below which a surface mirrors its neighbours, not just the sky
FULL_SKY = np.array([0.95, 1.05, 1.15], np.float32)


def lit_colors(stage: Stage, found: Surfaces, light: Light, rays: Rays) -> Floats:
    """Give the colours (n, 3) of surfaces as the rays see them, haze included."""
    colors = _shaded(stage, found, light, rays.directions) + _mirrored(stage, found, rays)
    return _hazed(colors, found.distance)


def _shaded(stage: Stage, found: Surfaces, light: Light, directions: Floats) -> Floats:
    facing = np.clip(stage.sky.sunward(found.normal), 0, 1)
    through = np.where(is_leaf(found), 0.42 + 0.58 * facing, facing)  # leaves let light through
    arriving = (light.sun * through)[:, None] * sky.SUN + light.sky
    diffuse = found.albedo * (1 - 0.75 * found.metallic * (1 - found.roughness))[:, None]
    colors: Floats = diffuse * arriving + found.emission * GLOW
    shiny = np.flatnonzero((found.roughness < 0.7) & (light.sun * facing > 0))
    if len(shiny):
        colors[shiny] += _shine(stage, found, light, directions, facing, shiny)
    return colors.astype(np.float32)


def _shine(
    stage: Stage, found: Surfaces, light: Light, directions: Floats, facing: Floats, rows: Numbers
) -> Floats:
    """The sun's highlight (Blinn-Phong, normalised)."""
    half = stage.sky.sun - directions[rows]
    half /= np.maximum(np.sqrt(np.einsum("ij,ij->i", half, half)), 1e-6)[:, None]
    power = 2 / np.maximum(found.roughness[rows], 0.15) ** 3
    cosine = np.clip(np.einsum("ij,ij->i", found.normal[rows], half), 1e-6, 1)
    # Held above the smallest numbers, with which a processor is slow.
    lobe = np.exp2(np.maximum(power * np.log2(cosine), -60)) * (power + 2) / 30
    strength = lobe * (0.04 + 0.5 * found.metallic[rows]) * light.sun[rows] * facing[rows]
    shine: Floats = strength[:, None] * sky.SUN
    return shine


def _mirrored(stage: Stage, found: Surfaces, rays: Rays) -> Floats:
    """What smooth surfaces mirror: the nearly polished ones send rays, towers and all others see the sky alone."""
    added = np.zeros_like(found.at)
    smooth = 1 - found.roughness
    base = np.maximum(found.mirror, np.where(is_leaf(found), 0, (0.04 + 0.4 * found.metallic) * smooth))
    rows = np.flatnonzero(base > 0.008)
    if len(rows):
        normal, incoming = found.normal[rows], rays.directions[rows]
        cosine = -np.einsum("ij,ij->i", normal, incoming)
        out = np.ascontiguousarray(incoming + 2 * cosine[:, None] * normal, np.float32)
        glancing = np.power(1 - np.clip(cosine, 0, 1), 5) * smooth[rows] ** 2 * 0.55  # Schlick's approximation
        share = base[rows] + (1 - base[rows]) * glancing
        added[rows] = _seen_in_mirror(stage, found, rows, out, rays.spread) * share[:, None]
    return added


def _seen_in_mirror(stage: Stage, found: Surfaces, rows: Numbers, out: Floats, spread: float) -> Floats:
    seen = stage.sky.radiance(out) * sky.BACKDROP
    polished = np.flatnonzero((found.roughness[rows] < POLISHED) & (found.kind[rows] != TOWER))
    if len(polished):
        origins = found.at[rows[polished]] + found.normal[rows[polished]] * np.float32(0.01)
        seen[polished] = _glimpse(stage, Rays(origins, out[polished], spread * 4))
    return seen


def _glimpse(stage: Stage, rays: Rays) -> Floats:
    """What rays see, lit simply: no shadows, an even sky."""
    colors = stage.sky.radiance(rays.directions) * sky.BACKDROP
    hits = stage.nearest(rays)
    rows = np.flatnonzero(hits.triangle >= 0)
    found = find_surfaces(stage, hits.take(rows), rays.take(rows))
    colors[rows] = _hazed(_shaded(stage, found, _even(len(rows), 0.8, 0.5), rays.directions[rows]), found.distance)
    return colors


def _even(count: int, sun: float, share: float) -> Light:
    return Light(np.full(count, sun, np.float32), np.tile(FULL_SKY * np.float32(share), (count, 1)))


def _hazed(colors: Floats, distance: Floats) -> Floats:
    share = (1 - np.exp2(-np.maximum(distance - HAZE_FROM_M, 0.0) / HAZE_HALF_M))[:, None]
    hazed: Floats = colors + (sky.HAZE - colors) * share
    return hazed


def veiled(stage: Stage, colors: Floats, rays: Rays, distance: Floats) -> Floats:
    """Lay the see-through parts of the model over what is behind them, nearest first, at most eight deep.

    A matt veil thins out towards its rim, as mist does.
    """
    rows: Numbers = np.arange(len(colors))
    start: Floats = np.zeros(len(colors), np.float32)
    clear, front = np.ones(len(colors), np.float32), np.zeros_like(colors)
    for _ in range(VEILS_DEEP if stage.veils.count else 0):
        some = rays.take(rows)
        hits = stage.veils.nearest(
            Rays(some.origins + start[:, None] * some.directions, some.directions, rays.spread)
        )
        met = (hits.triangle >= 0) & (start + hits.distance < distance[rows])
        rows, start, some, hits = rows[met], start[met], some.take(met), hits.take(met)
        found = find_surfaces(stage, hits, some)
        edge = np.abs(np.einsum("ij,ij->i", found.normal, some.directions))
        alpha = found.alpha * np.where(found.roughness > 0.9, edge, 1.0)
        front[rows] += (clear[rows] * alpha)[:, None] * _shaded(
            stage, found, _even(len(rows), 0.7, 0.6), some.directions
        )
        clear[rows] *= 1 - alpha
        start = start + hits.distance + np.float32(1e-3)
    layered: Floats = front + colors * clear[:, None]
    return layered
