"""How far places are from somebody, in metres on the ground."""

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.crs import geometry_to_plane, to_plane
from geodata.shapes import JAPAN_LAT, JAPAN_LON


def metres_to(lon: float, lat: float, boundaries: Sequence[BaseGeometry]) -> list[float] | None:
    """How far it is to each boundary, 0 inside it; None for a position outside Japan.

    Position and boundaries are in degrees of JGD2011; the distance is that of EPSG:6677, 0.01 % short near Tokyo
    and some percent long at the other end of the country.
    """
    if not (JAPAN_LON[0] <= lon <= JAPAN_LON[1] and JAPAN_LAT[0] <= lat <= JAPAN_LAT[1]):
        return None
    here = shapely.Point(to_plane(lon, lat))
    return [float(shapely.distance(here, geometry_to_plane(boundary))) for boundary in boundaries]
