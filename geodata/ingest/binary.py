"""A binary chunk and its buffer views under construction."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Binary:
    """Bytes, each block on a multiple of four, and the views that name them."""

    def __init__(self, data: bytes | memoryview = b"") -> None:
        self._data = bytearray(data)
        self.views: list[dict[str, int]] = []

    def __len__(self) -> int:
        return len(self._data)

    def add(self, data: bytes, **extra: int) -> int:
        """Append a block as a view of its own; returns how many views there were before."""
        self._data += bytes(-len(self._data) % 4)
        self.views.append({"buffer": 0, "byteOffset": len(self._data), "byteLength": len(data), **extra})
        self._data += data
        return len(self.views) - 1

    def add_indices(self, numbers: NDArray[Any]) -> int:
        """Append corner numbers, tightly packed."""
        return self.add(numbers.tobytes())

    def add_corners(self, rows: NDArray[Any]) -> int:
        """Append what is known of corners (n, width); each row starts on a multiple of four, as glTF asks."""
        size = rows.shape[1] * rows.itemsize
        stride = -(-size // 4) * 4
        if stride == size:
            return self.add(rows.tobytes())
        padded = np.zeros((len(rows), stride), np.uint8)
        padded[:, :size] = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), size)
        return self.add(padded.tobytes(), byteStride=stride)

    def whole(self) -> bytes:
        """Give the chunk, filled up to a multiple of four."""
        return bytes(self._data) + bytes(-len(self._data) % 4)
