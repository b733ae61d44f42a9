"""Buildings as blocks: the footprint drawn up to the measured height, flat on top (LOD1)."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.crs import points_to_plane
from geodata.placement import Building

Floats = NDArray[np.float64]


def block_triangles(buildings: Sequence[Building], ground_m: float) -> Floats:
    """Give the walls and roofs of buildings as triangles (k, 3, 3): e, n of EPSG:6677 and height (T.P.), metres.

    Courtyards stay open; walls face outwards. A building whose ground is not known stands on ground_m.
    """
    footprints = np.array([building.footprint for building in buildings], dtype=object)
    base = np.array([ground_m if b.ground_m is None else b.ground_m for b in buildings], dtype=float)
    top = base + np.array([building.height_m for building in buildings], dtype=float)
    outlines = shapely.orient_polygons(shapely.transform(shapely.force_2d(footprints), points_to_plane))
    parts, of = shapely.get_parts(outlines, return_index=True)
    return np.concatenate([_walls(parts, base[of], top[of]), _roofs(parts, top[of])])


def _walls(parts: NDArray[np.object_], base: Floats, top: Floats) -> Floats:
    """Two triangles for every edge of every ring."""
    rings, of_part = shapely.get_rings(parts, return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(of_ring[1:] == of_ring[:-1])
    part = of_part[of_ring[edge]]
    a, b, c, d = (
        np.column_stack([points[end], height[part]])
        for end, height in ((edge, base), (edge + 1, base), (edge + 1, top), (edge, top))
    )
    return np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])


def _roofs(parts: NDArray[np.object_], top: Floats) -> Floats:
    triangles, part = shapely.get_parts(shapely.constrained_delaunay_triangles(parts), return_index=True)
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    heights = np.broadcast_to(top[part][:, None, None], (len(corners), 3, 1))
    return np.concatenate([corners, heights], axis=2)
