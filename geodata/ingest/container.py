"""The outer shell of a GLB: header, chunks, and the JSON inside (glTF 2.0 specification, section 4.4)."""

import struct
from dataclasses import dataclass
from typing import NoReturn

from geodata.ingest.errors import reject
from geodata.ingest.fields import JsonObject, mapping
from geodata.ingest.limits import Limits
from geodata.strict_json import JsonRefused, parse

HEADER = struct.Struct("<4sII")
CHUNK = struct.Struct("<II")
JSON_CHUNK, BIN_CHUNK = 0x4E4F534A, 0x004E4942

_JSON_CODES = {
    "too_large": "json_too_large",
    "too_deep": "json_too_deep",
    "not_a_number": "json_nan",
    "invalid": "json_invalid",
}


@dataclass(frozen=True)
class Container:
    """The two halves of a GLB: its JSON document and its binary chunk (empty when there is none)."""

    document: JsonObject
    binary: memoryview


def read_container(data: bytes, limits: Limits) -> Container:
    """Split a GLB exactly: every byte belongs to the header or to one chunk; raises ModelRejected."""
    _check_header(data, limits.file_bytes)
    chunks = _chunks(memoryview(data), limits.chunks)
    if not chunks or chunks[0][0] != JSON_CHUNK:
        reject("chunks_invalid")
    kinds = [kind for kind, _ in chunks[1:]]
    if JSON_CHUNK in kinds or BIN_CHUNK in kinds[1:]:  # further kinds are legal, and never read
        reject("chunks_invalid")
    binary = chunks[1][1] if BIN_CHUNK in kinds else memoryview(b"")
    return Container(read_document(bytes(chunks[0][1]), limits), binary)


def _check_header(data: bytes, most: int) -> None:
    if not data:
        reject("empty_file")
    if len(data) > most:
        reject("file_too_large", size_mb=f"{len(data) / 1e6:.1f}", limit_mb=f"{most / 1e6:g}")
    if not data.startswith(b"glTF"):
        _reject_other_format(data)
    if len(data) < HEADER.size:
        reject("truncated")
    _, version, length = HEADER.unpack_from(data)
    if version != 2:
        reject("unsupported_version")
    if length != len(data):
        reject("truncated" if length > len(data) else "trailing_bytes")


def _reject_other_format(data: bytes) -> NoReturn:
    looks_like_json = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    reject("gltf_text" if looks_like_json else "not_glb")


def _chunks(data: memoryview, most: int) -> list[tuple[int, memoryview]]:
    found: list[tuple[int, memoryview]] = []
    position = HEADER.size
    while position < len(data):
        if position + CHUNK.size > len(data) or len(found) == most:
            reject("chunks_invalid")
        length, kind = CHUNK.unpack_from(data, position)
        start, position = position + CHUNK.size, position + CHUNK.size + length
        if length % 4 or position > len(data):
            reject("chunks_invalid")
        found.append((kind, data[start:position]))
    return found


def read_document(text: bytes, limits: Limits) -> JsonObject:
    """Parse the JSON of a glTF file of version 2; raises ModelRejected."""
    try:
        document = parse(text, limits.json_bytes, limits.json_depth)
    except JsonRefused as error:
        reject(_JSON_CODES[error.reason], limit_mb=f"{limits.json_bytes / 1e6:g}")
    if not isinstance(document, dict):
        reject("json_structure", where="glTF")
    _check_version(mapping(document, "asset"))
    return document


def _check_version(asset: JsonObject) -> None:
    version = asset.get("version")
    least = asset.get("minVersion", "2.0")
    if not isinstance(version, str) or not version.startswith("2.") or least != "2.0":
        reject("unsupported_version")
