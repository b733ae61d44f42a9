"""The scene of a proposal in its place: what stands where, shared by the pictures and the 3D view."""

from geodata.scene.cameras import CAMERAS, EYES, Camera
from geodata.scene.document import scene_document
from geodata.scene.light import CARD_SUN, Sun
from geodata.scene.scene import Scene, build_alone, build_scene
from geodata.scene.spec import LandType, SceneSpec
from geodata.scene.surroundings import surroundings_glb

__all__ = [
    "CAMERAS",
    "CARD_SUN",
    "EYES",
    "Camera",
    "LandType",
    "Scene",
    "SceneSpec",
    "Sun",
    "build_alone",
    "build_scene",
    "scene_document",
    "surroundings_glb",
]
