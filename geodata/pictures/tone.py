"""From light to what a screen shows: a gentle film curve, and decoding of sRGB pictures."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

EXPOSURE = np.float32(0.52)
SHOULDER, CONTRAST = np.float32(0.62), np.float32(0.06)


def film(light: Floats) -> Floats:
    """Bring linear light of any strength to 0…1: colours stay as they are up to the shoulder, then bend softly."""
    x = np.maximum(light * EXPOSURE, 0.0)
    peak = np.maximum(np.maximum(x[:, :1], x[:, 1:2]), x[:, 2:])
    over = np.maximum(peak - SHOULDER, 0.0)
    bent = SHOULDER + (1 - SHOULDER) * over / (over + (1 - SHOULDER))
    held = np.where(peak > SHOULDER, x * (bent / np.maximum(peak, 1e-6)), x)
    fade = (1 - 1 / (1 + np.float32(0.6) * over)) * np.float32(0.95)  # very bright colours turn pale, as on film
    mapped = held + (bent - held) * fade
    curve = mapped * mapped * (3 - 2 * mapped)
    toned: Floats = (mapped + CONTRAST * (curve - mapped)).astype(np.float32)
    return np.clip(toned, 0.0, 1.0)


def srgb_to_linear(encoded: Floats) -> Floats:
    """Decode 0…1 (IEC 61966-2-1)."""
    linear: Floats = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)
