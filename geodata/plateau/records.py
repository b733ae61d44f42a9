"""What is read of one building, whatever the file's format."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.plateau.errors import reject_building
from geodata.shapes import JAPAN_LAT, JAPAN_LON

HeightSource = Literal["measured", "lod1", "parts", "storeys", "assumed"]
FootprintSource = Literal["lod0_footprint", "lod0_roof_edge", "lod1", "lod2", "outline"]

STOREY_M = 3.2
HIGHEST_M = 1_000.0
MOST_STOREYS = 200
LONGEST_TEXT = 200
WIDEST_DEG = 0.02
"""About 2 km: wider than any building, so a search by longitude need not look further west."""


@dataclass(frozen=True)
class BuildingRecord:
    """One building as surveyed.

    ``source_id`` is the file's own, ``building_id`` the number of the city (``13104-bldg-9512``) where it is told.
    ``footprint`` is in lon/lat degrees (JGD2011); ``height_m`` stands on ``ground_m``, metres above Tokyo Peil.
    ``height_source`` tells how the height is known: ``measured``; the vertical extent of the ``lod1`` solid; the
    highest of its measured ``parts``; ``storeys`` of 3.2 m; or ``assumed``, one storey where nothing is known.
    ``recovered``: the file is damaged here (a prefix that nobody declared, an outline that crosses itself), and
    the building could be read all the same.
    """

    source_id: str
    footprint: BaseGeometry
    footprint_source: FootprintSource
    height_m: float
    height_source: HeightSource
    ground_m: float | None = None
    storeys: int | None = None
    usage: str | None = None
    building_id: str | None = None
    recovered: bool = False

    @property
    def is_citygml(self) -> bool:
        """Whether it was read from CityGML, not from an outline alone."""
        return self.footprint_source != "outline"


@dataclass(frozen=True)
class RejectedBuilding:
    """A building that cannot be used; the id is empty where it has none."""

    source_id: str
    code: str
    message_ja: str
    message_en: str


BuildingRead = BuildingRecord | RejectedBuilding


def known_text(text: object) -> str:
    """A name or code of at most 200 printable characters; empty for anything else."""
    found = str(text).strip() if isinstance(text, str | int) else ""
    return found if found.isprintable() and len(found) <= LONGEST_TEXT else ""


def known_height(text: object) -> float | None:
    """A height in metres; None for what is none, such as PLATEAU's -9999 for "unknown"."""
    height = _number(text)
    return height if height is not None and 0 < height <= HIGHEST_M else None


def known_storeys(text: object) -> int | None:
    """A number of storeys; None for what is none, such as PLATEAU's 9999 for "unknown"."""
    storeys = _number(text)
    return int(storeys) if storeys is not None and 1 <= storeys <= MOST_STOREYS else None


def height_of_storeys(storeys: int | None) -> tuple[float, HeightSource]:
    """The height where nobody measured: 3.2 m a storey; of one storey when even that is not known."""
    if storeys is None:
        return STOREY_M, "assumed"
    return round(storeys * STOREY_M, 3), "storeys"


def whole(geometry: BaseGeometry) -> BaseGeometry:
    """The areas of a geometry, valid and without heights; empty when there are none."""
    flat = shapely.force_2d(geometry)
    if flat.is_valid and flat.geom_type in ("Polygon", "MultiPolygon"):
        return flat
    parts = shapely.get_parts(shapely.make_valid(flat))
    nested = [shapely.get_parts(part) if part.geom_type == "GeometryCollection" else [part] for part in parts]
    areas = [part for group in nested for part in group if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(areas)


def require_in_japan(lonlat: NDArray[np.float64]) -> None:
    """BuildingRejected unless every row (lon, lat) is finite and within Japan; swapped degrees are not."""
    if not np.isfinite(lonlat).all():
        reject_building("bad_position")
    low, high = (JAPAN_LON[0], JAPAN_LAT[0]), (JAPAN_LON[1], JAPAN_LAT[1])
    outside = ((lonlat < low) | (lonlat > high)).any(axis=1)
    if outside.any():
        lon, lat = lonlat[int(outside.argmax())]
        reject_building("outside_japan", lon=f"{lon:.7g}", lat=f"{lat:.7g}")


def require_one_building(footprint: BaseGeometry) -> BaseGeometry:
    """The footprint; BuildingRejected when it covers nothing, or more than a building can."""
    if footprint.is_empty or footprint.area == 0:
        reject_building("no_footprint")
    west, south, east, north = footprint.bounds
    if max(east - west, north - south) > WIDEST_DEG:
        reject_building("too_wide", limit=WIDEST_DEG)
    return footprint


def _number(text: object) -> float | None:
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
