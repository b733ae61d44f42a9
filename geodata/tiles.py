"""Placed proposals as 3D Tiles 1.1 (OGC 22-025r4), for globes such as CesiumJS and PLATEAU VIEW.

One tile a placement, with the proposal's GLB as its content and a transform to the earth-centred frame (ECEF,
EPSG:4978). A tile's own frame has z up, while the content has y up: the reader of the tiles turns it, (x, y, z) to
(x, -z, y), before it applies the transform. So the front of a model, +z in the file, is -y in its tile.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Proj, Transformer

from geodata.crs import METRES
from geodata.heights import ellipsoidal_heights
from geodata.placement import Placement

Matrix = NDArray[np.float64]
Points = NDArray[np.float64]

_CORNERS = np.array([(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])


@dataclass(frozen=True)
class PlacedContent:
    """A proposal at its place.

    ``uri`` of its canonical GLB, relative to the tileset; ``bounds_m`` its width, height and depth; ``ground_m``
    the ground above Tokyo Peil; ``extras`` what the tile says of it, such as title and licence.
    """

    uri: str
    placement: Placement
    ground_m: float
    bounds_m: tuple[float, float, float]
    extras: dict[str, Any]


def tileset(placed: Sequence[PlacedContent], extras: dict[str, Any]) -> dict[str, Any]:
    """The document tileset.json; ``extras`` says what the whole of it is.

    The root has nothing of its own and its box, along the axes of ECEF, holds all that is placed. A reader draws
    the tiles when the largest proposal would be missed by so many pixels as it tolerates.

    Raises:
        ValueError: a placement where the geoid is not known.
    """
    matrices = _transforms(placed)
    corners = [_ecef_corners(content, matrix) for content, matrix in zip(placed, matrices, strict=True)]
    missed = max((_diagonal(content) for content in placed), default=0.0)
    root: dict[str, Any] = {"boundingVolume": _around(corners), "geometricError": missed, "refine": "ADD"}
    if placed:  # an empty list of children is not allowed
        root["children"] = [_tile(content, matrix) for content, matrix in zip(placed, matrices, strict=True)]
    return {"asset": {"version": "1.1", "extras": extras}, "geometricError": missed, "root": root}


def _tile(content: PlacedContent, matrix: Matrix) -> dict[str, Any]:
    return {
        "transform": matrix.ravel(order="F").tolist(),
        "boundingVolume": {"box": _box(content)},
        "geometricError": 0.0,
        "content": {"uri": content.uri},
        "extras": content.extras,
    }


def _box(content: PlacedContent) -> list[float]:
    """Centre and three half axes in the tile's frame: the model stands on z = 0, its middle over the origin."""
    x, z, y = (length / 2 for length in content.bounds_m)
    return [0.0, 0.0, z, x, 0.0, 0.0, 0.0, y, 0.0, 0.0, 0.0, z]


def _diagonal(content: PlacedContent) -> float:
    return content.placement.scale * math.hypot(*content.bounds_m)


def _ecef_corners(content: PlacedContent, matrix: Matrix) -> Points:
    box = np.reshape(_box(content), (4, 3))
    corners = box[0] + _CORNERS @ box[1:]
    moved: Points = corners @ matrix[:3, :3].T + matrix[:3, 3]
    return moved


def _around(corners: Sequence[Points]) -> dict[str, list[float]]:
    """The bounding volume of the root: a box, or, around nothing, a sphere without a size."""
    if not corners:
        return {"sphere": [0.0, 0.0, 0.0, 0.0]}
    points = np.concatenate(corners)
    low, high = points.min(axis=0), points.max(axis=0)
    return {"box": [*((low + high) / 2).tolist(), *np.diag((high - low) / 2).ravel().tolist()]}


def _transforms(placed: Sequence[PlacedContent]) -> list[Matrix]:
    """One matrix (4, 4) a placement, from its tile's frame to ECEF."""
    lonlat = np.array([(content.placement.lon, content.placement.lat) for content in placed]).reshape(-1, 2)
    bases = np.array([content.ground_m + content.placement.base_m for content in placed])
    heights = ellipsoidal_heights(lonlat, bases)
    return [_transform(content.placement, height) for content, height in zip(placed, heights, strict=True)]


def _transform(placement: Placement, height_m: float) -> Matrix:
    matrix = np.eye(4)
    matrix[:3, :3] = placement.scale * _east_north_up(placement) @ _turn(placement)
    matrix[:3, 3] = _to_ecef().transform(placement.lon, placement.lat, height_m, errcheck=True)
    return matrix


def _turn(placement: Placement) -> Matrix:
    """From the tile's frame to east, north, up: its -y axis, where the front is, comes to the heading.

    A heading is clockwise from grid north; from true north, which is meant here, the convergence is added.
    """
    convergence = _grid().get_factors(placement.lon, placement.lat, errcheck=True).meridian_convergence
    bearing = math.radians(placement.heading_deg + convergence)
    sin, cos = math.sin(bearing), math.cos(bearing)
    return np.array([[-cos, -sin, 0.0], [sin, -cos, 0.0], [0.0, 0.0, 1.0]])


def _east_north_up(placement: Placement) -> Matrix:
    """The three directions at a place as columns in ECEF."""
    lon, lat = math.radians(placement.lon), math.radians(placement.lat)
    east = [-math.sin(lon), math.cos(lon), 0.0]
    north = [-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)]
    up = [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)]
    return np.column_stack([east, north, up])


@lru_cache(maxsize=1)
def _to_ecef() -> Transformer:
    return Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)


@lru_cache(maxsize=1)
def _grid() -> Proj:
    return Proj(METRES)
