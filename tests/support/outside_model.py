"""A model as it comes from somebody else's software: off its origin, raised, with a picture on it."""

from __future__ import annotations

import io
import json
import struct

from PIL import Image

_CORNERS = [(0, 0), (1, 0), (1, 1), (0, 1)]


def outside_glb(width: float, height: float, *, away: tuple[float, float, float] = (120.0, 5.0, -80.0)) -> bytes:
    """Two crossed upright panels of this size in metres, textured, standing ``away`` from the file's origin."""
    panels = [
        [(away[0] + u * width, away[1] + v * height, away[2]) for u, v in _CORNERS],
        [(away[0] + width / 2, away[1] + v * height, away[2] + (u - 0.5) * width) for u, v in _CORNERS],
    ]
    positions = [corner for panel in panels for corner in panel]
    parts = [
        b"".join(struct.pack("<3f", *corner) for corner in positions),
        b"".join(struct.pack("<2f", u, 1 - v) for _ in panels for u, v in _CORNERS),
        struct.pack("<12H", 0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7),
        _picture(),
    ]
    return _packed(_document(positions, [len(part) for part in parts]), parts)


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (40, 120, 60)).save(file, "PNG")
    return file.getvalue()


def _document(positions: list[tuple[float, float, float]], lengths: list[int]) -> dict[str, object]:
    offsets = [sum(-(-length // 4) * 4 for length in lengths[:i]) for i in range(len(lengths))]
    lows, highs = ([limit(axis) for axis in zip(*positions, strict=True)] for limit in (min, max))
    return {
        "asset": {"version": "2.0", "generator": "Another editor"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "Panels"}],
        "meshes": [
            {"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2, "material": 0}]}
        ],
        "materials": [{"doubleSided": True, "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": 3, "mimeType": "image/png"}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3", "min": lows, "max": highs},
            {"bufferView": 1, "componentType": 5126, "count": 8, "type": "VEC2"},
            {"bufferView": 2, "componentType": 5123, "count": 12, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": offset, "byteLength": length}
            for offset, length in zip(offsets, lengths, strict=True)
        ],
        "buffers": [{"byteLength": sum(-(-length // 4) * 4 for length in lengths)}],
    }


def _packed(document: dict[str, object], parts: list[bytes]) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary = b"".join(part + b"\0" * (-len(part) % 4) for part in parts)
    head = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(binary))
    return (
        head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    )
