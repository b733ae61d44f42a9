"""Accessors: glTF's typed windows on the binary chunk. All are checked on paper first; few are ever decoded.

Checking looks only at numbers in the JSON, so a description of a terabyte costs nothing to refuse.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.buffers import BufferView
from geodata.ingest.errors import reject
from geodata.ingest.fields import JsonObject, checked_reference, integer, mapping, objects, reference
from geodata.ingest.limits import Limits

COMPONENT_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
INDEX_TYPES = frozenset({"<u1", "<u2", "<u4"})
ROWS_AND_COLUMNS = {
    "SCALAR": (1, 1),
    "VEC2": (2, 1),
    "VEC3": (3, 1),
    "VEC4": (4, 1),
    "MAT2": (2, 2),
    "MAT3": (3, 3),
    "MAT4": (4, 4),
}


@dataclass(frozen=True)
class Layout:
    """How one element lies in memory: numpy type, components, and bytes with the padding of matrix columns."""

    dtype: str
    kind: str

    @property
    def component_bytes(self) -> int:
        """Bytes of one number."""
        return np.dtype(self.dtype).itemsize

    @property
    def components(self) -> int:
        """Numbers in one element."""
        rows, columns = ROWS_AND_COLUMNS[self.kind]
        return rows * columns

    @cached_property
    def element_bytes(self) -> int:
        """Bytes of one element; each matrix column starts on a multiple of four."""
        rows, columns = ROWS_AND_COLUMNS[self.kind]
        column = rows * self.component_bytes
        return columns * (column if columns == 1 else -(-column // 4) * 4)


@dataclass(frozen=True)
class Window:
    """`count` elements in a buffer view, `stride` bytes apart; known to lie inside it."""

    view: BufferView
    offset: int
    stride: int
    count: int
    layout: Layout

    def read(self) -> NDArray[Any]:
        """Decode into an array (count, components) of the stored number type, without copying."""
        shape = (self.count, self.layout.components)
        strides = (self.stride, self.layout.component_bytes)
        return np.ndarray(shape, self.layout.dtype, self.view.data, self.offset, strides)


@dataclass(frozen=True)
class Sparse:
    """Elements that replace some of an accessor's: where (strictly rising indices) and what."""

    indices: Window
    values: Window


@dataclass(frozen=True)
class Accessor:
    """One checked accessor. `window` is None when every element not named in `sparse` is zero."""

    where: str
    layout: Layout
    count: int
    normalized: bool
    window: Window | None
    sparse: Sparse | None

    def read(self) -> NDArray[Any]:
        """Decode into an array (count, components) of the stored number type."""
        if self.sparse is None:
            assert self.window is not None
            return self.window.read()
        shape = (self.count, self.layout.components)
        base = np.zeros(shape, self.layout.dtype) if self.window is None else self.window.read().copy()
        base[_sparse_rows(self.sparse, self.count, self.where)] = self.sparse.values.read()
        return base

    def read_floats(self) -> NDArray[np.float64]:
        """Decode into float64; normalised integers become 0…1 or -1…1 (specification 3.11)."""
        stored = self.read()
        if not self.normalized:
            return stored.astype(np.float64)
        return np.maximum(stored / float(np.iinfo(stored.dtype).max), -1.0)


def _sparse_rows(sparse: Sparse, count: int, where: str) -> NDArray[np.int64]:
    rows = sparse.indices.read()[:, 0].astype(np.int64)
    if rows[-1] >= count or bool((np.diff(rows) <= 0).any()):
        reject("accessor_invalid", where=f"{where}.sparse")
    return rows


def read_accessors(document: JsonObject, views: list[BufferView], limits: Limits) -> list[Accessor]:
    """Check every accessor of the document, used or not; raises ModelRejected."""
    described = objects(document, "accessors")
    if len(described) > limits.accessors:
        reject("too_much_data")
    found = [_accessor(item, f"accessors[{i}]", views, limits) for i, item in enumerate(described)]
    if sum(one.count * one.layout.element_bytes for one in found) > limits.accessor_bytes:
        reject("too_much_data")
    return found


def _accessor(described: JsonObject, where: str, views: list[BufferView], limits: Limits) -> Accessor:
    layout = _layout(described, where)
    count = integer(described, "count", where, least=1)
    normalized = described.get("normalized", False)
    if not isinstance(normalized, bool) or (normalized and layout.dtype in ("<f4", "<u4")):
        reject("accessor_invalid", where=where)
    window = _window(described, where, views, count, layout)
    sparse = _sparse(mapping(described, "sparse", where), where, views, layout)
    if window is None and (sparse is None or count > limits.vertices):
        reject("accessor_no_data", where=where)
    return Accessor(where, layout, count, normalized, window, sparse)


def _layout(described: JsonObject, where: str) -> Layout:
    dtype = COMPONENT_TYPES.get(integer(described, "componentType", where))
    kind = described.get("type")
    if dtype is None or not isinstance(kind, str) or kind not in ROWS_AND_COLUMNS:
        reject("accessor_invalid", where=where)
    return Layout(dtype, kind)


def _window(
    described: JsonObject, where: str, views: list[BufferView], count: int, layout: Layout
) -> Window | None:
    number = reference(described, "bufferView", where, len(views))
    if number is None:
        return None
    view, offset = views[number], integer(described, "byteOffset", where, default=0)
    stride = view.stride or layout.element_bytes
    if stride < layout.element_bytes:
        reject("accessor_invalid", where=where)
    if offset + stride * (count - 1) + layout.element_bytes > len(view.data):
        reject("accessor_out_of_bounds", where=where)
    if (view.offset + offset) % layout.component_bytes or stride % layout.component_bytes:
        reject("accessor_misaligned", where=where)
    return Window(view, offset, stride, count, layout)


def _sparse(described: JsonObject, where: str, views: list[BufferView], layout: Layout) -> Sparse | None:
    if not described:
        return None
    changed = integer(described, "count", f"{where}.sparse", least=1)
    index_layout = _layout({**mapping(described, "indices", where), "type": "SCALAR"}, f"{where}.sparse")
    if index_layout.dtype not in INDEX_TYPES:
        reject("accessor_invalid", where=f"{where}.sparse")
    parts = [
        _window(mapping(described, part, where), f"{where}.sparse.{part}", views, changed, part_layout)
        for part, part_layout in (("indices", index_layout), ("values", layout))
    ]
    indices, values = parts
    if indices is None or values is None:
        reject("accessor_no_data", where=f"{where}.sparse")
    return Sparse(indices, values)


def accessor_at(value: Any, accessors: list[Accessor], where: str) -> Accessor:
    """Look up an accessor by an untrusted index."""
    return accessors[checked_reference(value, where, len(accessors))]
