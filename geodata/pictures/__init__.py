"""Pictures of a proposal in its place, drawn by ray casting without a graphics card."""

from geodata.pictures.drawing import Picture, draw, draw_all
from geodata.pictures.job import RENDERER_VERSION, inputs_sha256, run_job
from geodata.scene.cameras import CAMERAS

__all__ = ["CAMERAS", "RENDERER_VERSION", "Picture", "draw", "draw_all", "inputs_sha256", "run_job"]
