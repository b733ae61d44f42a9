"""The light of every picture: a clear autumn afternoon, the same for all proposals, or the sun of a given hour.

On the afternoon of the cards the sun stands as over Tokyo in early October at about half past two: south-west, 35
degrees high; the towers around throw no shadow on the place, as in a photograph of a model, so that no proposal
stands in the dark. The sun of a day and hour is another matter: there the towers' shadows are what one looks for.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOWEST_SUN_DEG = 1.0
SUN_COLOR = "#fff0dc"
SUN_INTENSITY = 2.95

ZENITH, HORIZON, GROUND = "#6fa3d6", "#e3ecf0", "#b3a791"
HAZE_COLOR, HAZE_NEAR_M, HAZE_FAR_M = "#dbe6ec", 40.0, 1500.0


def towards(azimuth_deg: float, elevation_deg: float) -> tuple[float, float, float]:
    """Give the unit vector (x east, y up, z south) towards a compass direction and a height, in degrees."""
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    flat = math.cos(elevation)
    return flat * math.sin(azimuth), math.sin(elevation), -flat * math.cos(azimuth)


@dataclass(frozen=True)
class Sun:
    """Where the sun stands, in degrees: clockwise from grid north, and above the horizon.

    `behind_towers` tells whether buildings keep it off. Raises ValueError for a sun lower than one degree.
    """

    azimuth_deg: float
    elevation_deg: float
    behind_towers: bool = True

    def __post_init__(self) -> None:
        if not LOWEST_SUN_DEG <= self.elevation_deg <= 90.0 or not math.isfinite(self.azimuth_deg):
            raise ValueError(f"the sun stands at {self.elevation_deg:.1f} degrees: too low for a picture")

    @property
    def direction(self) -> tuple[float, float, float]:
        """The unit vector towards it (x east, y up, z south)."""
        return towards(self.azimuth_deg, self.elevation_deg)


CARD_SUN = Sun(236.0, 35.0, behind_towers=False)


def linear(hex_color: str) -> tuple[float, float, float]:
    """Give the linear RGB (0 to 1) of an sRGB colour such as `#ffe7c4` (IEC 61966-2-1)."""
    channels = [int(hex_color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def encoded(colors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the sRGB values, 0 to 1, of linear colours of any shape (IEC 61966-2-1)."""
    held = np.clip(colors, 0.0, 1.0)
    curve = 1.055 * np.power(np.maximum(held, 1e-6), 1 / 2.4) - 0.055
    srgb: NDArray[np.float32] = np.where(held <= 0.0031308, held * 12.92, curve).astype(np.float32)
    return srgb
