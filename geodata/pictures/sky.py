"""The sky: a soft gradient with a few clouds, and the light that comes from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.scene import light
from geodata.scene.patterns import cell_of, cell_tone

Floats = NDArray[np.floating[Any]]


def _rgb(color: str) -> Floats:
    return np.array(light.linear(color), np.float32)


SUN = _rgb(light.SUN_COLOR) * np.float32(light.SUN_INTENSITY)
ZENITH, HORIZON, GROUND = _rgb(light.ZENITH), _rgb(light.HORIZON), _rgb(light.GROUND)
BACKDROP = np.float32(1.85)  # the sky as seen, against the light it casts
HAZE = _rgb(light.HAZE_COLOR) * BACKDROP
SKY_LIGHT = np.float32(1.45)
GLOW = np.array([0.22, 0.16, 0.08], np.float32)  # around the sun


@dataclass(frozen=True)
class Sky:
    """The sky with the sun at one place: `sun` is the unit vector (3,) towards it."""

    sun: Floats

    def sunward(self, vectors: Floats) -> Floats:
        """Give the part of vectors (n, 3) that points to the sun (n,); too few numbers for a BLAS call."""
        x, y, z = self.sun
        return np.asarray(vectors[:, 0] * x + vectors[:, 1] * y + vectors[:, 2] * z)

    def radiance(self, directions: Floats) -> Floats:
        """The clear sky's colour (n, 3) along unit directions (n, 3); below the horizon that of the lit ground."""
        height = directions[:, 1]
        share = np.clip(1.0 - height, 0.0, 1.0)
        share = np.square(np.square(share))
        glow = np.power(np.maximum(self.sunward(directions), 0.05), np.float32(24.0))
        below = np.clip(height * 12.0 + 0.5, 0.0, 1.0)
        light = np.empty_like(directions)
        for channel in range(3):
            above = ZENITH[channel] + (HORIZON - ZENITH)[channel] * share + GLOW[channel] * glow
            ground = GROUND[channel] * np.float32(0.9)
            light[:, channel] = ground + (above - ground) * below
        return light

    def seen(self, directions: Floats) -> Floats:
        """The sky as a picture shows it: with clouds."""
        sky = self.radiance(directions) * BACKDROP
        up = np.maximum(directions[:, 1], 0.04)
        x, z = directions[:, 0] / (up + 0.12), directions[:, 2] / (up + 0.12)
        puffs = _billows(x * 1.1, z * 1.1)
        cover = np.clip((puffs - 0.52) * 3.2, 0.0, 1.0)
        cover = cover * cover * (3 - 2 * cover) * np.clip(directions[:, 1] * 7.0, 0.0, 0.85)
        white = np.array([2.2, 2.16, 2.1], np.float32)
        clouded: Floats = sky + (white - sky) * cover[:, None]
        return clouded.astype(np.float32)


def _billows(x: Floats, z: Floats) -> Floats:
    total, weight = np.zeros_like(x), 0.5
    for octave in range(5):
        total += weight * _smooth_noise(x * 2.0**octave, z * 2.0**octave, octave)
        weight *= 0.5
    return total


def _smooth_noise(x: Floats, z: Floats, seed: int) -> Floats:
    i, j = cell_of(x), cell_of(z)
    a, b = x - i, z - j
    a, b = a * a * (3 - 2 * a), b * b * (3 - 2 * b)
    low = cell_tone(i, j, seed) * (1 - a) + cell_tone(i + 1, j, seed) * a
    high = cell_tone(i, j + 1, seed) * (1 - a) + cell_tone(i + 1, j + 1, seed) * a
    return np.asarray(low * (1 - b) + high * b, np.float32)
