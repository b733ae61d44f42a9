"""What OBJ, STL and PLY files do not say about themselves: how long one unit is, and which way is up."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Up = Literal["y", "z"]

UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}

# Metres. What a group builds is rarely smaller than a stool or longer than a train carriage.
_PLAUSIBLE = (1.0, 60.0)
_UNSUSPECTED = (0.2, 100.0)


@dataclass(frozen=True)
class Units:
    """The answer of the person who sends a file: metres a unit, and the axis that points up."""

    metres: float = 1.0
    up: Up = "y"

    def in_metres(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn points (n, 3) of the file into metres with y up."""
        return self.upright(points * self.metres)

    def upright(self, directions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn directions (n, 3) of the file so that y is up: z-up turns by -90 degrees about x."""
        return directions if self.up == "y" else directions[:, [0, 2, 1]] * [1.0, 1.0, -1.0]


GLTF_UNITS = Units()


def suggest(extent_m: float, units: Units = GLTF_UNITS) -> str | None:
    """Name the unit that was probably meant when the largest extent, read with `units`, looks wrong.

    None when the size raises no doubt, or when no unit explains it. It is a hint for a person, never applied.
    """
    if _UNSUSPECTED[0] <= extent_m <= _UNSUSPECTED[1]:
        return None
    stored = extent_m / units.metres
    plausible = (name for name in ("m", "mm", "cm", "in", "ft") if _is_plausible(stored * UNITS[name]))
    return next(plausible, None)


def _is_plausible(metres: float) -> bool:
    return _PLAUSIBLE[0] <= metres <= _PLAUSIBLE[1]
