"""How a model looks: its triangles again, now with normals, colours, materials and pictures on them.

Only for bytes that passed the gate (`read_glb`), so nothing is judged here a second time. What cannot be read
after all, such as a broken picture, falls back to the plain colour of its material, as a viewer would do.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.accessors import read_accessors
from geodata.ingest.buffers import BufferView, read_buffer_views
from geodata.ingest.container import read_container
from geodata.ingest.fields import JsonObject, mapping, numbers, objects
from geodata.ingest.images import check_materials
from geodata.ingest.limits import Limits
from geodata.ingest.meshes import Primitive, faces_of, read_meshes
from geodata.ingest.scene import Instance, read_instances
from geodata.ingest.textures import Texture, read_texture

Floats = NDArray[np.float32]

_MASK_CUTOFF = 0.5
# The gate has judged the numbers, perhaps by limits that an installation has set.
_PASSED = Limits(*(2**40 for _ in fields(Limits)))


@dataclass(frozen=True)
class Surface:
    """A material as we draw it: linear RGBA, linear emitted RGB, roughness, metallic, and a picture if any.

    Where alpha falls below `cutoff` one sees through; 0 means never.
    """

    base_color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    roughness: float = 1.0
    metallic: float = 0.0
    cutoff: float = 0.0
    texture: Texture | None = None


@dataclass(frozen=True)
class Appearance:
    """A model unfolded for drawing; the triangles stand in the order of `Model.triangles`.

    Shapes: corners, normals (k, 3, 3), in metres of the file's frame; uvs (k, 3, 2); colors (k, 3, 4), linear
    RGBA that multiply the surface's; surface_of (k,), numbers into `surfaces`.
    """

    corners: Floats
    normals: Floats
    uvs: Floats
    colors: Floats
    surface_of: NDArray[np.int32]
    surfaces: tuple[Surface, ...]


def read_appearance(data: bytes) -> Appearance:
    """Read the looks of a GLB that passed the gate; raises ModelRejected only for bytes that did not."""
    container = read_container(data, _PASSED)
    document = container.document
    views = read_buffer_views(document, container.binary)
    accessors = read_accessors(document, views, _PASSED)
    meshes = read_meshes(document, accessors, quantized=True, material_count=check_materials(document, _PASSED))
    surfaces = [_surface(material, document, views) for material in objects(document, "materials")]
    drawn = [
        _unfolded(primitive, instance, surfaces)
        for instance in read_instances(document, len(meshes), _PASSED)
        for primitive in meshes[instance.mesh]
        if primitive.triangle_count
    ]
    corners, normals, uvs, colors, surface_of = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
    return Appearance(corners, normals, uvs, colors, surface_of, (*surfaces, Surface()))


def _unfolded(primitive: Primitive, instance: Instance, surfaces: list[Surface]) -> tuple[NDArray[Any], ...]:
    number = len(surfaces) if primitive.material is None else primitive.material
    texture = surfaces[number].texture if number < len(surfaces) else None
    faces = faces_of(primitive)
    positions = _attribute(primitive, "POSITION", 3)
    assert positions is not None
    corners = (positions @ instance.matrix[:3, :3].T + instance.matrix[:3, 3])[faces]
    uvs = _attribute(primitive, "TEXCOORD_0" if texture is None else texture.attribute, 2)
    return (
        corners.astype(np.float32),
        _normals(primitive, instance, faces, corners),
        np.zeros((len(faces), 3, 2), np.float32) if uvs is None else uvs[faces].astype(np.float32),
        _colors(primitive, faces),
        np.full(len(faces), number, np.int32),
    )


def _attribute(primitive: Primitive, name: str, width: int) -> NDArray[np.float64] | None:
    accessor = primitive.attributes.get(name)
    if accessor is None or accessor.layout.components < width:
        return None
    values = accessor.read_floats()
    return values if bool(np.isfinite(values).all()) else None


def _normals(
    primitive: Primitive, instance: Instance, faces: NDArray[np.int64], corners: NDArray[np.float64]
) -> Floats:
    """Give the stored normals, or those of the faces where there are none (specification 3.7.2.1)."""
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat = np.broadcast_to(_unit(flat)[:, None], corners.shape)
    stored = _attribute(primitive, "NORMAL", 3)
    if stored is None:
        return flat.astype(np.float32)
    # Normals turn by the inverse transpose; the cofactors are that up to a factor and exist for flat scales too.
    turned = _unit(stored[:, :3] @ _cofactors(instance.matrix[:3, :3]).T)[faces]
    return np.where((turned * turned).sum(axis=-1, keepdims=True) > 0, turned, flat).astype(np.float32)


def _cofactors(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y, z = matrix.T
    return np.column_stack([np.cross(y, z), np.cross(z, x), np.cross(x, y)])


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float64] = vectors / np.where(lengths > 0, lengths, 1.0)
    return unit


def _colors(primitive: Primitive, faces: NDArray[np.int64]) -> Floats:
    colors = np.ones((len(faces), 3, 4), np.float32)
    stored = _attribute(primitive, "COLOR_0", 3)
    if stored is not None:
        colors[..., : stored.shape[1]] = np.clip(stored[faces], 0.0, 1.0)
    return colors


def _surface(material: JsonObject, document: JsonObject, views: list[BufferView]) -> Surface:
    described = mapping(material, "pbrMetallicRoughness")
    red, green, blue, alpha = _clipped(described, "baseColorFactor", (1.0, 1.0, 1.0, 1.0))
    glow = _clipped(material, "emissiveFactor", (0.0, 0.0, 0.0))
    return Surface(
        base_color=(red, green, blue, alpha),
        emissive=(glow[0], glow[1], glow[2]),
        roughness=_share(described, "roughnessFactor"),
        metallic=0.0 if "metallicRoughnessTexture" in described else _share(described, "metallicFactor"),
        cutoff=_cutoff(material),
        texture=read_texture(mapping(described, "baseColorTexture"), document, views),
    )


def _clipped(described: JsonObject, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
    found = numbers(described.get(key), len(default)) or default
    return tuple(min(max(value, 0.0), 1.0) for value in found)


def _share(described: JsonObject, key: str) -> float:
    found = numbers([described.get(key, 1.0)], 1)
    return min(max(found[0], 0.0), 1.0) if found else 1.0


def _cutoff(material: JsonObject) -> float:
    mode = material.get("alphaMode", "OPAQUE")
    return _MASK_CUTOFF if mode in ("MASK", "BLEND") else 0.0
