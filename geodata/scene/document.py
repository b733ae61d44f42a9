"""A scene as a document for the 3D view: where things are, how they are lit, where one looks from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.scene import light
from geodata.scene.scene import Scene

VERSION = 1


def scene_document(scene: Scene) -> dict[str, Any]:
    """Give the scene as JSON values, in metres; `model` and `surroundings` still lack their `url`."""
    subject = scene.subject
    return {
        "version": VERSION,
        "model": {
            "position": _rounded(subject.position),
            "rotation_y": round(subject.rotation_y, 6),
            "scale": subject.scale,
        },
        "surroundings": {},
        "size_m": _rounded(subject.scale * np.ptp(subject.appearance.corners.reshape(-1, 3), axis=0)),
        "bounds": _bounds(subject.low, subject.high),
        "cameras": [
            {
                "name": camera.name,
                "position": _rounded(camera.position),
                "target": _rounded(camera.target),
                "fov_deg": camera.fov_deg,
            }
            for camera in scene.cameras
        ],
        "sun": {
            "direction": _rounded(scene.sun.direction),
            "color": light.SUN_COLOR,
            "intensity": light.SUN_INTENSITY,
        },
        "sky": {"zenith": light.ZENITH, "horizon": light.HORIZON, "ground": light.GROUND},
        "haze": {"color": light.HAZE_COLOR, "near_m": light.HAZE_NEAR_M, "far_m": light.HAZE_FAR_M},
        "solids": [_bounds(solid.low, solid.high) for solid in scene.solids],
    }


def _bounds(low: NDArray[np.float64], high: NDArray[np.float64]) -> dict[str, list[float]]:
    return {"min": _rounded(low), "max": _rounded(high)}


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 4) for value in values]
