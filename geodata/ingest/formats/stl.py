"""STL, binary and ASCII: a soup of triangles without units, colours or names.

Binary: 80 bytes of anything, a count, then 50 bytes a triangle. Many binary files begin with the word `solid`, so
the length decides. Stored normals are not read: corners say which side is the front, and faces are flat.
"""

import struct

import numpy as np

from geodata.ingest.errors import reject
from geodata.ingest.formats.archive import Lookup
from geodata.ingest.formats.checks import at_most
from geodata.ingest.formats.part import Part
from geodata.ingest.formats.text import blocks, floats
from geodata.ingest.limits import Limits

_HEADER_BYTES = 84
_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_WORDS = {b"solid", b"facet", b"outer", b"vertex", b"endloop", b"endfacet", b"endsolid"}


def is_binary(data: bytes) -> bool:
    """Tell a binary STL by its length, which its count decides to the byte."""
    return len(data) >= _HEADER_BYTES and len(data) == _declared_length(data)


def read_stl(data: bytes, limits: Limits, _beside: Lookup | None) -> list[Part]:
    """Read the triangles of an STL file; raises ModelRejected."""
    text = not is_binary(data) and data[:256].lstrip().lower().startswith(b"solid")
    return [_from_text(data, limits) if text else _from_binary(data, limits)]


def _declared_length(data: bytes) -> int:
    return _HEADER_BYTES + _TRIANGLE.itemsize * int(struct.unpack_from("<I", data, 80)[0])


def _from_binary(data: bytes, limits: Limits) -> Part:
    if len(data) < _HEADER_BYTES:
        reject("truncated")
    count = struct.unpack_from("<I", data, 80)[0]
    at_most("too_many_triangles", count, limits.triangles)
    if len(data) != _declared_length(data):
        reject("truncated" if len(data) < _declared_length(data) else "trailing_bytes")
    corners = np.frombuffer(data, _TRIANGLE, count, _HEADER_BYTES)["corners"]
    if not np.isfinite(corners).all():
        reject("not_finite", where="STL")
    return Part(corners.reshape(-1, 3).astype(np.float64))


def _from_text(data: bytes, limits: Limits) -> Part:
    points, facets = [np.empty((0, 3))], 0
    for block in blocks(data.lower()):
        if block.kinds() - _WORDS:
            reject("text_invalid", where="STL")
        rest, widths = block.rest_of(b"vertex")
        if (widths != 3).any():
            reject("text_invalid", where="vertex")
        points.append(floats(rest, "vertex").reshape(-1, 3))
        facets += len(block.lines_of(b"facet"))
        at_most("too_many_triangles", facets, limits.triangles)
    corners = np.concatenate(points)
    if len(corners) != 3 * facets:
        reject("text_invalid", where="facet")
    if not data.rstrip().lower()[-65_536:].rpartition(b"\n")[2].lstrip().startswith(b"endsolid"):
        reject("truncated")
    return Part(corners)
