"""From checked meshes and instances to triangles in scene metres; every limit is judged before unfolding."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.errors import reject
from geodata.ingest.limits import Limits
from geodata.ingest.meshes import Mesh, Primitive, Triangles, triangles_of
from geodata.ingest.scene import Instance


def scene_triangles(meshes: list[Mesh], instances: list[Instance], limits: Limits) -> Triangles:
    """Unfold all instances into an array (k, 3, 3): triangle, corner, x y z in metres of the file's frame."""
    total = _check_counts(meshes, instances, limits)
    local = _local_triangles(meshes, sorted({instance.mesh for instance in instances}))
    world = np.empty((total, 3, 3))
    start = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for instance in instances:
            faces = local[instance.mesh]
            world[start : start + len(faces)] = faces @ instance.matrix[:3, :3].T + instance.matrix[:3, 3]
            start += len(faces)
    if not np.isfinite(world).all():
        reject("not_finite", where="scene")
    return world


def _check_counts(meshes: list[Mesh], instances: list[Instance], limits: Limits) -> int:
    """Count triangles, draws and corners with plain integers, before any array exists."""
    times = Counter(instance.mesh for instance in instances)
    triangles = sum(n * sum(one.triangle_count for one in meshes[mesh]) for mesh, n in times.items())
    draws = sum(n * len(meshes[mesh]) for mesh, n in times.items())
    corners = {one.positions.where: one.positions.count for mesh in times for one in meshes[mesh]}
    _at_most("too_many_triangles", triangles, limits.triangles, triangles)
    if triangles == 0:
        reject("no_triangles", {"triangles": 0})
    _at_most("too_many_primitives", draws, limits.draws, triangles)
    _at_most("too_many_vertices", sum(corners.values()), limits.vertices, triangles)
    return triangles


def _at_most(code: str, count: int, limit: int, triangles: int) -> None:
    if count > limit:
        reject(code, {"triangles": triangles}, count=f"{count:,}", limit=f"{limit:,}")


def _local_triangles(meshes: list[Mesh], wanted: list[int]) -> dict[int, Triangles]:
    decoded: dict[str, NDArray[np.float64]] = {}  # primitives often share one accessor
    return {
        number: np.concatenate([triangles_of(one, _positions(one, decoded)) for one in meshes[number]])
        for number in wanted
    }


def _positions(primitive: Primitive, decoded: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    accessor = primitive.positions
    if accessor.where not in decoded:
        positions = accessor.read_floats()
        if not np.isfinite(positions).all():
            reject("not_finite", where=primitive.where)
        decoded[accessor.where] = positions
    return decoded[accessor.where]
