"""An accepted model: what placing, drawing and storing it need."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.ingest.facts import FLOOR_M, HEAD_M, ModelFacts
from geodata.ingest.sections import plan_between


@dataclass(frozen=True)
class Model:
    """An accepted model: its facts, its triangles, the file to keep, and what there is to say about it.

    `triangles` is an array (k, 3, 3): triangle, corner, x y z in metres of the canonical frame, all instances
    unfolded. `canonical` is the GLB that is kept and shown, `sha256` its hash and `original_sha256` that of the
    file that came, in hexadecimal. `code` is `ok` or the code of a remark.
    """

    facts: ModelFacts
    triangles: NDArray[np.float64]
    canonical: bytes
    sha256: str
    original_sha256: str
    code: str
    message_ja: str
    message_en: str
    _between: dict[tuple[float, float], BaseGeometry] = field(default_factory=dict, repr=False, compare=False)

    @property
    def outline(self) -> BaseGeometry:
        """What it covers seen from above; see ModelFacts."""
        return self.facts.outline

    @property
    def outline_cell_m(self) -> float:
        """The grid of the outline, 0 when exact; see ModelFacts."""
        return self.facts.outline_cell_m

    @property
    def height_m(self) -> float:
        """From the lowest to the highest point."""
        return self.facts.height_m

    def between(self, low_m: float, high_m: float) -> BaseGeometry:
        """Give the plan of the solid between two heights above its lowest point; computed once."""
        if (low_m, high_m) == (FLOOR_M, HEAD_M):
            return self.facts.obstacle
        if (low_m, high_m) not in self._between:
            self._between[low_m, high_m] = plan_between(self.triangles, low_m, high_m).geometry
        return self._between[low_m, high_m]

    def as_json(self) -> dict[str, Any]:
        """Give the answer of `civic model check`."""
        said = {"code": self.code, "message_ja": self.message_ja, "message_en": self.message_en}
        return {"verdict": "accept", **said, "facts": self.facts.as_json()}
