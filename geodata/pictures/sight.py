"""Which of the things around any picture may show: the others may stand there in their light form."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geodata.scene.cameras import ASPECT, Camera
from geodata.scene.light import Sun
from geodata.scene.prop import Stand
from geodata.scene.props import prop_named

MARGIN_M = 2.0  # what stands so near still takes sky light from places that show


def is_in_sight(stand: Stand, cameras: Sequence[Camera], sun: Sun) -> bool:
    """Tell whether a thing or its shadow may lie between the left and the right edge of any camera's frame.

    It counts for all cameras of a scene together, so that each picture is the same whichever others are drawn.
    """
    points = _occupied(stand, sun)
    return any(_may_see(camera, points) for camera in cameras)


def _may_see(camera: Camera, points: NDArray[np.float64]) -> bool:
    """Tell whether the hull of the points is not wholly beyond one edge of the frame or behind the camera."""
    x, _, ahead = camera.axes @ (points - np.array(camera.position)).T
    reach = ahead * (math.tan(math.radians(camera.fov_deg) / 2) * ASPECT)
    return not ((x > reach).all() or (x < -reach).all() or (ahead < 0).all())


def _occupied(stand: Stand, sun: Sun) -> NDArray[np.float64]:
    """The corners of a box around a thing, and of the shadow that the box throws on the ground."""
    radius, height = _size(stand.prop)
    x, y, z = stand.at
    wide, tall = radius * stand.scale + MARGIN_M, height * stand.scale
    sides = [(x + dx, z + dz) for dx in (-wide, wide) for dz in (-wide, wide)]
    east, up, south = sun.direction
    slant_x, slant_z = -east / up * tall, -south / up * tall
    box = [(px, y + py, pz) for px, pz in sides for py in (0.0, tall)]
    return np.array(box + [(px + slant_x, y, pz + slant_z) for px, pz in sides])


@lru_cache(maxsize=64)
def _size(name: str) -> tuple[float, float]:
    """The radius and the height of a prop, in metres."""
    positions = prop_named(name, False).mesh.positions
    return float(np.hypot(positions[:, 0], positions[:, 2]).max()), float(positions[:, 1].max())
