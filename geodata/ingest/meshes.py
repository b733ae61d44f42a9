"""Meshes: how many triangles they have, told from the JSON alone, and later what those triangles are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.accessors import INDEX_TYPES, Accessor, accessor_at
from geodata.ingest.errors import reject
from geodata.ingest.extensions import check_own_extensions
from geodata.ingest.fields import JsonObject, integer, mapping, objects, reference
from geodata.ingest.scene import refuse_active_morphs

TRIANGLES, STRIP, FAN = 4, 5, 6

Triangles = NDArray[np.float64]


@dataclass(frozen=True)
class Primitive:
    """One draw of a mesh: its mode, what is known of its corners (by glTF attribute name), the indices into
    them (None: in stored order) and the number of its material (None: the default one).
    """

    where: str
    mode: int
    attributes: dict[str, Accessor]
    indices: Accessor | None
    material: int | None

    @property
    def positions(self) -> Accessor:
        """The corners themselves."""
        return self.attributes["POSITION"]

    @property
    def triangle_count(self) -> int:
        """Triangles drawn, known before anything is decoded; points and lines have none."""
        corners = self.positions.count if self.indices is None else self.indices.count
        if self.mode == TRIANGLES:
            return corners // 3
        return max(corners - 2, 0) if self.mode in (STRIP, FAN) else 0


Mesh = list[Primitive]


def read_meshes(
    document: JsonObject, accessors: list[Accessor], quantized: bool, material_count: int
) -> list[Mesh]:
    """Check every mesh of the document, used or not; decodes nothing."""

    def read(described: JsonObject, where: str) -> Mesh:
        refuse_active_morphs(described, where)
        primitives = objects(described, "primitives", where)
        if not primitives:
            reject("primitive_invalid", where=where)
        return [one(item, f"{where}.primitives[{i}]") for i, item in enumerate(primitives)]

    def one(described: JsonObject, where: str) -> Primitive:
        material = reference(described, "material", where, material_count)
        return _primitive(described, where, accessors, quantized, material)

    return [read(item, f"meshes[{i}]") for i, item in enumerate(objects(document, "meshes"))]


def _primitive(
    described: JsonObject, where: str, accessors: list[Accessor], quantized: bool, material: int | None
) -> Primitive:
    check_own_extensions(described, where)
    mode = integer(described, "mode", where, default=TRIANGLES)
    attributes = mapping(described, "attributes", where)
    if mode > FAN or "POSITION" not in attributes:
        reject("primitive_invalid", where=where)
    found = {name: accessor_at(value, accessors, where) for name, value in attributes.items()}
    if len({accessor.count for accessor in found.values()}) > 1:
        reject("primitive_invalid", where=where)
    for target in objects(described, "targets", where):
        if any(accessor_at(value, accessors, where).count != found["POSITION"].count for value in target.values()):
            reject("primitive_invalid", where=where)
    _check_positions(found["POSITION"], quantized)
    return Primitive(where, mode, found, _indices(described, where, accessors), material)


def _check_positions(positions: Accessor, quantized: bool) -> None:
    allowed = {"<f4", "<i1", "<u1", "<i2", "<u2"} if quantized else {"<f4"}
    if positions.layout.kind != "VEC3" or positions.layout.dtype not in allowed:
        reject("accessor_invalid", where=positions.where)


def _indices(described: JsonObject, where: str, accessors: list[Accessor]) -> Accessor | None:
    if "indices" not in described:
        return None
    indices = accessor_at(described["indices"], accessors, f"{where}.indices")
    layout = indices.layout
    if layout.kind != "SCALAR" or layout.dtype not in INDEX_TYPES or indices.normalized:
        reject("accessor_invalid", where=indices.where)
    return indices


def triangles_of(primitive: Primitive, positions: NDArray[np.float64]) -> Triangles:
    """Cut decoded corners into an array (k, 3, 3): triangle, corner, x y z in the mesh's own coordinates."""
    if not primitive.triangle_count:
        return np.empty((0, 3, 3))
    triangles: Triangles = positions[faces_of(primitive)]
    return triangles


def faces_of(primitive: Primitive) -> NDArray[np.int64]:
    """Give the corner numbers (k, 3) of the triangles drawn, in the order of `triangles_of`."""
    return _faces(_corner_numbers(primitive, primitive.positions.count), primitive.mode)


def _corner_numbers(primitive: Primitive, vertex_count: int) -> NDArray[np.int64]:
    if primitive.indices is None:
        return np.arange(vertex_count)
    numbers = primitive.indices.read()[:, 0].astype(np.int64)
    if numbers.max() >= vertex_count:
        reject("index_out_of_range", where=primitive.where)
    return numbers


def _faces(corners: NDArray[np.int64], mode: int) -> NDArray[Any]:
    """Cut a run of corners into faces (k, 3), keeping which side is the front."""
    if mode == TRIANGLES:
        return corners[: len(corners) // 3 * 3].reshape(-1, 3)
    if mode == FAN:
        return np.column_stack([corners[1:-1], corners[2:], np.full(max(len(corners) - 2, 0), corners[0])])
    faces = np.column_stack([corners[:-2], corners[1:-1], corners[2:]])
    faces[1::2] = faces[1::2, [1, 0, 2]]
    return faces
