"""Says in a GLB file itself what it is and how it may be used: `asset.copyright` (glTF 2.0, section 5.11)."""

import json
import struct

_HEADER = struct.Struct("<4sII")
_CHUNK = struct.Struct("<I4s")
_BODY = _HEADER.size + _CHUNK.size


def with_copyright(glb: bytes, line: str) -> bytes:
    """The same file with a line put before what its `asset.copyright` says already.

    Only the JSON chunk is written anew, with the same keys and values in the same order; every other byte stays.

    Raises:
        ValueError: not a GLB file of version 2 with a JSON object as its first chunk.
    """
    text, rest = _parted(glb)
    document = json.loads(text)
    if not isinstance(document, dict) or not isinstance(document.get("asset"), dict):
        raise ValueError("the GLB has no asset")
    said = document["asset"].get("copyright")
    document["asset"]["copyright"] = f"{line} | {said}" if said else line
    written = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    written += b" " * (-len(written) % 4)
    header = _HEADER.pack(b"glTF", 2, _BODY + len(written) + len(rest))
    return b"".join([header, _CHUNK.pack(len(written), b"JSON"), written, rest])


def _parted(glb: bytes) -> tuple[bytes, bytes]:
    """The text of the JSON chunk, and all bytes behind that chunk."""
    if len(glb) < _BODY:
        raise ValueError("the GLB ends within its header")
    magic, version, length = _HEADER.unpack_from(glb)
    size, kind = _CHUNK.unpack_from(glb, _HEADER.size)
    if (magic, version, length, kind) != (b"glTF", 2, len(glb), b"JSON") or _BODY + size > len(glb):
        raise ValueError("this is not a GLB file of version 2")
    return glb[_BODY : _BODY + size], glb[_BODY + size :]
