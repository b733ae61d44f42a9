"""Which readings are of one building: the files of PLATEAU name a building in more than one way.

CityGML names it by its ``gml:id`` and mostly carries the number of the city too (建物ID, ``13104-bldg-9512``);
footprints made from the map tiles carry that number alone, others neither. Two readings of one survey that name
buildings in the same way are compared by name; any others by where they stand.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

SAME_PLACE_SHARE = 0.5
"""Two footprints that share more than this of the smaller one are of the same building."""

_BUILDING_ID = re.compile(r"\d{5,6}-bldg-\d+")


class Naming(NamedTuple):
    """How a reading names its building, and the year of its survey, None where it is untold."""

    data_year: int | None
    is_citygml: bool
    is_numbered: bool

    @property
    def rank(self) -> tuple[int, bool]:
        """The greater, the better: a later year, of the same year CityGML; a year untold is before all others."""
        return self.data_year or 0, self.is_citygml


def building_id_of(*candidates: str) -> str | None:
    """The first that is a building's number in its city, None without any."""
    return next((found for found in candidates if _BUILDING_ID.fullmatch(found)), None)


def same_places(ours: Sequence[BaseGeometry], theirs: Sequence[BaseGeometry]) -> list[tuple[int, int]]:
    """The pairs of valid footprints, as their numbers in each, that stand in the same place."""
    here, there = np.array(ours, dtype=np.object_), np.array(theirs, dtype=np.object_)
    one, other = shapely.STRtree(there).query(here, predicate="intersects")
    shared = shapely.area(shapely.intersection(here[one], there[other]))
    smaller = np.minimum(shapely.area(here[one]), shapely.area(there[other]))
    same = shared > SAME_PLACE_SHARE * smaller
    return list(zip(one[same].tolist(), other[same].tolist(), strict=True))
