"""The sizes the gate allows, in one place: small enough for a phone, large enough for a workshop."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Limits:
    """Every limit of the gate. Sizes of the model are in metres, memory in MiB, times in seconds.

    100 m drawn in millimetres reads as 100 km; beyond `extent_m` no unit explains it. Honest accessors do not
    overlap, so a file of `file_bytes` stays far below `accessor_bytes`.
    """

    file_bytes: int = 20_000_000
    json_bytes: int = 4_000_000
    json_depth: int = 64
    chunks: int = 16
    accessors: int = 20_000
    accessor_bytes: int = 64_000_000
    nodes: int = 2_000
    node_depth: int = 64
    draws: int = 10_000
    triangles: int = 500_000
    vertices: int = 1_500_000
    materials: int = 200
    images: int = 64
    image_side: int = 4_096
    image_pixels: int = 64_000_000
    texture_side: int = 2_048
    extent_m: float = 100_000.0
    smallest_m: float = 0.01
    archive_members: int = 200
    archive_ratio: int = 200
    unpacked_bytes: int = 60_000_000
    memory_mb: int = 1_500
    cpu_s: int = 20
    wall_s: float = 30.0
    open_files: int = 64
    written_bytes: int = 100_000_000


def limits_from(overrides: Mapping[str, Any]) -> Limits:
    """Give the limits with some of them replaced; ValueError, with a sentence, for a wrong name or value."""
    known = {field.name: field.type for field in fields(Limits)}
    for name, value in overrides.items():
        if name not in known:
            raise ValueError(f"{name} is no limit of the gate; the limits are {', '.join(known)}")
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not (whole or (known[name] is float and isinstance(value, float))) or value <= 0:
            raise ValueError(
                f"{name} must be a number above 0, without a fraction unless it is a length or a time"
            )
    return Limits(**overrides)
