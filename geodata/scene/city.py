"""The buildings that were surveyed around a place, as plain blocks in its scene."""

from collections.abc import Sequence

import numpy as np
import shapely

from geodata.crs import geometry_to_plane, to_plane
from geodata.glb_writer import Floats, Mesh
from geodata.placement import Building, Placement
from geodata.sun import block_triangles


def building_meshes(buildings: Sequence[Building], placement: Placement, ground_m: float) -> tuple[Mesh, ...]:
    """Give each building as a block in the frame x = east, y = up, z = south, in metres from the placement.

    y = 0 is the site's ground (ground_m, T.P.); a building whose own ground is not known stands on it. What stays
    below it is left out.
    """
    e, n = to_plane(placement.lon, placement.lat)
    rising = (one for one in buildings if one.ground_m is None or one.ground_m + one.height_m > ground_m)
    return tuple(_block(block_triangles([one], ground_m) - (e, n, ground_m)) for one in rising)


def without_surveyed(towers: Sequence[Mesh], buildings: Sequence[Building], placement: Placement) -> list[Mesh]:
    """Give the towers, in the placement's frame, that no surveyed building stands in the place of."""
    e, n = to_plane(placement.lon, placement.lat)
    surveyed = shapely.union_all([geometry_to_plane(building.footprint) for building in buildings])
    shapely.prepare(surveyed)
    plans = [tower.positions[:, [0, 2]] * (1, -1) + (e, n) for tower in towers]
    hulls = shapely.convex_hull([shapely.multipoints(plan) for plan in plans])
    return [tower for tower, hull in zip(towers, hulls, strict=True) if not surveyed.intersects(hull)]


def _block(triangles: Floats) -> Mesh:
    """A mesh of triangles (k, 3, 3) east, north, up, each flat, turned so that its outside is its front."""
    corners = np.stack([triangles[..., 0], triangles[..., 2], -triangles[..., 1]], axis=-1)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    downward = normals[:, 1] < -0.5  # a roof's triangles come in any order
    corners[downward], normals[downward] = corners[downward][:, ::-1], -normals[downward]
    return Mesh(corners.reshape(-1, 3), np.repeat(normals, 3, axis=0), np.arange(3 * len(corners)).reshape(-1, 3))
