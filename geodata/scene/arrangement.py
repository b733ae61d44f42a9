"""Where plants and people stand: near enough to give life and scale, never in the way of the proposal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.scene.cameras import Camera
from geodata.scene.figures import SCALE_FIGURE, SCALE_FIGURE_M
from geodata.scene.light import CARD_SUN, towards
from geodata.scene.places import Place
from geodata.scene.prop import Stand
from geodata.scene.props import FURNITURE
from geodata.scene.solids import Solid
from geodata.scene.subject import Subject

Plan = tuple[float, float]
Values = NDArray[np.float64]

MAX_PLANTS = 52
FIGURE_RADIUS_M = 0.35
BESIDE_M = 0.75
STROLLERS = ("parent-with-child", "wheelchair", "dog-walker", "elder", "adult-walking", "adult-standing", "elder")


@dataclass(frozen=True)
class Surroundings:
    """What must be kept free: the proposal's footprint, buildings, and the cameras that look at it."""

    subject: Subject
    cameras: Sequence[Camera]
    solids: Sequence[Solid]

    def corridors(self, margin_m: float) -> BaseGeometry:
        """The plan area between the cameras and the proposal."""
        return shapely.union_all([c.corridor(self.subject.footprint, margin_m) for c in self.cameras])

    def built(self) -> BaseGeometry:
        """The plan area of the buildings."""
        return shapely.union_all([solid.footprint for solid in self.solids])


def arranged_plants(place: Place, around: Surroundings) -> tuple[Stand, ...]:
    """Take the plants that hide nothing, shade nothing and fit, in the order the place wishes for them."""
    free_of = shapely.union_all([around.corridors(0.6), around.built(), _shading(around.subject)])
    free_of = shapely.union(free_of, around.subject.footprint.buffer(1.2))
    shapely.prepare(free_of)
    taken: list[Stand] = []
    for stand in place.plants:
        radius = FURNITURE[stand.prop].radius_m * stand.scale
        if len(taken) < MAX_PLANTS and free_of.distance(_point(stand)) > radius and _apart(stand, taken):
            taken.append(stand)
    return tuple(taken)


def _shading(subject: Subject) -> BaseGeometry:
    """Where a tree's shadow would fall onto the proposal."""
    x, _, z = towards(CARD_SUN.azimuth_deg, 0.0)
    reach = 8.0 / math.tan(math.radians(CARD_SUN.elevation_deg))
    moved = shapely.affinity.translate(subject.footprint, x * reach, z * reach)
    return shapely.convex_hull(shapely.union(subject.footprint, moved))


def _apart(stand: Stand, others: Sequence[Stand]) -> bool:
    own = FURNITURE[stand.prop].radius_m
    return all(math.dist(stand.at, other.at) > 0.62 * (own + FURNITURE[other.prop].radius_m) for other in others)


def _point(stand: Stand) -> BaseGeometry:
    return shapely.Point(stand.at[0], stand.at[2])


def arranged_figures(place: Place, around: Surroundings, plants: Sequence[Stand]) -> tuple[Stand, ...]:
    """One adult of 165 cm beside the proposal, in sight of every camera, and a few people farther off."""
    trunks = shapely.union_all([_point(plant).buffer(FURNITURE[plant.prop].foot_m + 0.1) for plant in plants])
    closed = shapely.union_all([place.closed, around.built(), trunks, around.subject.footprint.buffer(0.45)])
    shapely.prepare(closed)
    first = _scale_figure(around, closed)
    return (first, *_strollers(around, closed, first))


def _candidates(footprint: BaseGeometry, distances: Sequence[float]) -> list[tuple[float, float]]:
    found = []
    for distance in distances:
        ring = footprint.buffer(distance).exterior
        count = max(int(ring.length / 0.4), 12)
        found += [ring.interpolate(k / count, normalized=True).coords[0] for k in range(count)]
    return found


def _scale_figure(around: Surroundings, closed: BaseGeometry) -> Stand:
    """The best place close beside the proposal: seen by all cameras, apart from the proposal in each frame."""
    places = _candidates(around.subject.footprint, (BESIDE_M, 1.1, 1.6, 2.2, 3.0, 4.0))
    places = [place for place in places if not closed.contains(shapely.Point(place))] or places
    x, z = places[int(_merits(places, around).argmax())]
    people = around.cameras[0]
    turn = math.atan2(around.subject.centre[0] - x, around.subject.centre[2] - z)
    facing = math.atan2(people.position[0] - x, people.position[2] - z)
    return Stand(SCALE_FIGURE, (x, 0.0, z), _between(turn, facing))


def _between(one: float, other: float) -> float:
    return math.atan2(math.sin(one) + math.sin(other), math.cos(one) + math.cos(other))


def _merits(places: Sequence[Plan], around: Surroundings) -> Values:
    """How well a figure shows in each place: never cut off, seldom before or behind the proposal."""
    distances = shapely.distance(around.subject.footprint, shapely.points(places))
    shown = [_showing(places, camera, around.subject) for camera in around.cameras]
    return np.asarray(np.min(shown, axis=0) - 0.08 * distances)


def _showing(places: Sequence[Plan], camera: Camera, subject: Subject) -> Values:
    boxes = np.concatenate([_figure_box(place) for place in places])
    frames, seen = camera.project(boxes).reshape(len(places), -1, 2), camera.project(subject.hull)
    reach = np.abs(frames).max(axis=1)
    low, high = frames.min(axis=1), frames.max(axis=1)
    beside = np.maximum(low[:, 0] - seen[:, 0].max(), seen[:, 0].min() - high[:, 0])
    gap = np.maximum(beside, 1.5 * (low[:, 1] - seen[:, 1].max()))
    shown = np.minimum(gap, 0.02) * 10 + np.minimum(0.72 - reach[:, 0], 0.0)
    return np.where(reach.max(axis=1) > 0.97, -10.0, shown)


def _figure_box(place: Plan, radius_m: float = FIGURE_RADIUS_M) -> Values:
    x, z = place
    steps = (-radius_m, radius_m)
    return np.array([(x + dx, y, z + dz) for dx in steps for dz in steps for y in (0.0, SCALE_FIGURE_M)])


def _strollers(around: Surroundings, closed: BaseGeometry, first: Stand) -> tuple[Stand, ...]:
    """People farther off than the proposal, none of them before it and none cut by a frame."""
    noise = np.random.default_rng(17)
    kept_free = shapely.union_all([around.corridors(0.5), closed, _point(first).buffer(1.6)])
    shapely.prepare(kept_free)
    centre, size = around.subject.centre, around.subject.high - around.subject.low
    reach = float(np.hypot(size[0], size[2])) / 2
    found: list[Stand] = []
    for _ in range(600):
        angle, distance = noise.uniform(0, 2 * math.pi), reach + 2.5 + 16.0 * noise.uniform() ** 1.6
        x, z = centre[0] + math.cos(angle) * distance, centre[2] + math.sin(angle) * distance
        stand = Stand(STROLLERS[len(found)], (x, 0.0, z), float(noise.uniform(0, 2 * math.pi)))
        apart = all(math.dist(stand.at, other.at) > 2.4 for other in found)
        if apart and kept_free.distance(_point(stand)) > 0.8 and _stays_small((x, z), around):
            found.append(stand)
        if len(found) == len(STROLLERS):
            break
    return tuple(found)


def _stays_small(place: tuple[float, float], around: Surroundings) -> bool:
    """Tell whether a stroller is no nearer than the proposal, and no eye-level frame cuts through."""
    for camera in around.cameras[:2]:
        x, _, z = camera.position
        frame = np.abs(camera.project(_figure_box(place, 1.0))[:, 0])
        if math.dist((x, z), place) < 0.95 * around.subject.footprint.distance(shapely.Point(x, z)):
            return False
        if frame.min() < 1.0 < frame.max() and np.isfinite(frame).any():
            return False
    return True
