"""What every reader gives: parts, each a piece of surface with one paint, still in the file's own units."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Paint:
    """A metallic-roughness material. Colours are linear; the picture is a PNG or JPEG file.

    `cutout`: the picture's transparent places are holes.
    """

    color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    metallic: float = 0.0
    roughness: float = 0.9
    picture: bytes | None = None
    cutout: bool = False


@dataclass(frozen=True)
class Part:
    """Triangles with one paint.

    Shapes: points (n, 3); triangles (k, 3) of point numbers, or None when every three points are one; normals
    (n, 3); uvs (n, 2) with v downwards, as glTF counts; colors (n, 3), linear. Without normals faces are flat.
    """

    points: Floats
    triangles: Numbers | None = None
    normals: Floats | None = None
    uvs: Floats | None = None
    colors: Floats | None = None
    paint: Paint = Paint()


def linear(srgb: Floats) -> Floats:
    """Turn sRGB values from 0 to 1 into linear light (IEC 61966-2-1); what lies outside is clipped."""
    value = np.clip(srgb, 0.0, 1.0)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
