"""A scene as one table of triangles, and the rays that find them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from geodata.glb_writer import Mesh
from geodata.ingest.appearance import Surface
from geodata.scene.patterns import PATTERNS
from geodata.scene.prop import Prop, Stand, standing
from geodata.scene.props import prop_named
from geodata.scene.scene import Scene

Floats = NDArray[np.floating[Any]]
Numbers = NDArray[np.integer[Any]]

MODEL, PAINTED, LEAF, GROUND, TOWER = range(5)
FAR = np.float32(1e30)


@dataclass(frozen=True)
class Rays:
    """Origins and unit directions (n, 3); `spread` is the width of a pixel at a distance of 1 m."""

    origins: Floats
    directions: Floats
    spread: float

    def take(self, rows: NDArray[Any]) -> "Rays":
        """Some of the rays."""
        return Rays(self.origins[rows], self.directions[rows], self.spread)


@dataclass(frozen=True)
class Hits:
    """Where rays end: distance (n,), FAR for none; triangle number (n,), -1 for none; place in the triangle."""

    distance: Floats
    triangle: Numbers
    u: Floats
    v: Floats

    def take(self, rows: NDArray[Any]) -> "Hits":
        """The ends of some of the rays."""
        return Hits(self.distance[rows], self.triangle[rows], self.u[rows], self.v[rows])


@dataclass(frozen=True)
class Finish:
    """What a group of triangles is made of; `number` is that of the ground or the tower."""

    kind: int
    roughness: float = 1.0
    metallic: float = 0.0
    gloss: float = 0.0
    number: int = 0
    surface: Surface | None = None


@dataclass(frozen=True)
class Group:
    """Triangles of one finish: corners, normals and linear colours (k, 3, 3), uvs (k, 3, 2) or None."""

    finish: Finish
    corners: Floats
    normals: Floats
    colors: Floats
    uvs: Floats | None = None


class Tracer:
    """Triangles that rays can be sent at; an empty one is never hit."""

    def __init__(self, groups: list[Group], first: int) -> None:
        self.first = first
        self.count = sum(len(group.corners) for group in groups)
        self._scene = EmbreeScene()
        if self.count:
            TriangleMesh(self._scene, np.concatenate([group.corners for group in groups]))

    def nearest(self, rays: Rays) -> Hits:
        """Find the first triangle along each ray."""
        if not self.count or not len(rays.origins):
            none = np.zeros(len(rays.origins), np.float32)
            return Hits(none + FAR, np.full(len(none), -1, np.int32), none, none)
        found = self._scene.run(rays.origins, rays.directions, query="INTERSECT", output=True)
        hit = found["primID"] >= 0
        triangle = np.where(hit, found["primID"] + self.first, -1)
        return Hits(np.where(hit, found["tfar"], FAR), triangle, found["u"], found["v"])

    def is_free(self, origins: Floats, directions: Floats) -> NDArray[np.bool_]:
        """Tell which rays meet nothing."""
        if not self.count or not len(origins):
            return np.ones(len(origins), bool)
        free: NDArray[np.bool_] = self._scene.run(origins, directions, query="OCCLUDED") < 0
        return free

    def reach(self, origins: Floats, directions: Floats) -> Floats:
        """Give the distance to the first triangle; FAR or more where there is none."""
        if not self.count or not len(origins):
            return np.full(len(origins), FAR)
        distances: Floats = self._scene.run(origins, directions, query="DISTANCE")
        return distances


class Stage:
    """All triangles of a scene, and three tracers: what stands near, the towers, and what one sees through.

    Sun and sky are only kept off by what stands near (see geodata.scene.light).
    """

    def __init__(self, scene: Scene) -> None:
        self.grounds, self.solids = scene.grounds, scene.solids
        model = _model_groups(scene)
        near = [group for group in model if not _is_veil(group)] + _near_groups(scene)
        veils = [group for group in model if _is_veil(group)]
        towers = [_group(Finish(TOWER, 0.1, number=k), solid.mesh) for k, solid in enumerate(scene.solids)]
        self.groups = near + towers + veils
        counts = [len(group.corners) for group in self.groups]
        self.starts = np.concatenate([[0], np.cumsum(counts)])
        self.group_of = np.repeat(np.arange(len(counts), dtype=np.int16), counts)
        self.normals = np.concatenate([group.normals for group in self.groups])
        self.colors = np.concatenate([group.colors for group in self.groups])
        self.near = Tracer(near, 0)
        self.far = Tracer(towers, self.near.count)
        self.veils = Tracer(veils, self.near.count + self.far.count)

    def nearest(self, rays: Rays) -> Hits:
        """Find what each ray sees first, towers included."""
        near, far = self.near.nearest(rays), self.far.nearest(rays)
        first = near.distance <= far.distance
        return Hits(
            np.where(first, near.distance, far.distance),
            np.where(first, near.triangle, far.triangle),
            np.where(first, near.u, far.u),
            np.where(first, near.v, far.v),
        )


def _is_veil(group: Group) -> bool:
    surface = group.finish.surface
    return (
        surface is not None and surface.cutoff > 0 and (surface.base_color[3] < 1 or surface.texture is not None)
    )


def _model_groups(scene: Scene) -> list[Group]:
    subject, looks = scene.subject, scene.subject.appearance
    groups = []
    for number, surface in enumerate(looks.surfaces):
        of = looks.surface_of == number
        if of.any():
            finish = Finish(MODEL, surface.roughness, surface.metallic, surface=surface)
            colors = looks.colors[of][..., :3] * np.array(surface.base_color[:3], np.float32)
            groups.append(Group(finish, subject.corners[of], subject.normals[of], colors, looks.uvs[of]))
    return groups


def _near_groups(scene: Scene) -> list[Group]:
    grounds = [_ground_group(scene, number) for number in range(len(scene.grounds))]
    built = [_group(Finish(PAINTED), fixture.mesh, fixture.colors) for fixture in scene.fixtures]
    props = [(prop_named(stand.prop, True), stand) for stand in (*scene.figures, *scene.plants)]
    solid = [_part(prop, stand, PAINTED, ~prop.leafy) for prop, stand in props]
    leafy = [_part(prop, stand, LEAF, prop.leafy) for prop, stand in props]
    return grounds + _as_one(built) + _as_one(solid) + _as_one(leafy)


def _ground_group(scene: Scene, number: int) -> Group:
    ground = scene.grounds[number]
    pattern = PATTERNS[ground.pattern]
    return _group(Finish(GROUND, pattern.roughness, gloss=pattern.gloss, number=number), ground.mesh())


def _part(prop: Prop, stand: Stand, kind: int, chosen: NDArray[np.bool_]) -> Group:
    mesh = standing(prop, stand)
    return _group(Finish(kind), replace(mesh, triangles=mesh.triangles[chosen]), prop.colors)


def _as_one(groups: list[Group]) -> list[Group]:
    if not groups:
        return []
    parts = [np.concatenate([getattr(g, name) for g in groups]) for name in ("corners", "normals", "colors")]
    return [Group(groups[0].finish, *parts)]


def _group(finish: Finish, mesh: Mesh, colors: Floats | None = None) -> Group:
    corners, normals = (values[mesh.triangles].astype(np.float32) for values in (mesh.positions, mesh.normals))
    looks = np.ones_like(corners) if colors is None else colors[mesh.triangles].astype(np.float32)
    return Group(finish, corners, normals, looks)
