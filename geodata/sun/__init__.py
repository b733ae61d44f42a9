"""Sun and sight among buildings, by rays: hours of sun, hours lost to a proposal, views newly hidden."""

from geodata.sun.assessment import Sunlight
from geodata.sun.blocks import block_triangles
from geodata.sun.checks import sun_check, view_check
from geodata.sun.hours import hours_lost, sample_grid, sun_hours, surrounding_area
from geodata.sun.occluders import Occluders
from geodata.sun.outlook import Outlook
from geodata.sun.path import SunPath, sun_at, sun_path, winter_solstice
from geodata.sun.standing import standing_triangles
from geodata.sun.views import ViewLoss, view_blocking

__all__ = [
    "Occluders",
    "Outlook",
    "SunPath",
    "Sunlight",
    "ViewLoss",
    "block_triangles",
    "hours_lost",
    "sample_grid",
    "standing_triangles",
    "sun_at",
    "sun_check",
    "sun_hours",
    "sun_path",
    "surrounding_area",
    "view_blocking",
    "view_check",
    "winter_solstice",
]
