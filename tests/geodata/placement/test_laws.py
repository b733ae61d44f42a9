"""What must hold for any place: rigid motions change nothing, scaling scales, moving out fails."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from placement_cases import E0, N0, Stack, at, block, found, roof_on_posts, site
from shapely.geometry import LineString, Point

from geodata.crs import geometry_to_lonlat, to_lonlat
from geodata.placement import Ground, Layers, Placement, Rival, SiteRules

LAYERS = {
    "gates": (LineString([(0, 0), (0, 10)]), LineString([(20, 0), (20, 10)])),
    "obstacles": (shapely.box(12, 0, 13, 2), Point(4, 8)),
    "tactile_paving": (LineString([(0, 9), (20, 9)]),),
    "emergency_lanes": (LineString([(0, 1), (20, 1)]),),
    "entrances": (Point(10, 10),),
    "hydrants": (Point(20, 0),),
}
EXACT = {"inside_site", "height", "headroom", "clearance", "overlap", "tactile_paving", "emergency_access"}
TO_ONE_CM = {"clear_width", "turning_circle"}


class _Motion:
    """A turn about the corner, anticlockwise in degrees, and a shift, in metres of EPSG:6677."""

    def __init__(self, turn_deg, shift):
        self._turn_deg, self._shift = turn_deg, shift

    def points(self, points):
        c, s = math.cos(math.radians(self._turn_deg)), math.sin(math.radians(self._turn_deg))
        return np.asarray(points) @ [[c, s], [-s, c]] + np.add((E0, N0), self._shift)

    def shape(self, shape):
        return geometry_to_lonlat(shapely.transform(shape, self.points))

    def placement(self, e, n, heading_deg, **extra):
        ((new_e, new_n),) = self.points([(e, n)])
        return Placement(*to_lonlat(new_e, new_n), heading_deg - self._turn_deg, **extra)

    def ground(self):
        layers = Layers(**{name: tuple(self.shape(shape) for shape in shapes) for name, shapes in LAYERS.items()})
        rules = SiteRules(self.shape(shapely.box(0, 0, 20, 10)), 33.0, "ground", layers=layers)
        rival = Rival("chair", block(2, 1, 1), self.placement(8, 6, 10), "ground", 33.0, standing=True)
        return Ground(rules, rivals=[rival])


HERE = _Motion(0.0, (0.0, 0.0))
GROUND = HERE.ground()
SOLIDS = st.sampled_from([block(2, 1, 1.5), roof_on_posts(2.3), block(3, 0.2, 2.4)])
TURNS, PLACES_E, PLACES_N = st.floats(0, 360), st.floats(0, 20), st.floats(0, 10)


@settings(max_examples=40)
@given(SOLIDS, TURNS, PLACES_E, PLACES_N, TURNS)
def test_moving_model_and_site_together_changes_nothing(solid, turn, e, n, heading):
    there = _Motion(turn, (300.0, -200.0))
    before = found(solid, HERE.placement(e, n, heading), GROUND)
    after = found(solid, there.placement(e, n, heading), there.ground())
    assert before.keys() == after.keys()
    for name in EXACT:
        assert after[name].value == pytest.approx(before[name].value, abs=0.001), name
    for name in TO_ONE_CM:
        assert after[name].value == pytest.approx(before[name].value, abs=0.0101), name


@given(st.floats(0.2, 3), st.floats(0.5, 3), st.floats(0.5, 3), st.floats(0.2, 2))
def test_scaling_scales_lengths_and_areas(scale, width, depth, height):
    """Far outside the site, so that the overrun is the whole footprint; the wall is 100 m east of its middle."""
    checks = found(
        block(width, depth, height),
        at(200, 5, scale=scale),
        site(max_footprint_m2=1.0, layers={"obstacles": [shapely.box(300, -50, 301, 60)]}),
    )
    assert checks["height"].value == pytest.approx(height * scale, abs=1e-4)
    assert checks["footprint_area"].value == pytest.approx(width * depth * scale**2, abs=2e-4)
    assert checks["inside_site"].value == pytest.approx(width * depth * scale**2, abs=2e-4)
    assert checks["clearance"].value == pytest.approx(100 - width * scale / 2, abs=1e-3)


@given(SOLIDS, TURNS, TURNS)
def test_a_proposal_moved_out_fails(solid, heading, direction):
    """The site reaches 11.2 m from its middle and the longest solid 2.3 m from its own."""
    e, n = (20 * f(math.radians(direction)) for f in (math.sin, math.cos))
    checks = found(solid, HERE.placement(10 + e, 5 + n, heading), GROUND)
    assert checks["inside_site"].verdict == "fail"
    assert checks["inside_site"].value == pytest.approx(solid.outline.area, abs=1e-3)


@settings(max_examples=40)
@given(SOLIDS, PLACES_E, PLACES_N, TURNS)
def test_more_in_the_way_never_widens_it(solid, e, n, heading):
    nothing = Stack(((shapely.box(-0.1, -0.1, 0.1, 0.1), 0.0, 0.01),))
    empty = found(nothing, at(10, 5), GROUND)["clear_width"].value
    assert found(solid, HERE.placement(e, n, heading), GROUND)["clear_width"].value <= empty
