"""Where the pictures are taken from: three cameras by one rule for all proposals.

A camera looks at the proposal from a direction relative to its front, and stands as far away as it must for the
proposal to fill its share of the frame. Of the two sides of the front the one nearer the sun is taken. Where a
building stands in the way, the camera turns step by step until nothing does.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.scene.light import CARD_SUN, towards
from geodata.scene.solids import Solid
from geodata.scene.subject import Subject

EYE_M = 1.6
ASPECT = 4 / 3
FARTHEST_M = 5_000.0
CLEARANCE_M = 1.0

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    """A pinhole: position and target in scene metres, vertical field of view in degrees, frame 4:3."""

    name: str
    position: tuple[float, float, float]
    target: tuple[float, float, float]
    fov_deg: float

    @cached_property
    def axes(self) -> Vector:
        """The unit vectors right, up and forward, as rows; a camera never looks straight up or down."""
        x, y, z = (there - here for here, there in zip(self.position, self.target, strict=True))
        flat, whole = math.hypot(x, z), math.sqrt(x * x + y * y + z * z)
        rise = y / whole
        return np.array(
            [
                [-z / flat, 0.0, x / flat],
                [-x / flat * rise, flat / whole, -z / flat * rise],
                [x / whole, rise, z / whole],
            ]
        )

    def project(self, points: Vector) -> Vector:
        """Give frame coordinates (n, 2) of points (n, 3): -1 to 1 from left to right and from bottom to top.

        Points behind the camera come out as infinite.
        """
        seen = (points - np.array(self.position)) @ self.axes.T
        half = math.tan(math.radians(self.fov_deg) / 2)
        ahead = seen[:, 2:] > 0.05
        frame = seen[:, :2] / (np.array([half * ASPECT, half]) * np.where(ahead, seen[:, 2:], 1.0))
        return np.where(ahead, frame, np.inf)

    def corridor(self, footprint: BaseGeometry, margin_m: float) -> BaseGeometry:
        """Give the plan area (x, z) between the camera and a footprint that must stay empty."""
        x, _, z = self.position
        return shapely.convex_hull(shapely.union(footprint, shapely.points(x, z))).buffer(margin_m)


@dataclass(frozen=True)
class View:
    """One camera's rule: angle from the front, height or elevation, and how much of the frame to fill."""

    name: str
    from_front_deg: float
    elevation_deg: float | None  # None: at eye height
    width_share: float
    height_share: float
    foot: float  # where the proposal's lowest point comes to lie, -1 bottom to 1 top
    fov_deg: float
    nearest_m: float  # so that a person beside the smallest thing is seen whole
    sunny_side: bool


VIEWS = (
    View("people", 32.0, None, 0.57, 0.68, -0.68, 42.0, 3.4, True),
    View("approach", 38.0, None, 0.36, 0.50, -0.62, 46.0, 4.5, False),
    View("overview", 24.0, 37.0, 0.50, 0.60, -0.56, 34.0, 6.0, True),
)
CAMERAS = tuple(view.name for view in VIEWS)


EYES = {"child": 1.1, "wheelchair": 1.2}
"""Other eyes at the place of the camera ``people``, whose eyes are at 1.6 m: heights above the ground, metres."""


def lowered(name: str, people: Camera, subject: Subject) -> Camera:
    """Look from where ``people`` stands with the eyes of EYES; raises KeyError for an unknown name."""
    x, _, z = people.position
    return _aimed(replace(VIEWS[0], name=name), subject, np.array([x, EYES[name], z]))


def place_cameras(subject: Subject, heading_deg: float, solids: Sequence[Solid]) -> tuple[Camera, ...]:
    """Place the three cameras, in the order of CAMERAS."""
    return tuple(_placed(view, subject, heading_deg, solids) for view in VIEWS)


def is_clear(camera: Camera, subject: Subject, solids: Sequence[Solid]) -> bool:
    """Tell whether no building holds the camera or stands between it and the proposal."""
    corridor = camera.corridor(subject.footprint, CLEARANCE_M)
    return not any(shapely.intersects(corridor, solid.footprint) for solid in solids)


def _placed(view: View, subject: Subject, heading_deg: float, solids: Sequence[Solid]) -> Camera:
    cameras = (_fitted(view, subject, azimuth) for azimuth in _azimuths(view, heading_deg))
    clear = (camera for camera in cameras if is_clear(camera, subject, solids))
    return next(clear, None) or _fitted(view, subject, next(_azimuths(view, heading_deg)))


def _azimuths(view: View, heading_deg: float) -> Iterator[float]:
    right = (CARD_SUN.azimuth_deg - heading_deg) % 360 < 180
    side = 1.0 if right == view.sunny_side else -1.0
    for turn in range(0, 190, 10):
        yield heading_deg + side * (view.from_front_deg + turn)
        yield heading_deg + side * (view.from_front_deg - turn)


def _fitted(view: View, subject: Subject, azimuth_deg: float) -> Camera:
    near, far = view.nearest_m, FARTHEST_M
    for _ in range(24):
        middle = math.sqrt(near * far)
        near, far = (
            (near, middle) if _fits(_at(view, subject, azimuth_deg, middle), view, subject) else (middle, far)
        )
    return _at(view, subject, azimuth_deg, far)


def _at(view: View, subject: Subject, azimuth_deg: float, distance_m: float) -> Camera:
    low, high = subject.low, subject.high
    reach = float(np.hypot(*(high - low)[[0, 2]])) / 2
    centre = subject.centre
    if view.elevation_deg is None:
        away = np.array(towards(azimuth_deg, 0.0)) * (distance_m + reach)
        position = np.array([centre[0] + away[0], EYE_M, centre[2] + away[2]])
    else:
        position = centre + np.array(towards(azimuth_deg, view.elevation_deg)) * (distance_m + reach)
    return _aimed(view, subject, position)


def _aimed(view: View, subject: Subject, position: Vector) -> Camera:
    """Tilt so that the proposal's lowest point lies at the view's height in the frame."""
    away = subject.hull - position
    lowest = math.atan((away[:, 1] / np.hypot(away[:, 0], away[:, 2])).min())
    tilt = lowest - math.atan(view.foot * math.tan(math.radians(view.fov_deg) / 2))
    flat = subject.centre - position
    distance = float(np.hypot(flat[0], flat[2]))
    target = (position[0] + flat[0], position[1] + distance * math.tan(tilt), position[2] + flat[2])
    return Camera(view.name, _rounded(position), _rounded(target), view.fov_deg)


def _rounded(point: Iterable[float]) -> tuple[float, float, float]:
    x, y, z = (round(float(value), 4) for value in point)
    return x, y, z


def _fits(camera: Camera, view: View, subject: Subject) -> bool:
    frame = camera.project(subject.hull)
    if not np.isfinite(frame).all():
        return False
    width, height = frame.max(axis=0) - frame.min(axis=0)
    inside = bool(np.abs(frame).max() < 0.94)
    return inside and width <= 2 * view.width_share and height <= 2 * view.height_share
