"""The lists of a glTF document and its binary chunk while they grow, for everything that writes GLB files."""

from typing import Any

from numpy.typing import NDArray

from geodata.glb_writer import packed

ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963
_COMPONENTS = {"|u1": 5121, "<u2": 5123, "<u4": 5125, "<f4": 5126}
_KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}


class GlbLists:
    """What a document holds by list, such as ``meshes``; whatever is added gets the next number in its list."""

    def __init__(self) -> None:
        self._lists: dict[str, list[Any]] = {}
        self._data = bytearray()

    def append(self, key: str, value: Any) -> int:
        """Add to a list; gives its number there."""
        listed = self._lists.setdefault(key, [])
        listed.append(value)
        return len(listed) - 1

    def count(self, key: str) -> int:
        """How many a list holds."""
        return len(self._lists.get(key, ()))

    def view(self, data: bytes, **extra: int) -> int:
        """Add bytes as a buffer view, which begins at a multiple of four."""
        view = {"buffer": 0, "byteOffset": len(self._data), "byteLength": len(data), **extra}
        self._data += data + b"\0" * (-len(data) % 4)
        return self.append("bufferViews", view)

    def accessor(self, values: NDArray[Any], target: int = ARRAY_BUFFER, **extra: Any) -> int:
        """Add rows (n, 1 to 4) of little-endian unsigned integers or single floats, stored as they are."""
        described = {
            "bufferView": self.view(values.tobytes(), target=target),
            "componentType": _COMPONENTS[values.dtype.str],
            "count": len(values),
            "type": _KINDS[values.shape[1]],
        }
        return self.append("accessors", described | extra)

    def pack(self, **first: Any) -> bytes:
        """Write the file: these members of the document first, then the lists."""
        return packed({**first, **self._lists, "buffers": [{"byteLength": len(self._data)}]}, bytes(self._data))
