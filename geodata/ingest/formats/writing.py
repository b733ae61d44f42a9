"""Parts as one GLB: metres, y up, one primitive a part, materials merged; the same parts give the same bytes.

Corners are stored as floats around the middle of the model, and its node carries the middle: a model drawn in map
coordinates, kilometres from the origin, keeps its millimetres.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.glb_lists import ELEMENT_ARRAY_BUFFER, GlbLists
from geodata.ingest.errors import reject
from geodata.ingest.formats.checks import at_most
from geodata.ingest.formats.part import Floats, Paint, Part
from geodata.ingest.formats.units import Units
from geodata.ingest.limits import Limits

_SHADES = 65_535


def write_parts(parts: list[Part], units: Units, limits: Limits) -> bytes:
    """Write the parts as a GLB; raises ModelRejected when there is no triangle or no unit explains the size."""
    drawn = [part for part in parts if _triangle_count(part)]
    if not drawn:
        reject("no_triangles", {"triangles": 0})
    at_most("too_many_triangles", sum(map(_triangle_count, drawn)), limits.triangles)
    at_most("too_many_materials", len({part.paint for part in drawn}), limits.materials)
    placed = [units.in_metres(part.points) for part in drawn]
    document = _Document(_middle(placed, limits))
    for part, points in zip(drawn, placed, strict=True):
        document.draw(part, points, units)
    return document.pack()


def _triangle_count(part: Part) -> int:
    return len(part.points) // 3 if part.triangles is None else len(part.triangles)


def _middle(placed: list[Floats], limits: Limits) -> Floats:
    low = np.min([points.min(axis=0) for points in placed], axis=0)
    high = np.max([points.max(axis=0) for points in placed], axis=0)
    with np.errstate(over="ignore"):
        largest = float((high - low).max())
    if largest > limits.extent_m:
        reject("too_large", extent=f"{largest:.3g}", limit=f"{limits.extent_m:,.0f}")
    middle: Floats = low + (high - low) / 2
    return middle


class _Document:
    """The glTF document and its binary chunk while they grow."""

    def __init__(self, middle: Floats) -> None:
        self._middle = middle
        self._lists = GlbLists()
        self._paints: dict[Paint, int] = {}
        self._pictures: dict[bytes, int] = {}
        self._primitives: list[dict[str, Any]] = []

    def draw(self, part: Part, points: Floats, units: Units) -> None:
        """Add one part whose points are in metres already."""
        stored = (points - self._middle).astype("<f4")
        extent = {"min": stored.min(axis=0).tolist(), "max": stored.max(axis=0).tolist()}
        attributes = {"POSITION": self._lists.accessor(stored, **extent)}
        normals = None if part.normals is None else _unit(units.upright(part.normals))
        if normals is not None:
            attributes["NORMAL"] = self._lists.accessor(normals.astype("<f4"))
        if part.uvs is not None:
            attributes["TEXCOORD_0"] = self._lists.accessor(part.uvs.astype("<f4"))
        if part.colors is not None:
            attributes["COLOR_0"] = self._lists.accessor(_shades(part.colors), normalized=True)
        primitive: dict[str, Any] = {"attributes": attributes, "material": self._material(part.paint)}
        if part.triangles is not None:
            width = "<u2" if len(points) <= 65_535 else "<u4"  # the greatest number of a width is no index
            corners = part.triangles.reshape(-1, 1).astype(width)
            primitive["indices"] = self._lists.accessor(corners, ELEMENT_ARRAY_BUFFER)
        self._primitives.append(primitive)

    def pack(self) -> bytes:
        """Write the file."""
        return self._lists.pack(
            asset={"version": "2.0"},
            scene=0,
            scenes=[{"nodes": [0]}],
            nodes=[{"mesh": 0, "translation": self._middle.tolist()}],
            meshes=[{"primitives": self._primitives}],
        )

    def _material(self, paint: Paint) -> int:
        if paint not in self._paints:
            self._paints[paint] = self._lists.append("materials", self._described(paint))
        return self._paints[paint]

    def _described(self, paint: Paint) -> dict[str, Any]:
        surface: dict[str, Any] = {
            "baseColorFactor": list(paint.color),
            "metallicFactor": paint.metallic,
            "roughnessFactor": paint.roughness,
        }
        if paint.picture is not None:
            surface["baseColorTexture"] = {"index": self._texture(paint.picture)}
        described: dict[str, Any] = {"pbrMetallicRoughness": surface, "doubleSided": True}
        if paint.color[3] < 1.0:
            described["alphaMode"] = "BLEND"
        elif paint.cutout:
            described["alphaMode"] = "MASK"
        return described

    def _texture(self, picture: bytes) -> int:
        if picture not in self._pictures:
            kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
            image = self._lists.append("images", {"bufferView": self._lists.view(picture), "mimeType": kind})
            self._pictures[picture] = self._lists.append("textures", {"source": image})
        return self._pictures[picture]


def _unit(normals: Floats) -> Floats | None:
    """Make normals one long; None when one has no direction, so that the faces are drawn flat."""
    largest = np.abs(normals).max(axis=1, keepdims=True)
    if not (largest > 0).all():
        return None
    scaled = normals / largest  # first, so that no square overflows or vanishes
    unit: Floats = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
    return unit


def _shades(colors: Floats) -> NDArray[np.uint16]:
    opaque = np.column_stack([np.clip(colors, 0.0, 1.0), np.ones(len(colors))])
    return np.round(opaque * _SHADES).astype("<u2")
