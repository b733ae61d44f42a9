"""Built parts that follow an outline: basin rims, kerbs, planters."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.glb_writer import Mesh, merge
from geodata.scene.ground import Ground
from geodata.scene.prop import Color, Prop, painted


def rim(area: BaseGeometry, width_m: float, height_m: float, color: Color) -> Prop:
    """A low wall along the inside of an outline."""
    return painted(_raised(area.difference(area.buffer(-width_m, join_style="mitre")), 0.0, height_m), color)


def block(area: BaseGeometry, height_m: float, color: Color, base_m: float = 0.0) -> Prop:
    """An area raised to a height."""
    return painted(_raised(area, base_m, height_m), color)


def _raised(area: BaseGeometry, base_m: float, height_m: float) -> Mesh:
    top = Ground("", area, base_m + height_m).mesh()
    return merge([top, *(_side(ring, base_m, base_m + height_m) for ring in _rings(area))])


def _rings(area: BaseGeometry) -> list[NDArray[np.float64]]:
    """The outlines as points (n, 2), the area always on their left."""
    parts = [shapely.orient_polygons(part) for part in shapely.get_parts(area)]
    return [shapely.get_coordinates(ring) for part in parts for ring in (part.exterior, *part.interiors)]


def _side(ring: NDArray[np.float64], low: float, high: float) -> Mesh:
    """The upright face along a ring, facing away from the area."""
    start, end = ring[:-1], ring[1:]
    along = end - start
    outward = np.column_stack([along[:, 1], np.zeros(len(along)), -along[:, 0]])
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
    sides = [(start, low), (end, low), (end, high), (start, high)]
    corners = np.stack([np.column_stack([p[:, 0], np.full(len(p), y), p[:, 1]]) for p, y in sides], axis=1)
    first = 4 * np.arange(len(start))[:, None]
    triangles = np.concatenate([first + np.array([0, 2, 1]), first + np.array([0, 3, 2])])
    return Mesh(corners.reshape(-1, 3), np.repeat(outward, 4, axis=0), triangles)
