"""A scene's pictures, by the name of the camera."""

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.pictures.encode import jpeg, middle_square
from geodata.pictures.render import render
from geodata.pictures.stage import Stage
from geodata.scene.cameras import EYES
from geodata.scene.scene import Scene

WIDTH, HEIGHT = 1024, 768
EYES_SHARE = 5 / 8
"""Pictures of other eyes stand beside each other, so they are smaller: 640 x 480."""


@dataclass(frozen=True)
class Picture:
    """One rendering as two JPEG files: 4:3, and the square in its middle for cards."""

    wide: bytes
    square: bytes


def draw_all(scene: Scene, names: Sequence[str], width: int = WIDTH, height: int = HEIGHT) -> dict[str, Picture]:
    """Draw the pictures of some cameras, each once, cut twice; raises KeyError for an unknown camera.

    Those of other eyes come out at five eighths of the size. The same scene gives the same bytes.
    """
    stage, cameras = Stage(scene), [scene.camera(name) for name in names]
    drawn = ((camera.name, render(stage, camera, *_size(camera.name, width, height))) for camera in cameras)
    return {name: Picture(jpeg(pixels), jpeg(middle_square(pixels))) for name, pixels in drawn}


def draw(scene: Scene, camera_name: str, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Draw a 4:3 picture as JPEG; raises KeyError for an unknown camera."""
    return draw_all(scene, [camera_name], width, height)[camera_name].wide


def _size(camera: str, width: int, height: int) -> tuple[int, int]:
    return (round(width * EYES_SHARE), round(height * EYES_SHARE)) if camera in EYES else (width, height)
