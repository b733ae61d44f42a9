"""The towers around the sites, as plain blocks: what a proposal is seen against.

The table `towers.csv` holds facts only; its header names the sources. A block is a simplification like LOD1: one
box a building, as tall as measured and as large in plan as its footprint.
"""

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from geodata.crs import to_plane
from geodata.glb_writer import Mesh
from geodata.west_shinjuku.generator.shapes import box

TABLE = Path(__file__).with_name("towers.csv")


@dataclass(frozen=True)
class Tower:
    """A building: centre in degrees (JGD2011), sizes in metres, heading clockwise from grid north.

    The depth runs along the heading, the width across it. Names are empty where they are not certain.
    """

    name_ja: str
    name_en: str
    lon: float
    lat: float
    width_m: float
    depth_m: float
    heading_deg: float
    height_m: float


@lru_cache(maxsize=1)
def towers() -> tuple[Tower, ...]:
    """All towers of the table, tallest first."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(_tower(row) for row in csv.DictReader(lines))


def blocks(lon: float, lat: float) -> list[Mesh]:
    """One box a tower, in the frame x = east, y = up, z = south, in metres from the given point.

    All boxes stand on y = 0, the ground of the given point: West Shinjuku is drawn flat.
    """
    origin = to_plane(lon, lat)
    return [_block(tower, origin) for tower in towers()]


def _tower(row: dict[str, str]) -> Tower:
    facts = ("lon", "lat", "width_m", "depth_m", "heading_deg", "height_m")
    return Tower(row["name_ja"], row["name_en"], *(float(row[fact]) for fact in facts))


def _block(tower: Tower, origin: tuple[float, float]) -> Mesh:
    e, n = to_plane(tower.lon, tower.lat)
    turn = math.pi - math.radians(tower.heading_deg)
    frame = np.array(
        [[math.cos(turn), 0.0, math.sin(turn)], [0.0, 1.0, 0.0], [-math.sin(turn), 0.0, math.cos(turn)]]
    )
    solid = box(tower.width_m, tower.height_m, tower.depth_m)
    place = np.array([e - origin[0], 0.0, origin[1] - n])
    return Mesh(solid.positions @ frame.T + place, solid.normals @ frame.T, solid.triangles)
