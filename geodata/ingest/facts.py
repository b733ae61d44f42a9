"""The facts of a model, measured from its triangles and from nothing it says about itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.ingest.errors import reject
from geodata.ingest.limits import MAX_EXTENT_M, MIN_EXTENT_M, SUSPECT_ABOVE_M, SUSPECT_BELOW_M
from geodata.ingest.outline import plan_outline

Point = tuple[float, float, float]

MIN_SURFACE_M2 = 1e-8


@dataclass(frozen=True)
class ModelFacts:
    """What was measured; all lengths in metres, glTF axes (x left, y up, z towards the front).

    `bounds_m` is the extent (w along x, h along y, d along z) of the drawn triangles; `min_m` and `max_m` are
    its corners in the file's own frame. `origin_m` is the canonical origin in that frame: the middle of the
    footprint's bounding box, at the lowest y.

    `outline` is what the model covers seen from above, relative to the canonical origin, for heading 0 (front
    to the north): first coordinate east = -x, second north = z. `outline_cell_m` is 0 when the outline is
    exact to 1 mm; else it comes from a grid of that cell, never too narrow and at most one cell too wide.
    """

    triangles: int
    bounds_m: Point
    min_m: Point
    max_m: Point
    origin_m: Point
    outline: BaseGeometry
    outline_cell_m: float

    @property
    def height_m(self) -> float:
        """From the lowest to the highest point."""
        return self.bounds_m[1]

    @property
    def footprint_area_m2(self) -> float:
        """Area of the outline."""
        return float(self.outline.area)

    @property
    def outline_exact(self) -> bool:
        """Whether the outline is exact to 1 mm, and not from a grid."""
        return self.outline_cell_m == 0.0

    def as_json(self) -> dict[str, Any]:
        """Give the facts as `civic model check` prints them, rounded to 0.1 mm and 1 cm2."""
        return {
            "triangles": self.triangles,
            "bounds_m": _rounded(self.bounds_m),
            "height_m": round(self.height_m, 4),
            "footprint_area_m2": round(self.footprint_area_m2, 4),
            "outline_exact": self.outline_exact,
        }


def measure(triangles: NDArray[np.float64]) -> ModelFacts:
    """Measure triangles (k, 3, 3) of finite scene coordinates; refuses sizes that no unit explains."""
    low, high = triangles.min(axis=(0, 1)), triangles.max(axis=(0, 1))
    with np.errstate(over="ignore"):
        extent = high - low
    _check_size(len(triangles), extent)
    if _surface(triangles - low) < MIN_SURFACE_M2:
        reject("zero_size", {"triangles": len(triangles)})
    origin = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    outline = plan_outline((triangles - origin)[:, :, [0, 2]] * [-1.0, 1.0])
    return ModelFacts(
        triangles=len(triangles),
        bounds_m=_point(extent),
        min_m=_point(low),
        max_m=_point(high),
        origin_m=_point(origin),
        outline=outline.geometry,
        outline_cell_m=outline.cell_m,
    )


def remark(facts: ModelFacts) -> tuple[str, dict[str, Any]]:
    """Choose what to say about an accepted model: its code and the numbers of the sentence."""
    largest = max(facts.bounds_m)
    w, h, d = (_readable(length) for length in facts.bounds_m)
    suspect = largest > SUSPECT_ABOVE_M or largest < SUSPECT_BELOW_M
    return ("unit_suspect", {"w": w, "h": h, "d": d}) if suspect else ("ok", {})


def _readable(metres: float) -> str:
    return f"{metres:.0f}" if metres >= 100 else f"{metres:.3g}"


def _check_size(count: int, extent: NDArray[np.float64]) -> None:
    largest = float(extent.max())
    known: dict[str, Any] = {"triangles": count}
    if largest == 0:
        reject("zero_size", known)
    if largest > MAX_EXTENT_M:
        reject("too_large", known, extent=f"{largest:.3g}", limit=f"{MAX_EXTENT_M:,.0f}")
    if largest < MIN_EXTENT_M:
        reject("too_small", known, extent=f"{largest:.3g}", limit=MIN_EXTENT_M)


def _surface(triangles: NDArray[np.float64]) -> float:
    first, second, third = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    return float(np.linalg.norm(np.cross(second - first, third - first), axis=1).sum() / 2)


def _point(values: NDArray[np.float64]) -> Point:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _rounded(point: Point) -> list[float]:
    return [round(value, 4) for value in point]
