"""A model standing at its place, as triangles among the buildings."""

import math

import numpy as np
from numpy.typing import NDArray

from geodata.crs import to_plane
from geodata.placement import Placement


def standing_triangles(
    triangles: NDArray[np.float64], placement: Placement, ground_m: float
) -> NDArray[np.float64]:
    """Scale, turn and lift triangles (k, 3, 3) of the canonical frame to their place.

    The result is e, n of EPSG:6677 and height (T.P.) in metres; ground_m is the site's ground. At heading 0 east
    is -x and north is z; a heading turns clockwise.
    """
    heading = math.radians(placement.heading_deg)
    cos, sin = math.cos(heading), math.sin(heading)
    frame = np.array([[-cos, sin, 0.0], [0.0, 0.0, 1.0], [sin, cos, 0.0]])  # rows: where x, y and z point
    e, n = to_plane(placement.lon, placement.lat)
    place = np.array([e, n, ground_m + placement.base_m])
    standing: NDArray[np.float64] = placement.scale * triangles @ frame + place
    return standing
