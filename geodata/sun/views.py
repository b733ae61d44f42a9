"""How much of a view a model hides: rays from an eye to points of what is looked at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.sun.occluders import Occluders

Floats = NDArray[np.float64]

SKIN_M = 0.05  # a ray ends this far before its target, whose own wall would stop it


@dataclass(frozen=True)
class ViewLoss:
    """Of the rays sent, how many saw their target without the model, and how many of those the model stops."""

    rays: int
    seen: int
    hidden: int

    @property
    def share(self) -> float:
        """The share newly hidden of what was seen; 0 when nothing was."""
        return self.hidden / self.seen if self.seen else 0.0


def view_blocking(eye: Floats, targets: Floats, buildings: Occluders, model: Occluders) -> ViewLoss:
    """Look from an eye (3,) at points (k, 3), all e, n of EPSG:6677 and height (T.P.) in metres.

    The answer is a sample: as fine as the points that stand for the target. A target at the eye itself is seen.
    """
    towards = targets - eye
    distance = np.linalg.norm(towards, axis=1)
    directions = towards / np.maximum(distance, SKIN_M)[:, None]
    reach = np.maximum(distance - SKIN_M, 0.0)
    eyes = np.broadcast_to(eye, targets.shape)
    seen = ~buildings.hide(eyes, directions, reach)
    hidden = seen & model.hide(eyes, directions, reach)
    return ViewLoss(len(targets), int(seen.sum()), int(hidden.sum()))
