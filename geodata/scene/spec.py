"""What a scene is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from shapely.geometry import Polygon

from geodata.glb_writer import Mesh
from geodata.placement import Placement
from geodata.scene.light import CARD_SUN, Sun

LandType = Literal["park", "plaza", "indoor_plaza", "private_open_space", "road"]


@dataclass(frozen=True)
class SceneSpec:
    """A proposal and its place.

    `model` are the bytes of a GLB that passed the gate; `boundary` is the site in lon/lat degrees; `level` is the
    site's (`ground`, `underground`, `deck` …); `blocks` are the towers around, in the scene's frame: x = east,
    y = up, z = south, metres from the placement at the site's ground; `buildings` are surveyed ones, shown plain.
    Cameras, plants and people stand as on the afternoon of the cards, wherever the sun is: so pictures of one
    place at several hours can be compared.
    """

    model: bytes
    placement: Placement
    boundary: Polygon
    level: str = "ground"
    land_type: LandType | None = None
    blocks: Sequence[Mesh] = field(default=())
    buildings: Sequence[Mesh] = field(default=())
    sun: Sun = CARD_SUN
