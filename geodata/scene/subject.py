"""The proposal itself, standing in its place."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.ingest.appearance import Appearance, Floats, read_appearance
from geodata.placement import Placement


@dataclass(frozen=True)
class Subject:
    """A placed model: triangles in scene metres and the pose that puts the file there.

    `corners`, `normals` (k, 3, 3) are in the scene's frame. A viewer reaches the same by turning the file about y
    by `rotation_y` (radians), scaling it, and moving it to `position`.
    """

    corners: Floats
    normals: Floats
    appearance: Appearance
    position: tuple[float, float, float]
    rotation_y: float
    scale: float

    @cached_property
    def low(self) -> NDArray[np.float64]:
        """The least x, y, z."""
        return np.asarray(self.corners.min(axis=(0, 1)), np.float64)

    @cached_property
    def high(self) -> NDArray[np.float64]:
        """The greatest x, y, z."""
        return np.asarray(self.corners.max(axis=(0, 1)), np.float64)

    @cached_property
    def footprint(self) -> BaseGeometry:
        """The convex hull seen from above, in (x, z) metres; at least 1 cm wide."""
        plan = np.round(self.corners.reshape(-1, 3)[:, [0, 2]], 2)
        return shapely.convex_hull(shapely.multipoints(plan)).buffer(0.01, join_style="mitre")

    @cached_property
    def hull(self) -> NDArray[np.float64]:
        """Points (k, 3) whose projections enclose the whole, with the ground below it: the footprint's corners."""
        ring = shapely.get_coordinates(self.footprint)
        lowest = min(float(self.low[1]), 0.0)
        return np.concatenate(
            [np.column_stack([ring[:, 0], np.full(len(ring), y), ring[:, 1]]) for y in (lowest, self.high[1])]
        )

    @property
    def centre(self) -> NDArray[np.float64]:
        """The middle of the bounding box."""
        return (self.low + self.high) / 2


def place_subject(model: bytes, placement: Placement) -> Subject:
    """Stand a model in the scene: canonical origin on the placement, front along the heading."""
    appearance = read_appearance(model)
    low, high = (np.asarray(f(appearance.corners, axis=(0, 1)), np.float64) for f in (np.min, np.max))
    origin = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    turn = math.pi - math.radians(placement.heading_deg)
    frame = rotation_y(turn)
    x, y, z = np.array([0.0, placement.base_m, 0.0]) - placement.scale * frame @ origin
    corners = placement.scale * (appearance.corners @ frame.T) + np.array([x, y, z])
    return Subject(
        corners.astype(np.float32),
        (appearance.normals @ frame.T).astype(np.float32),
        appearance,
        (float(x), float(y), float(z)),
        turn,
        placement.scale,
    )


def rotation_y(angle: float) -> NDArray[np.float64]:
    """Give the matrix (3, 3) that turns column vectors about y by an angle in radians."""
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
