"""Writes meshes as binary glTF 2.0 (GLB): one node, one mesh, one primitive a material.

The same parts always give the same bytes: no date, no random name, coordinates on a 0.1 mm lattice.
Source of the format: Khronos glTF 2.0 specification, sections 3.6 (accessors) and 4.4 (GLB).
"""

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

LICENCE = "CC0-1.0 (https://creativecommons.org/publicdomain/zero/1.0/)"
GENERATOR = "Attara parametric models"

_MAGIC, _VERSION = 0x46546C67, 2
_CHUNK_JSON, _CHUNK_BIN = 0x4E4F534A, 0x004E4942
_UNSIGNED_SHORT, _UNSIGNED_INT, _FLOAT = 5123, 5125, 5126
_ARRAY_BUFFER, _ELEMENT_ARRAY_BUFFER = 34962, 34963
_LATTICE_DIGITS = 4


@dataclass(frozen=True)
class Material:
    """A metallic-roughness surface; colours are linear RGB(A) from 0 to 1."""

    name: str
    base_color: tuple[float, float, float, float]
    roughness: float = 0.8
    metallic: float = 0.0
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Mesh:
    """A triangle mesh in metres, y up.

    Shapes: positions (n, 3), unit normals (n, 3), triangles (m, 3) of vertex numbers, counter-clockwise
    seen from outside.
    """

    positions: Floats
    normals: Floats
    triangles: Indices


def merge(meshes: Iterable[Mesh]) -> Mesh:
    """One mesh of many; vertex numbers are shifted, nothing is welded."""
    listed = list(meshes)
    offsets = np.cumsum([0] + [len(mesh.positions) for mesh in listed[:-1]])
    return Mesh(
        np.concatenate([mesh.positions for mesh in listed]),
        np.concatenate([mesh.normals for mesh in listed]),
        np.concatenate([mesh.triangles + offset for mesh, offset in zip(listed, offsets, strict=True)]),
    )


def write_glb(parts: Sequence[tuple[Mesh, Material]], name: str, copyright_line: str = LICENCE) -> bytes:
    """The parts as one GLB file.

    Raises:
        ValueError: no part, an empty mesh, a number that is not finite, or a vertex number out of range.
    """
    merged = _merge_by_material(parts)
    materials, meshes = list(merged), list(merged.values())
    for mesh in meshes:
        _refuse_broken(mesh)
    index_type, index_format = _index_width(meshes)
    positions = [_on_lattice(mesh.positions) for mesh in meshes]
    normals = [_on_lattice(mesh.normals) for mesh in meshes]
    indices = [mesh.triangles.astype(index_format).ravel() for mesh in meshes]
    blocks = [_joined(positions), _joined(normals), _joined(indices)]
    document = {
        "asset": {"version": "2.0", "generator": GENERATOR, "copyright": copyright_line},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"name": name, "mesh": 0}],
        "meshes": [{"name": name, "primitives": [_primitive(number) for number in range(len(meshes))]}],
        "materials": [_material_json(material) for material in materials],
        "accessors": _accessors(positions, normals, indices, index_type),
        "bufferViews": _buffer_views(blocks),
        "buffers": [{"byteLength": sum(len(block) for block in blocks)}],
    }
    return packed(document, b"".join(blocks))


def _merge_by_material(parts: Sequence[tuple[Mesh, Material]]) -> dict[Material, Mesh]:
    if not parts:
        raise ValueError("a GLB needs at least one part")
    grouped: dict[Material, list[Mesh]] = {}
    for mesh, material in parts:
        grouped.setdefault(material, []).append(mesh)
    return {material: merge(meshes) for material, meshes in grouped.items()}


def _refuse_broken(mesh: Mesh) -> None:
    count = len(mesh.positions)
    if not count or not len(mesh.triangles):
        raise ValueError("a mesh has no triangle")
    if mesh.normals.shape != mesh.positions.shape:
        raise ValueError("a mesh needs one normal a vertex")
    if not (np.isfinite(mesh.positions).all() and np.isfinite(mesh.normals).all()):
        raise ValueError("a mesh holds a number that is not finite")
    if mesh.triangles.min() < 0 or mesh.triangles.max() >= count:
        raise ValueError("a triangle names a vertex that does not exist")


def _index_width(meshes: Sequence[Mesh]) -> tuple[int, str]:
    # 65535 is the primitive restart value and may not be used as an index, so 65535 vertices are the most.
    small = max(len(mesh.positions) for mesh in meshes) <= 65535
    return (_UNSIGNED_SHORT, "<u2") if small else (_UNSIGNED_INT, "<u4")


def _on_lattice(values: Floats) -> npt.NDArray[np.float32]:
    # Rounding hides the last bits in which two processors may differ; adding 0.0 turns -0.0 into 0.0.
    rounded: npt.NDArray[np.float32] = (np.round(values, _LATTICE_DIGITS) + 0.0).astype("<f4")
    return rounded


def _joined(arrays: Sequence[npt.NDArray[Any]]) -> bytes:
    return _padded(b"".join(array.tobytes() for array in arrays), b"\0")


def _padded(data: bytes, filler: bytes) -> bytes:
    return data + filler * (-len(data) % 4)


def _primitive(number: int) -> dict[str, Any]:
    first = 3 * number
    return {
        "attributes": {"POSITION": first, "NORMAL": first + 1},
        "indices": first + 2,
        "material": number,
        "mode": 4,
    }


def _material_json(material: Material) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": material.name,
        "pbrMetallicRoughness": {
            "baseColorFactor": list(material.base_color),
            "metallicFactor": material.metallic,
            "roughnessFactor": material.roughness,
        },
    }
    if any(material.emissive):
        described["emissiveFactor"] = list(material.emissive)
    if material.base_color[3] < 1.0:
        described["alphaMode"] = "BLEND"
    return described


def _accessors(
    positions: Sequence[npt.NDArray[np.float32]],
    normals: Sequence[npt.NDArray[np.float32]],
    indices: Sequence[npt.NDArray[Any]],
    index_type: int,
) -> list[dict[str, Any]]:
    described: list[dict[str, Any]] = []
    offsets = [0, 0, 0]
    for group in zip(positions, normals, indices, strict=True):
        points, directions, corners = group
        described += [
            _accessor(0, offsets[0], _FLOAT, len(points), "VEC3") | _extent(points),
            _accessor(1, offsets[1], _FLOAT, len(directions), "VEC3"),
            _accessor(2, offsets[2], index_type, len(corners), "SCALAR"),
        ]
        offsets = [offset + array.nbytes for offset, array in zip(offsets, group, strict=True)]
    return described


def _accessor(view: int, offset: int, component: int, count: int, kind: str) -> dict[str, Any]:
    return {"bufferView": view, "byteOffset": offset, "componentType": component, "count": count, "type": kind}


def _extent(points: npt.NDArray[np.float32]) -> dict[str, list[float]]:
    return {
        "min": [float(value) for value in points.min(axis=0)],
        "max": [float(value) for value in points.max(axis=0)],
    }


def _buffer_views(blocks: Sequence[bytes]) -> list[dict[str, int]]:
    views: list[dict[str, int]] = []
    offset = 0
    for block, target in zip(blocks, (_ARRAY_BUFFER, _ARRAY_BUFFER, _ELEMENT_ARRAY_BUFFER), strict=True):
        views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(block), "target": target})
        offset += len(block)
    for vertex_view in views[:2]:
        vertex_view["byteStride"] = 12
    return views


def packed(document: dict[str, Any], binary: bytes) -> bytes:
    """A document and its binary chunk as one GLB file; the buffer's length must be a multiple of four."""
    text = _padded(json.dumps(document, separators=(",", ":"), ensure_ascii=True).encode("ascii"), b" ")
    total = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join(
        [
            struct.pack("<III", _MAGIC, _VERSION, total),
            struct.pack("<II", len(text), _CHUNK_JSON),
            text,
            struct.pack("<II", len(binary), _CHUNK_BIN),
            binary,
        ]
    )
