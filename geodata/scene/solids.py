"""The buildings around, as far as a scene needs to know them: where they stand and how tall they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.glb_writer import Mesh


@dataclass(frozen=True)
class Solid:
    """A building: its mesh in the scene's frame, in metres; a plain one has its measured shape and no windows."""

    mesh: Mesh
    plain: bool = False

    @cached_property
    def low(self) -> NDArray[np.float64]:
        """The least x, y, z."""
        low: NDArray[np.float64] = self.mesh.positions.min(axis=0)
        return low

    @cached_property
    def high(self) -> NDArray[np.float64]:
        """The greatest x, y, z."""
        high: NDArray[np.float64] = self.mesh.positions.max(axis=0)
        return high

    @cached_property
    def footprint(self) -> BaseGeometry:
        """The convex hull seen from above, in (x, z) metres."""
        return shapely.convex_hull(shapely.multipoints(self.mesh.positions[:, [0, 2]]))


def standing_solids(solids: Iterable[Solid], keep_clear: BaseGeometry) -> tuple[Solid, ...]:
    """Give the buildings that do not stand where the proposal does; rough data may say they do."""
    return tuple(solid for solid in solids if not solid.footprint.intersects(keep_clear))
