"""The view check of a placement in one call: what people see of the city as they come to the place."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.crs import geometry_to_plane
from geodata.placement import Check, Placement
from geodata.sun.checks import view_check
from geodata.sun.occluders import Occluders
from geodata.sun.standing import standing_triangles
from geodata.sun.views import ViewLoss, view_blocking

Floats = NDArray[np.float64]

EYE_M = 1.6
TURN_DEG, HIGHEST_DEG = 1.5, 30.0


class Outlook:
    """The view of the buildings around from where people come in: the gates of a walkway, given in lon/lat.

    From the eyes of an adult in the middle of each of them, rays go all round, from level up to 30 degrees and a
    degree and a half apart; those that end on a building are the view.
    """

    def __init__(self, ground_m: float, buildings: Occluders, gates: Sequence[BaseGeometry]) -> None:
        self._ground_m, self._buildings = ground_m, buildings
        places = [shapely.centroid(geometry_to_plane(gate)) for gate in gates]
        eyes = [np.array([place.x, place.y, ground_m + EYE_M]) for place in places]
        self._views = [(eye, _seen_from(eye, buildings)) for eye in eyes]

    def check(self, triangles: Floats, placement: Placement) -> Check | None:
        """Judge the view from where it loses most; triangles (k, 3, 3) in the model's canonical frame.

        None where no building is seen from anywhere.
        """
        model = Occluders(standing_triangles(triangles, placement, self._ground_m))
        views = [(eye, seen) for eye, seen in self._views if len(seen)]
        losses = [(view_blocking(eye, seen, self._buildings, model), eye) for eye, seen in views]
        if not losses:
            return None
        loss, eye = max(losses, key=_share)
        return view_check(loss, shapely.Point(eye[:2]) if loss.hidden else None)


def _share(found: tuple[ViewLoss, Floats]) -> float:
    return found[0].share


def _seen_from(eye: Floats, buildings: Occluders) -> Floats:
    """Where the rays of an eye end on a building (k, 3)."""
    eyes = np.broadcast_to(eye, _ROUND.shape)
    reach = buildings.distance(eyes, _ROUND)
    met = np.isfinite(reach)
    seen: Floats = eye + _ROUND[met] * reach[met, None]
    return seen


def _all_round() -> Floats:
    """Unit directions (k, 3) east, north, up, the same share of the view each: higher rings hold fewer."""
    rings = []
    for height in np.radians(np.arange(TURN_DEG / 2, HIGHEST_DEG, TURN_DEG)):
        azimuth = np.linspace(0, 2 * np.pi, round(360 / TURN_DEG * float(np.cos(height))), endpoint=False)
        level = np.cos(height)
        up = np.full(len(azimuth), np.sin(height))
        rings.append(np.column_stack([level * np.sin(azimuth), level * np.cos(azimuth), up]))
    return np.concatenate(rings)


_ROUND = _all_round()
