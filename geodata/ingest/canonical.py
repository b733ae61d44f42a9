"""The canonical file: what the gate has measured and a viewer needs, written anew, and nothing else.

One scene; metres, y up; the origin in the middle of the footprint's bounding box at the lowest y. No names,
extras, cameras, lights, animations or foreign extensions, no compression. The canonical file of a canonical file
is itself.
"""

import re

import numpy as np
from numpy.typing import NDArray

from geodata.glb_writer import packed
from geodata.ingest.accessors import Accessor
from geodata.ingest.binary import Binary
from geodata.ingest.document import Document
from geodata.ingest.errors import reject
from geodata.ingest.extensions import QUANTIZATION
from geodata.ingest.facts import Point
from geodata.ingest.fields import JsonObject, mapping
from geodata.ingest.limits import Limits
from geodata.ingest.looks import Looks
from geodata.ingest.meshes import Primitive
from geodata.ingest.scene import parents_of

GENERATOR = "Attara"
LONGEST_COPYRIGHT = 200
STILL_M = 1e-6  # a model whose origin is this near its place is not moved again

_KINDS = {
    "POSITION": {"VEC3"},
    "NORMAL": {"VEC3"},
    "TANGENT": {"VEC4"},
    "TEXCOORD": {"VEC2"},
    "COLOR": {"VEC3", "VEC4"},
}
_NUMBERED = re.compile(r"(TEXCOORD|COLOR)_[0-9]{1,2}")
_COMPONENTS = {"<i1": 5120, "<u1": 5121, "<i2": 5122, "<u2": 5123, "<u4": 5125, "<f4": 5126}
_TRANSFORMS = ("matrix", "rotation", "scale", "translation")


def canonical_glb(document: Document, origin: Point, limits: Limits) -> bytes:
    """Write the canonical file of a checked document; `origin` is where the canonical origin lies in its frame.

    Raises ModelRejected when a picture cannot be decoded, or when what the file describes is larger than a file
    may be.
    """
    return _Canonical(document, limits).written(origin)


class _Canonical:
    """A canonical file under construction; things are numbered in the order of first use."""

    def __init__(self, document: Document, limits: Limits) -> None:
        self._source, self._limits = document, limits
        self._binary = Binary()
        self._looks = Looks(document.json, document.views, self._binary, limits)
        self._accessors: list[JsonObject] = []
        self._meshes: list[JsonObject] = []
        self._accessor_numbers: dict[str, int] = {}
        self._mesh_numbers: dict[int, int] = {}

    def written(self, origin: Point) -> bytes:
        """Give the file."""
        for number in sorted({instance.mesh for instance in self._source.instances}):
            self._keep_mesh(number)
        nodes, roots = self._nodes(origin)
        binary = self._binary.whole()
        json: JsonObject = {
            "asset": _asset(self._source.json),
            **self._extensions(),
            "scene": 0,
            "scenes": [{"nodes": roots}],
            "nodes": nodes,
            "meshes": self._meshes,
            **{kind: kept for kind, kept in self._looks.kept.items() if kept},
            "accessors": self._accessors,
            "bufferViews": self._binary.views,
            "buffers": [{"byteLength": len(binary)}],
        }
        return _within(packed(json, binary), len(binary), self._limits)

    def _extensions(self) -> JsonObject:
        used = self._looks.extensions | ({QUANTIZATION} & self._source.extensions)
        required = used & {QUANTIZATION, *self._source.required}
        named = {"extensionsUsed": sorted(used), "extensionsRequired": sorted(required)}
        return {key: names for key, names in named.items() if names}

    def _keep_mesh(self, number: int) -> None:
        primitives = [self._primitive(one) for one in self._source.meshes[number] if one.triangle_count]
        if primitives:
            self._mesh_numbers[number] = len(self._meshes)
            self._meshes.append({"primitives": primitives})

    def _primitive(self, primitive: Primitive) -> JsonObject:
        known = {name: self._attribute(name, one) for name, one in sorted(primitive.attributes.items())}
        kept: JsonObject = {
            "attributes": {name: number for name, number in known.items() if number is not None},
            "mode": primitive.mode,
        }
        if primitive.indices is not None:
            kept["indices"] = self._accessor(primitive.indices, corners=False)
        if primitive.material is not None:
            kept["material"] = self._looks.material(primitive.material)
        return kept

    def _attribute(self, name: str, accessor: Accessor) -> int | None:
        """Keep what a viewer draws with; None for anything else, and for numbers that are none."""
        base = name.partition("_")[0] if _NUMBERED.fullmatch(name) else name
        if accessor.layout.kind not in _KINDS.get(base, ()):
            return None
        if accessor.layout.dtype == "<f4" and not bool(np.isfinite(accessor.read()).all()):
            return None
        return self._accessor(accessor, corners=True, extent=name == "POSITION")

    def _accessor(self, accessor: Accessor, *, corners: bool, extent: bool = False) -> int:
        if accessor.where not in self._accessor_numbers:
            values = accessor.read()
            view = self._binary.add_corners(values) if corners else self._binary.add_indices(values)
            kept = {
                "bufferView": view,
                "componentType": _COMPONENTS[accessor.layout.dtype],
                "count": accessor.count,
                "type": accessor.layout.kind,
                **({"normalized": True} if accessor.normalized else {}),
                **(_extent(values) if extent else {}),
            }
            self._accessor_numbers[accessor.where] = len(self._accessors)
            self._accessors.append(kept)
            if len(self._binary) > self._limits.file_bytes:
                reject("too_much_data")
        return self._accessor_numbers[accessor.where]

    def _nodes(self, origin: Point) -> tuple[list[JsonObject], list[int]]:
        """Give the nodes that lead to something drawn, and which of them are roots."""
        described = self._source.nodes
        parents = parents_of([node.get("children", []) for node in described])
        shown = {one.node for one in self._source.instances if one.mesh in self._mesh_numbers}
        waiting: list[int | None] = list(shown)
        while waiting:
            parent = parents[node] if (node := waiting.pop()) is not None else None
            if parent is not None and parent not in shown:
                shown.add(parent)
                waiting.append(parent)
        numbers = {node: i for i, node in enumerate(sorted(shown))}
        roots = [node for node in numbers if parents[node] is None]
        shifts = dict.fromkeys(roots, origin)
        nodes = [self._node(described[node], numbers, shifts.get(node)) for node in numbers]
        return nodes, [numbers[root] for root in roots]

    def _node(self, described: JsonObject, numbers: dict[int, int], shift: Point | None) -> JsonObject:
        kept = {key: described[key] for key in _TRANSFORMS if key in described}
        if shift is not None:
            _move(kept, shift)
        if described.get("mesh") in self._mesh_numbers:
            kept["mesh"] = self._mesh_numbers[described["mesh"]]
        children = [numbers[child] for child in described.get("children", []) if child in numbers]
        return {**kept, "children": children} if children else kept


def _move(transform: JsonObject, origin: Point) -> None:
    """Shift the transform of a root so that the canonical origin becomes the scene's."""
    if max(abs(value) for value in origin) <= STILL_M:
        return
    if "matrix" in transform:
        moved = [value - shift for value, shift in zip(transform["matrix"][12:15], origin, strict=True)]
        transform["matrix"] = [*transform["matrix"][:12], *moved, 1]
    else:
        present = transform.get("translation", (0.0, 0.0, 0.0))
        transform["translation"] = [value - shift for value, shift in zip(present, origin, strict=True)]


def _extent(values: NDArray[np.float64]) -> JsonObject:
    return {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}


def _asset(document: JsonObject) -> JsonObject:
    """Give the version, and who made the model when that is a short plain line."""
    line = mapping(document, "asset").get("copyright")
    short = isinstance(line, str) and 0 < len(line) <= LONGEST_COPYRIGHT and line.isprintable()
    return {"version": "2.0", "generator": GENERATOR, **({"copyright": line} if short else {})}


def _within(data: bytes, binary_bytes: int, limits: Limits) -> bytes:
    if len(data) > limits.file_bytes or len(data) - binary_bytes > limits.json_bytes:
        reject("too_much_data")
    return data
