"""The sun check of a placement in one call: surroundings prepared once, then a model at a time."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from geodata.placement import Check, Placement, Solid, Stance
from geodata.sun.checks import sun_check
from geodata.sun.hours import hours_lost, sample_grid, surrounding_area
from geodata.sun.occluders import Occluders
from geodata.sun.path import sun_path
from geodata.sun.standing import standing_triangles

POINTS = 2_500
FINEST_M = 0.25


class Sunlight:
    """The winter sun at a site: its ground in metres (T.P.) and the buildings that already take sun from it."""

    def __init__(self, ground_m: float, buildings: Occluders, day: date) -> None:
        self.ground_m = ground_m
        self.day = day
        self._buildings = buildings

    def check(self, triangles: NDArray[np.float64], solid: Solid, placement: Placement) -> Check:
        """Judge the sun that a model takes from the ground around it; triangles (k, 3, 3) in its canonical frame.

        About 2,500 points lie on a lattice around the model, where `surrounding_area` says.
        """
        stance = Stance(solid, placement)
        area = surrounding_area(stance.footprint, stance.top_m)
        points = sample_grid(area, max(FINEST_M, float(np.sqrt(area.area / POINTS))), self.ground_m)
        model = Occluders(standing_triangles(triangles, placement, self.ground_m))
        path = sun_path(placement.lon, placement.lat, self.day)
        return sun_check(hours_lost(points, self._buildings, model, path), points)
