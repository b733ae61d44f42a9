"""KHR_draco_mesh_compression, undone at intake: what the other checks see, and what is kept, is plain glTF.

The decoder is foreign code on foreign bytes, so it runs only where its crash or hunger is somebody else's: in the
limited reader. What comes out is compared with what the document promised before anything else looks at it.
"""

from typing import Any

import DracoPy
import numpy as np
from numpy.typing import NDArray

from geodata.ingest.accessors import COMPONENT_TYPES, ROWS_AND_COLUMNS
from geodata.ingest.binary import Binary
from geodata.ingest.buffers import BufferView, read_buffer_views
from geodata.ingest.container import Container
from geodata.ingest.errors import reject
from geodata.ingest.fields import JsonObject, checked_reference, integer, mapping, objects, reference
from geodata.ingest.limits import Limits
from geodata.ingest.meshes import TRIANGLES

DRACO = "KHR_draco_mesh_compression"


def inflated(container: Container, limits: Limits) -> Container:
    """Decode every compressed primitive into plain accessors; returns the container itself when there is none.

    Raises ModelRejected when the compressed data is broken or holds another number of corners than promised.
    """
    document = container.document
    listed = (document.get(key) for key in ("extensionsUsed", "extensionsRequired"))
    named = [names for names in listed if isinstance(names, list)]
    if not any(DRACO in names for names in named):
        return container
    inflation = _Inflation(container, limits)
    for i, mesh in enumerate(objects(document, "meshes")):
        for j, primitive in enumerate(objects(mesh, "primitives", f"meshes[{i}]")):
            inflation.undo(primitive, f"meshes[{i}].primitives[{j}]")
    for names in named:
        names[:] = [name for name in names if name != DRACO]
    return inflation.container()


class _Inflation:
    """A document under change, with a growing binary chunk."""

    def __init__(self, container: Container, limits: Limits) -> None:
        self._document, self._limits = container.document, limits
        self._views: list[BufferView] = read_buffer_views(container.document, container.binary)
        self._binary = Binary(container.binary)
        self._done: dict[int, Any] = {}

    def undo(self, primitive: JsonObject, where: str) -> None:
        """Give the primitive's accessors their decoded data, and take the extension off it."""
        extensions = mapping(primitive, "extensions", where)
        if DRACO not in extensions:
            return
        compressed = mapping(extensions, DRACO, where)
        if primitive.get("mode", TRIANGLES) != TRIANGLES:
            reject("draco_invalid", where=where)
        mesh = self._decoded(compressed, where)
        attributes = mapping(primitive, "attributes", where)
        for name, unique in mapping(compressed, "attributes", where).items():
            values = _attribute(mesh, unique, where)
            self._fill(attributes.get(name), values, where)
        if "indices" in primitive:
            self._fill(primitive["indices"], np.asarray(mesh.faces).reshape(-1, 1), where, corners=False)
        del extensions[DRACO]

    def container(self) -> Container:
        """Give the document and the binary chunk as they are now."""
        binary = self._binary.whole()
        self._document["buffers"] = [{"byteLength": len(binary)}]
        self._document["bufferViews"] = objects(self._document, "bufferViews") + self._binary.views
        return Container(self._document, memoryview(binary))

    def _decoded(self, compressed: JsonObject, where: str) -> Any:
        number = reference(compressed, "bufferView", where, len(self._views))
        if number is None:
            reject("draco_invalid", where=where)
        if number not in self._done:
            self._done[number] = _decoded(bytes(self._views[number].data), where)
        return self._done[number]

    def _fill(self, accessor_number: Any, values: NDArray[Any], where: str, *, corners: bool = True) -> None:
        accessors = objects(self._document, "accessors")
        accessor = accessors[checked_reference(accessor_number, where, len(accessors))]
        stored = _as_promised(values, accessor, where)
        view = self._binary.add_corners(stored) if corners else self._binary.add_indices(stored)
        if len(self._binary) > self._limits.accessor_bytes:
            reject("too_much_data")
        accessor.update(bufferView=len(self._views) + view, byteOffset=0)


def _decoded(data: bytes, where: str) -> Any:
    try:
        mesh = DracoPy.decode(data)
    except MemoryError:
        raise
    except Exception:  # the decoder has no common exception class
        reject("draco_invalid", where=where)
    if not isinstance(mesh, DracoPy.DracoMesh):
        reject("draco_invalid", where=where)
    return mesh


def _attribute(mesh: Any, unique: Any, where: str) -> NDArray[Any]:
    found = [item["data"] for item in mesh.attributes if item["unique_id"] == unique]
    if len(found) != 1:
        reject("draco_invalid", where=where)
    values: NDArray[Any] = np.asarray(found[0])
    return values.reshape(len(values), -1) if values.size else np.empty((0, 1))


def _as_promised(values: NDArray[Any], accessor: JsonObject, where: str) -> NDArray[Any]:
    """Give the decoded values in the accessor's number type, in exactly its count and width."""
    dtype = COMPONENT_TYPES.get(integer(accessor, "componentType", where))
    kind = accessor.get("type")
    width = ROWS_AND_COLUMNS[kind][0] if isinstance(kind, str) and kind in ROWS_AND_COLUMNS else 0
    if (
        dtype is None
        or "sparse" in accessor
        or values.shape != (integer(accessor, "count", where, least=1), width)
    ):
        reject("draco_invalid", where=where)
    stored = values.astype(dtype)
    if dtype != "<f4" and not np.array_equal(stored, values):
        reject("draco_invalid", where=where)
    return stored
