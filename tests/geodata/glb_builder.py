"""A tiny GLB writer for tests: it writes whatever it is told, right or wrong, by its own code."""

import copy
import json
import struct

ARRAY_TYPES = {"b": 5120, "B": 5121, "h": 5122, "H": 5123, "I": 5125, "f": 5126}
SIZES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}

BOX_FACES = [
    (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1),
    (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
]  # fmt: skip


def box_corners(low, high):
    """Eight corners of an axis-parallel box, numbered as BOX_FACES expects."""
    return [(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])]


def pack_glb(document, binary=b"", *, version=2, length=None, extra_chunks=()):
    """Wrap a document (dict, or bytes taken as they are) and a binary chunk into a GLB."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    chunks = [(b"JSON", text + b" " * (-len(text) % 4))]
    if binary:
        chunks.append((b"BIN\0", binary + b"\0" * (-len(binary) % 4)))
    chunks.extend(extra_chunks)
    body = b"".join(struct.pack("<I", len(data)) + kind + data for kind, data in chunks)
    return struct.pack("<4sII", b"glTF", version, 12 + len(body) if length is None else length) + body


class Glb:
    """A document under construction: `add` appends data, `doc` may be bent freely, `pack` writes the file."""

    def __init__(self):
        self.doc = {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}]}
        self.binary = b""

    def view(self, data, **extra):
        """Append bytes on a multiple of four as a new buffer view; returns its index."""
        self.binary += b"\0" * (-len(self.binary) % 4)
        views = self.doc.setdefault("bufferViews", [])
        views.append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data), **extra})
        self.binary += data
        return len(views) - 1

    def accessor(self, rows, code="f", **extra):
        """Append rows of numbers as a tightly packed accessor; returns its index."""
        rows = [row if isinstance(row, tuple) else (row,) for row in rows]
        width = len(rows[0])
        data = b"".join(struct.pack(f"<{width}{code}", *row) for row in rows)
        described = {"bufferView": self.view(data), "componentType": ARRAY_TYPES[code], "count": len(rows)}
        accessors = self.doc.setdefault("accessors", [])
        accessors.append({**described, "type": SIZES[width], **extra})
        return len(accessors) - 1

    def mesh(self, *primitives):
        """Append a mesh; returns its index."""
        meshes = self.doc.setdefault("meshes", [])
        meshes.append({"primitives": list(primitives)})
        return len(meshes) - 1

    def pack(self, **how):
        """Write the file; the buffer's length is filled in unless the document already says one."""
        document = copy.deepcopy(self.doc)
        if self.binary:
            document.setdefault("buffers", [{"byteLength": len(self.binary)}])
        return pack_glb(document, self.binary, **how)


def shape(corners, faces=None, code="H", **primitive):
    """A model of one mesh from corners and (optional) triples of corner numbers."""
    glb = Glb()
    attributes = {"POSITION": glb.accessor(corners)}
    if faces is not None:
        primitive["indices"] = glb.accessor([number for face in faces for number in face], code)
    glb.mesh({"attributes": attributes, **primitive})
    return glb


def box(low=(-1.0, 0.0, -0.5), high=(1.0, 1.5, 0.5), **how):
    """A box; by default 2 m wide, 1.5 m high, 1 m deep, standing on the ground around the origin."""
    return shape(box_corners(low, high), BOX_FACES, **how)
