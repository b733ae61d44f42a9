"""Which buildings of the database newly surveyed ones are, however either names them."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.buildings.queries import buildings_by_number, buildings_by_source, buildings_named_otherwise
from civic.buildings.tables import Building
from civic.kernel.db import clean_text
from geodata.plateau.identity import Naming, same_places
from geodata.plateau.records import BuildingRecord
from geodata.shapes import from_wkb


@dataclass(frozen=True)
class Surveyed:
    """A building as read, and what is known of the survey it is from."""

    record: BuildingRecord
    mesh: str | None
    data_year: int | None

    @property
    def source_id(self) -> str:
        """Its id as the database writes it."""
        return clean_text(self.record.source_id)

    @property
    def naming(self) -> Naming:
        """How it is named."""
        return Naming(self.data_year, self.record.is_citygml, self.record.building_id is not None)


async def standing_readings(
    session: AsyncSession, naming: Naming, group: Sequence[Surveyed]
) -> list[list[Building]]:
    """For each of these, all named in one way, the readings of the same building that stand."""
    by_source = await buildings_by_source(session, [one.source_id for one in group])
    by_number = await buildings_by_number(session, [number for one in group if (number := one.record.building_id)])
    placed = await _in_their_places(session, naming, group)
    readings = []
    for one, there in zip(group, placed, strict=True):
        named = [by_source.get(one.source_id), by_number.get(one.record.building_id or "")]
        known = [building for building in (*named, *there) if building is not None]
        readings.append(list({building.source_id: building for building in known}.values()))
    return readings


def is_still(building: Building, naming: Naming, one: Surveyed) -> bool:
    """Whether a reading, perhaps brought up to date meanwhile, can be of the same building.

    Named in the same way it is only under the same name; in CityGML that is its id, for a number comes twice.
    """
    if building.source_id == one.source_id or _naming(building) != naming:
        return True
    return naming.is_numbered and not naming.is_citygml and building.building_id == one.record.building_id


def is_better(building: Building, naming: Naming) -> bool:
    """Whether a reading that stands is better than one named so."""
    return _naming(building).rank > naming.rank


def _naming(building: Building) -> Naming:
    return Naming(building.data_year, building.footprint_source != "outline", building.building_id is not None)


async def _in_their_places(
    session: AsyncSession, naming: Naming, group: Sequence[Surveyed]
) -> list[list[Building]]:
    """The readings where each of these stands, of those that no name can tell."""
    drawn = [one.record.footprint for one in group]
    rivals = await buildings_named_otherwise(session, _box_around(drawn), naming)
    placed: list[list[Building]] = [[] for _ in group]
    for one, other in same_places(drawn, [from_wkb(building.footprint) for building in rivals]):
        placed[one].append(rivals[other])
    return placed


def _box_around(footprints: Sequence[BaseGeometry]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(footprints).tolist()
    return west, south, east, north
