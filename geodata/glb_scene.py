"""Writes many things as one GLB: meshes with colours or pictures, each drawn as often as it stands somewhere.

Plain glTF 2.0 without extensions. The same things in the same order always give the same bytes.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.glb_lists import ELEMENT_ARRAY_BUFFER, GlbLists
from geodata.glb_writer import GENERATOR, LICENCE, Floats, Mesh

_LATTICE_DIGITS = 3


@dataclass(frozen=True)
class Paint:
    """A material: linear RGBA that multiplies corner colours and picture, roughness, and a picture if any."""

    name: str
    base_color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    roughness: float = 0.9
    picture: bytes | None = None
    picture_type: str = "image/png"


@dataclass
class GlbScene:
    """A GLB under construction: `add_mesh` gives numbers for `add_node`; `pack` writes the file."""

    name: str
    _lists: GlbLists = field(default_factory=GlbLists)
    _paints: dict[Paint, int] = field(default_factory=dict)

    def add_mesh(
        self, name: str, mesh: Mesh, paint: Paint, colors: Floats | None = None, uvs: Floats | None = None
    ) -> int:
        """Add a mesh, its linear corner colours (n, 3) and picture coordinates (n, 2) if any; gives its number."""
        attributes = {
            "POSITION": self._floats(mesh.positions, extent=True),
            "NORMAL": self._floats(mesh.normals),
        }
        if colors is not None:
            attributes["COLOR_0"] = self._colors(colors)
        if uvs is not None:
            attributes["TEXCOORD_0"] = self._floats(uvs)
        primitive = {
            "attributes": attributes,
            "indices": self._indices(mesh.triangles, len(mesh.positions)),
            "material": self._material(paint),
        }
        return self._lists.append("meshes", {"name": name, "primitives": [primitive]})

    def add_node(
        self, mesh: int, at: tuple[float, float, float] = (0.0, 0.0, 0.0), turn: float = 0.0, scale: float = 1.0
    ) -> None:
        """Draw a mesh once: scaled, turned about y (radians), moved to a place in metres."""
        node: dict[str, Any] = {"mesh": mesh}
        if any(at):
            node["translation"] = [round(value, 3) for value in at]
        if turn:
            node["rotation"] = [0.0, round(math.sin(turn / 2), 6), 0.0, round(math.cos(turn / 2), 6)]
        if scale != 1.0:
            node["scale"] = [round(scale, 4)] * 3
        self._lists.append("nodes", node)

    def pack(self) -> bytes:
        """Write the file."""
        return self._lists.pack(
            asset={"version": "2.0", "generator": GENERATOR, "copyright": LICENCE},
            scene=0,
            scenes=[{"name": self.name, "nodes": list(range(self._lists.count("nodes")))}],
        )

    def _floats(self, values: Floats, extent: bool = False) -> int:
        rounded = (np.round(values, _LATTICE_DIGITS) + 0.0).astype("<f4")
        edges = {"min": rounded.min(axis=0).tolist(), "max": rounded.max(axis=0).tolist()} if extent else {}
        return self._lists.accessor(rounded, **edges)

    def _colors(self, colors: Floats) -> int:
        opaque = np.column_stack([np.clip(colors, 0.0, 1.0), np.ones(len(colors))])
        stored = np.round(opaque * 255).astype("<u1")
        return self._lists.accessor(stored, normalized=True)

    def _indices(self, triangles: npt.NDArray[np.int64], corners: int) -> int:
        width = "<u2" if corners <= 65535 else "<u4"
        return self._lists.accessor(triangles.reshape(-1, 1).astype(width), ELEMENT_ARRAY_BUFFER)

    def _material(self, paint: Paint) -> int:
        if paint not in self._paints:
            surface: dict[str, Any] = {
                "baseColorFactor": [round(value, 4) for value in paint.base_color],
                "metallicFactor": 0.0,
                "roughnessFactor": paint.roughness,
            }
            if paint.picture is not None:
                surface["baseColorTexture"] = {"index": self._texture(paint.picture, paint.picture_type)}
            self._paints[paint] = self._lists.append(
                "materials", {"name": paint.name, "pbrMetallicRoughness": surface}
            )
        return self._paints[paint]

    def _texture(self, picture: bytes, picture_type: str) -> int:
        source = self._lists.append("images", {"bufferView": self._lists.view(picture), "mimeType": picture_type})
        return self._lists.append("textures", {"source": source})
