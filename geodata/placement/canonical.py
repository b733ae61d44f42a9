"""Values as they are hashed: JSON with sorted keys, shapes normalised and rounded, numbers as floats."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry


def canonical_text(value: Mapping[str, Any]) -> str:
    """Write JSON with sorted keys and no spaces; raises ValueError for NaN."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_of(value: Mapping[str, Any]) -> str:
    """Give the SHA-256, in hexadecimal, of the canonical text."""
    return hashlib.sha256(canonical_text(value).encode("utf-8")).hexdigest()


def canonical_shape(shape: BaseGeometry, decimals: int) -> dict[str, Any]:
    """Give the normalised GeoJSON geometry with so many decimals."""

    def rounded(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(points, decimals) + 0.0  # no -0.0

    return dict(mapping(shapely.transform(shape.normalize(), rounded)))


def canonical_number(value: float | None) -> float | None:
    """Give 1 and 1.0 as the same number."""
    return None if value is None else float(value)
