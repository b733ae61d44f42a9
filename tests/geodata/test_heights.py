"""Heights above the ellipsoid: Tokyo Peil and the geoid of GSIGEO2011."""

import numpy as np
import pytest
from pyproj import Transformer

from geodata.heights import ellipsoidal_heights, geoid_heights

TOCHO = (139.6917, 35.6896)


def test_the_geoid_at_tocho_is_37_005_m():
    """The golden value: what the calculator of the survey authority gives for GSIGEO2011, to a millimetre."""
    assert geoid_heights(np.array([TOCHO])) == pytest.approx([37.005], abs=0.0005)


def test_a_height_above_tokyo_peil_becomes_one_above_the_ellipsoid():
    found = ellipsoidal_heights(np.array([TOCHO, TOCHO]), np.array([40.0, -2.5]))
    assert found == pytest.approx([77.005, 34.505], abs=0.0005)


def test_proj_alone_would_have_given_the_height_back_unchanged():
    """The trap that this module is there for: should PROJ ever do it, one of two ways can go."""
    naive = Transformer.from_crs("EPSG:6697", "EPSG:4979", always_xy=True).transform(*TOCHO, 40.0)
    assert naive[2] == 40.0


def test_longitude_comes_first():
    with pytest.raises(ValueError, match="lat 139"):
        geoid_heights(np.array([TOCHO[::-1]]))


@pytest.mark.parametrize("place", [(0.0, 0.0), (145.0, 30.0), (float("nan"), 35.0)])
def test_where_there_is_no_geoid_the_place_is_named(place):
    with pytest.raises(ValueError, match="GSIGEO2011 has no height at lon"):
        geoid_heights(np.array([TOCHO, place]))


def test_no_places_no_heights():
    assert geoid_heights(np.empty((0, 2))).shape == (0,)
