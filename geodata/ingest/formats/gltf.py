"""Text glTF: its buffers and pictures, written as data: addresses or lying beside it, become one binary chunk."""

import base64
import binascii
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from geodata.glb_writer import packed
from geodata.ingest.container import read_document
from geodata.ingest.errors import reject
from geodata.ingest.fields import JsonObject, integer, objects, reference
from geodata.ingest.formats.archive import Lookup
from geodata.ingest.formats.checks import check_file_size
from geodata.ingest.formats.text import BOM
from geodata.ingest.limits import Limits

_BASE64 = re.compile(r"data:[\w.+/-]*(?:;[\w.+=-]+)*;base64,", re.ASCII | re.IGNORECASE)


def gltf_to_glb(data: bytes, limits: Limits, beside: Lookup | None) -> bytes:
    """Pack a .gltf into a GLB without changing what it describes; raises ModelRejected."""
    document = read_document(data.removeprefix(BOM), replace(limits, json_bytes=limits.file_bytes))
    reader = _Reader(limits, beside)
    starts = [reader.add_buffer(item, f"buffers[{i}]") for i, item in enumerate(objects(document, "buffers"))]
    views = objects(document, "bufferViews")
    for i, view in enumerate(views):
        _move_view(view, f"bufferViews[{i}]", starts)
    for i, image in enumerate(objects(document, "images")):
        if "uri" in image:
            views.append(reader.add_picture(image, f"images[{i}]"))
            image["bufferView"] = len(views) - 1
    if views:
        document["bufferViews"] = views
    document.pop("buffers", None)
    if reader.binary:
        document["buffers"] = [{"byteLength": len(reader.binary)}]
    return packed(document, bytes(reader.binary))


class _Reader:
    """Collects the data a document names into one run of bytes."""

    def __init__(self, limits: Limits, beside: Lookup | None) -> None:
        self._limits = limits
        self._beside = beside
        self.binary = bytearray()

    def add_buffer(self, described: JsonObject, where: str) -> tuple[int, int]:
        """Add a buffer; returns where its bytes lie now: start and length."""
        length = integer(described, "byteLength", where, least=1)
        data = self._read(described.get("uri"), where)
        if len(data) < length:
            reject("buffer_invalid", where=where)
        return self._append(data[:length]), length

    def add_picture(self, image: JsonObject, where: str) -> JsonObject:
        """Add the picture an image names, and take its address away; returns the new buffer view."""
        data = self._read(image.pop("uri"), where)
        if "bufferView" in image or not data:
            reject("json_structure", where=where)
        image.setdefault("mimeType", "image/png" if data.startswith(b"\x89PNG") else "image/jpeg")
        return {"buffer": 0, "byteOffset": self._append(data), "byteLength": len(data)}

    def _append(self, data: bytes) -> int:
        start = len(self.binary)
        check_file_size(start + len(data), self._limits)
        self.binary += data + b"\0" * (-len(data) % 4)
        return start

    def _read(self, uri: Any, where: str) -> bytes:
        if not isinstance(uri, str):
            reject("json_structure", where=where)
        if uri[:5].lower() == "data:":
            return _decoded(uri, where)
        found = self._beside.find(unquote(uri)) if self._beside and ":" not in uri else None
        if found is None:
            reject("external_uri", where=where)
        return found


def _decoded(uri: str, where: str) -> bytes:
    head = _BASE64.match(uri[:256])
    if not head:
        reject("data_uri_invalid", where=where)
    try:
        return base64.b64decode(uri[head.end() :].encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        reject("data_uri_invalid", where=where)


def _move_view(view: JsonObject, where: str, starts: list[tuple[int, int]]) -> None:
    number = reference(view, "buffer", where, len(starts))
    if number is None:
        reject("json_structure", where=where)
    start, length = starts[number]
    offset = integer(view, "byteOffset", where, default=0)
    if offset + integer(view, "byteLength", where, least=1) > length:
        reject("buffer_invalid", where=where)
    view.update(buffer=0, byteOffset=start + offset)
