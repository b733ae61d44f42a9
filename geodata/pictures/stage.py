"""A scene as one table of triangles, and the rays that find them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from geodata.glb_writer import Mesh
from geodata.ingest.appearance import Surface
from geodata.pictures.sight import is_in_sight
from geodata.pictures.sky import Sky
from geodata.scene.fronts import PLAIN_WALL
from geodata.scene.patterns import PATTERNS
from geodata.scene.prop import Prop, standing
from geodata.scene.props import prop_named
from geodata.scene.scene import Scene

Floats = NDArray[np.floating[Any]]
Numbers = NDArray[np.integer[Any]]

MODEL, PAINTED, LEAF, GROUND, TOWER, BLOCK = range(6)
FAR = np.float32(1e30)
LONGEST_M = 6.0


@dataclass(frozen=True)
class Rays:
    """Origins and unit directions (n, 3); `spread` is the width of a pixel at a distance of 1 m."""

    origins: Floats
    directions: Floats
    spread: float

    def take(self, rows: NDArray[Any] | slice) -> "Rays":
        """Some of the rays."""
        return Rays(self.origins[rows], self.directions[rows], self.spread)


@dataclass(frozen=True)
class Hits:
    """Where rays end: distance (n,), FAR for none; triangle number (n,), -1 for none; place in the triangle."""

    distance: Floats
    triangle: Numbers
    u: Floats
    v: Floats

    def take(self, rows: NDArray[Any] | slice) -> "Hits":
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
            return Hits(none + FAR, np.full(len(none), -1, np.int32), none, none.copy())
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

    The sky is only kept off by what stands near; so is the sun, unless it stands behind towers.
    """

    def __init__(self, scene: Scene) -> None:
        self.grounds, self.solids = scene.grounds, scene.solids
        self.sky, self.behind_towers = Sky(np.array(scene.sun.direction, np.float32)), scene.sun.behind_towers
        model = _model_groups(scene)
        near = [group for group in model if not _is_veil(group)] + _near_groups(scene)
        veils = [group for group in model if _is_veil(group)]
        towers = _far_groups(scene)
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
        near = self.near.nearest(rays)
        rows = np.flatnonzero(near.distance > self._clear_of_towers(rays.origins))
        far = self.far.nearest(rays.take(rows))
        first = far.distance < near.distance[rows]
        for kept, found in zip(vars(near).values(), vars(far).values(), strict=True):
            kept[rows[first]] = found[first]
        return near

    def is_sunlit(self, origins: Floats, directions: Floats) -> NDArray[np.bool_]:
        """Tell which rays towards the sun get there."""
        free = self.near.is_free(origins, directions)
        return free & self.far.is_free(origins, directions) if self.behind_towers else free

    def _clear_of_towers(self, origins: Floats) -> float:
        """How far every ray can go before any of them could reach a tower, in metres."""
        if not len(origins) or not self.solids:
            return float(FAR)
        low, high = origins.min(axis=0), origins.max(axis=0)
        gaps = [np.maximum(np.maximum(solid.low - high, low - solid.high), 0.0) for solid in self.solids]
        return float(np.sqrt(np.square(gaps).sum(axis=1)).min()) * 0.999


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
    props = [
        (stand, prop_named(stand.prop, is_in_sight(stand, scene.cameras, scene.sun)))
        for stand in (*scene.figures, *scene.plants)
    ]
    placed = [(standing(prop, stand), prop) for stand, prop in props]
    solid = [_part(mesh, prop, PAINTED, ~prop.leafy) for mesh, prop in placed]
    leafy = [_part(mesh, prop, LEAF, prop.leafy) for mesh, prop in placed if prop.leafy.any()]
    return grounds + [_cut_short(group) for group in _as_one(built)] + _as_one(solid) + _as_one(leafy)


def _far_groups(scene: Scene) -> list[Group]:
    numbered = list(enumerate(scene.solids))
    towers = [_group(Finish(TOWER, 0.1, number=k), solid.mesh) for k, solid in numbered if not solid.plain]
    plain = [_group(Finish(BLOCK), solid.mesh, _plain_colors(solid.mesh)) for _, solid in numbered if solid.plain]
    return towers + _as_one(plain)


def _plain_colors(mesh: Mesh) -> Floats:
    return np.broadcast_to(np.array(PLAIN_WALL, np.float32), mesh.positions.shape)


def _cut_short(group: Group) -> Group:
    """Halve long triangles until all are short: rays find slanting bars faster in small boxes."""
    values = np.stack([group.corners, group.normals, group.colors], axis=2)  # (k, 3 corners, 3 values, 3)
    short = []
    while len(values):
        places = values[:, :, 0]
        sides = np.linalg.norm(places - np.roll(places, -1, axis=1), axis=2)
        long = sides.max(axis=1) > LONGEST_M
        short.append(values[~long])
        values = _halved(values[long], sides[long].argmax(axis=1))
    corners, normals, colors = np.ascontiguousarray(np.moveaxis(np.concatenate(short), 2, 0))
    return replace(group, corners=corners, normals=normals, colors=colors)


def _halved(values: Floats, longest: Numbers) -> Floats:
    """Cut triangles through the middle of one side each, given by its first corner."""
    rows = np.arange(len(values))
    start, end, apex = (values[rows, (longest + step) % 3] for step in range(3))
    middle = (start + end) / 2
    return np.concatenate([np.stack([start, middle, apex], axis=1), np.stack([middle, end, apex], axis=1)])


def _ground_group(scene: Scene, number: int) -> Group:
    ground = scene.grounds[number]
    pattern = PATTERNS[ground.pattern]
    return _group(Finish(GROUND, pattern.roughness, gloss=pattern.gloss, number=number), ground.mesh())


def _part(mesh: Mesh, prop: Prop, kind: int, chosen: NDArray[np.bool_]) -> Group:
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
