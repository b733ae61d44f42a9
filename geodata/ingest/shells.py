"""The connected pieces of a mesh: which triangles hang together by shared corners."""

import numpy as np
from numpy.typing import NDArray

WELD_M = 0.0001  # corners closer than this are one corner, as most exporters write each face apart

Numbers = NDArray[np.int64]

_MIX = np.array([0x1E3779B97F4A7C15, 0x3F58476D1CE4E5B9, 0x14D049BB133111EB])  # odd; sums wrap around


def shell_numbers(triangles: NDArray[np.float64]) -> Numbers:
    """Give each triangle (k, 3, 3) the number of its shell (k,); corners that coincide to 0.1 mm connect.

    Labels spread from corner to corner and jump along what is known already, so that long chains take few rounds
    (Zhang, Azad and Hu: FastSV, 2020).
    """
    lattice = np.round(triangles.reshape(-1, 3) / WELD_M).astype(np.int64)
    faces = numbered(lattice).reshape(-1, 3)
    label = np.arange(faces.max(initial=-1) + 1)
    while True:
        known = label[faces]
        least: Numbers = known.min(axis=1)
        torn = (known != least[:, None]).any(axis=1)
        if not torn.any():
            return least
        for corners in (known[torn], faces[torn]):
            np.minimum.at(label, corners, least[torn, None])
        label = label[label]


def numbered(lattice: Numbers) -> Numbers:
    """Number rows (k, 3) of whole numbers, equal ones alike; a hash of 64 bits stands for the three."""
    number: Numbers = np.unique(lattice @ _MIX, return_inverse=True)[1]
    return number
