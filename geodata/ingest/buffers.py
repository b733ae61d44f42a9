"""Buffers and buffer views. A GLB has one buffer, its own binary chunk; nothing is ever read from elsewhere.

Data written as a `data:` address is refused too, with its own sentence: every exporter can embed it properly,
and a second way in would be a second set of checks.
"""

from dataclasses import dataclass

from geodata.ingest.errors import reject
from geodata.ingest.extensions import check_own_extensions
from geodata.ingest.fields import JsonObject, integer, objects, reference


@dataclass(frozen=True)
class BufferView:
    """A slice of the binary chunk: its bytes, where they start in the chunk, and the stride if one is set."""

    data: memoryview
    offset: int
    stride: int | None


def read_buffer_views(document: JsonObject, binary: memoryview) -> list[BufferView]:
    """Check the buffer against the binary chunk and every view against the buffer; raises ModelRejected."""
    buffer = _buffer(document, binary)
    described = objects(document, "bufferViews")
    return [_view(item, f"bufferViews[{i}]", buffer) for i, item in enumerate(described)]


def refuse_uri(described: JsonObject, where: str) -> None:
    """Refuse an object that names data outside the binary chunk."""
    if "uri" not in described:
        return
    uri = described["uri"]
    embedded = isinstance(uri, str) and uri[:5].lower() == "data:"
    reject("data_uri" if embedded else "external_uri", where=where)


def _buffer(document: JsonObject, binary: memoryview) -> memoryview:
    buffers = objects(document, "buffers")
    for i, described in enumerate(buffers):
        refuse_uri(described, f"buffers[{i}]")
    if not buffers:
        return memoryview(b"")
    if len(buffers) > 1:
        reject("buffer_invalid", where="buffers[1]")
    length = integer(buffers[0], "byteLength", "buffers[0]", least=1)
    if not 0 <= len(binary) - length <= 3:  # the chunk may be padded to a multiple of four
        reject("buffer_invalid", where="buffers[0]")
    return binary[:length]


def _view(described: JsonObject, where: str, buffer: memoryview) -> BufferView:
    check_own_extensions(described, where)
    reference(described, "buffer", where, 1 if len(buffer) else 0)
    offset = integer(described, "byteOffset", where, default=0)
    length = integer(described, "byteLength", where, least=1)
    if offset + length > len(buffer):
        reject("buffer_invalid", where=where)
    return BufferView(buffer[offset : offset + length], offset, _stride(described, where))


def _stride(described: JsonObject, where: str) -> int | None:
    if "byteStride" not in described:
        return None
    stride = integer(described, "byteStride", where, least=4)
    if stride > 252 or stride % 4:
        reject("buffer_invalid", where=where)
    return stride
