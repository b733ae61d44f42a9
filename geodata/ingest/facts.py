"""The facts of a model, measured from its triangles and from nothing it says about itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.ingest.errors import reject
from geodata.ingest.formats.units import suggest
from geodata.ingest.limits import Limits
from geodata.ingest.outline import plan_outline
from geodata.ingest.sections import plan_between

Point = tuple[float, float, float]

MIN_SURFACE_M2 = 1e-8
SUSPECT_ABOVE_M, SUSPECT_BELOW_M = 100.0, 0.2
FLOOR_M, HEAD_M = 0.05, 2.1
"""What lies below the first is walked or rolled over; what begins above the second is passed under."""


@dataclass(frozen=True)
class ModelFacts:
    """What was measured; all lengths in metres, glTF axes (x left, y up, z towards the front).

    `bounds_m` is the extent (w along x, h along y, d along z) of the drawn triangles; `min_m` and `max_m` are
    its corners in the file's own frame. `origin_m` is the canonical origin in that frame: the middle of the
    footprint's bounding box, at the lowest y.

    `outline` is what the model covers seen from above, relative to the canonical origin, for heading 0 (front
    to the north): first coordinate east = -x, second north = z. `outline_cell_m` is 0 when the outline is
    exact to 1 mm; else it comes from a grid of that cell, never too narrow and at most one cell too wide.

    `obstacle` and `floor` are likewise what stands in somebody's way (5 cm to 2.1 m above the lowest point, where
    the model is taken as solid) and what only lies on the ground (below 5 cm). `suggested_unit` names the unit
    that was probably meant when the size raises a doubt.
    """

    triangles: int
    bounds_m: Point
    min_m: Point
    max_m: Point
    origin_m: Point
    outline: BaseGeometry
    outline_cell_m: float
    obstacle: BaseGeometry
    floor: BaseGeometry
    suggested_unit: str | None

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
        facts = {
            "triangles": self.triangles,
            "bounds_m": _rounded(self.bounds_m),
            "height_m": round(self.height_m, 4),
            "footprint_area_m2": round(self.footprint_area_m2, 4),
            "outline_exact": self.outline_exact,
            "obstacle_area_m2": round(float(self.obstacle.area), 4),
            "floor_area_m2": round(float(self.floor.area), 4),
        }
        return facts if self.suggested_unit is None else {**facts, "suggested_unit": self.suggested_unit}


def measure(triangles: NDArray[np.float64], limits: Limits) -> ModelFacts:
    """Measure triangles (k, 3, 3) of finite scene coordinates; refuses sizes that no unit explains."""
    low, high = triangles.min(axis=(0, 1)), triangles.max(axis=(0, 1))
    with np.errstate(over="ignore"):
        extent = high - low
    _check_size(len(triangles), extent, limits)
    if _surface(triangles - low) < MIN_SURFACE_M2:
        reject("zero_size", {"triangles": len(triangles)})
    origin = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    moved = triangles - origin
    outline = plan_outline(moved[:, :, [0, 2]] * [-1.0, 1.0])
    return ModelFacts(
        triangles=len(triangles),
        bounds_m=_point(extent),
        min_m=_point(low),
        max_m=_point(high),
        origin_m=_point(origin),
        outline=outline.geometry,
        outline_cell_m=outline.cell_m,
        obstacle=plan_between(moved, FLOOR_M, HEAD_M).geometry,
        floor=plan_between(moved, -FLOOR_M, FLOOR_M).geometry,
        suggested_unit=suggest(float(extent.max())),
    )


def remark(facts: ModelFacts) -> tuple[str, dict[str, Any]]:
    """Choose what to say about an accepted model: its code and the numbers of the sentence."""
    largest = max(facts.bounds_m)
    w, h, d = (_readable(length) for length in facts.bounds_m)
    suspect = largest > SUSPECT_ABOVE_M or largest < SUSPECT_BELOW_M
    return ("unit_suspect", {"w": w, "h": h, "d": d}) if suspect else ("ok", {})


def _readable(metres: float) -> str:
    return f"{metres:.0f}" if metres >= 100 else f"{metres:.3g}"


def _check_size(count: int, extent: NDArray[np.float64], limits: Limits) -> None:
    largest = float(extent.max())
    known: dict[str, Any] = {"triangles": count}
    if largest == 0:
        reject("zero_size", known)
    if largest > limits.extent_m:
        reject("too_large", known, extent=f"{largest:.3g}", limit=f"{limits.extent_m:,.0f}")
    if largest < limits.smallest_m:
        reject("too_small", known, extent=f"{largest:.3g}", limit=limits.smallest_m)


def _surface(triangles: NDArray[np.float64]) -> float:
    first, second, third = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    return float(np.linalg.norm(np.cross(second - first, third - first), axis=1).sum() / 2)


def _point(values: NDArray[np.float64]) -> Point:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _rounded(point: Point) -> list[float]:
    return [round(value, 4) for value in point]
