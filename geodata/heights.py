"""Heights: from above Tokyo Peil, as sites and maps give them, to above the ellipsoid, as globes want them.

The difference is the height of the geoid, 37 m in West Shinjuku (GSIGEO2011 of the Geospatial Information
Authority of Japan, embedded in japan-geoid). PROJ is not asked on purpose: without the grid of the geoid it turns
EPSG:6697 into EPSG:4979 by giving the height back unchanged, and says nothing.
"""

from functools import lru_cache

import numpy as np
from japan_geoid import GsiGeoid, load_embedded_gsigeo2011
from numpy.typing import NDArray

from geodata.crs import Coordinates

GEOID = "GSIGEO2011"

Heights = NDArray[np.float64]


@lru_cache(maxsize=1)
def _geoid() -> GsiGeoid:
    return load_embedded_gsigeo2011()


def geoid_heights(lonlat: Coordinates) -> Heights:
    """The geoid above the ellipsoid, in metres (k,), for points (k, 2) of lon, lat in degrees.

    Raises:
        ValueError: a point where the geoid is not known, such as one at sea or outside Japan.
    """
    lon, lat = (np.ascontiguousarray(column, dtype=np.float64) for column in lonlat.T)
    heights: Heights = np.asarray(_geoid().get_heights(lon, lat), dtype=np.float64)
    unknown = np.flatnonzero(~np.isfinite(heights))
    if len(unknown):
        first = unknown[0]
        raise ValueError(f"the geoid {GEOID} has no height at lon {lon[first]:.7g}, lat {lat[first]:.7g}")
    return heights


def ellipsoidal_heights(lonlat: Coordinates, above_tp_m: Heights) -> Heights:
    """Heights above the ellipsoid of GRS 80, in metres (k,), of heights above Tokyo Peil; raises as above."""
    return above_tp_m + geoid_heights(lonlat)
