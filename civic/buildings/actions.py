"""Write buildings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.buildings.queries import buildings_by_source
from civic.buildings.tables import Building
from civic.kernel.db import clean_text
from geodata.plateau.records import BuildingRecord
from geodata.shapes import to_wkb


@dataclass(frozen=True)
class Surveyed:
    """A building as read, and what is known of the survey it is from."""

    record: BuildingRecord
    mesh: str | None
    data_year: int | None


@dataclass
class Counts:
    """What became of the buildings of a file; ``recovered`` are those imported from a damaged place."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    recovered: int = 0

    def add(self, others: "Counts") -> None:
        """Count these too."""
        for name, number in asdict(others).items():
            setattr(self, name, getattr(self, name) + number)


async def save_buildings(session: AsyncSession, surveyed: Sequence[Surveyed], now: datetime) -> Counts:
    """Make these buildings, or bring those that stand already to what was surveyed now.

    A building that stands in a better reading (``Naming.rank``) stays as it is. A source id may come more than
    once: the last one stands.
    """
    counts = Counts()
    alike: dict[Naming, list[Surveyed]] = {}
    for one in surveyed:
        alike.setdefault(one.naming, []).append(one)
    for naming, group in alike.items():
        counts.add(await _save_alike(session, naming, group, now))
    return counts


async def _save_alike(session: AsyncSession, naming: Naming, group: Sequence[Surveyed], now: datetime) -> Counts:
    """Save buildings of one survey that are named in the same way."""
    counts = Counts()
    known = await known_buildings(session, naming, [one.record for one in group])
    new: dict[str, dict[str, Any]] = {}
    for one, standing in zip(group, known, strict=True):
        fields = _fields(one)
        source_id = fields["source_id"]
        replaced = [building for building in standing if building.source_id != source_id]
        
    return counts


def record_import(session: AsyncSession, actor: str, file: str, counts: Counts, now: datetime) -> None:
    """Write to the audit trail that a file was imported, as far as it could be read."""
    record(session, actor, "buildings.imported", file, now, **asdict(counts))


def _count_change(counts: Counts, changed: bool) -> None:
    if changed:
        counts.updated += 1
    else:
        counts.unchanged += 1


def _bring_to(building: Building, fields: dict[str, Any], now: datetime) -> bool:
    """Whether anything of the building had to be changed."""
    changed = {name: value for name, value in fields.items() if getattr(building, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(building, name, value)
        building.imported_at = now
    return bool(changed)


def _fields(surveyed: Surveyed) -> dict[str, Any]:
    """The columns as the database will give them back, so that two imports of one file are the same."""
    read = surveyed.record
    min_lon, min_lat, max_lon, max_lat = read.footprint.bounds
    return {
        "source_id": clean_text(read.source_id),
        "footprint": to_wkb(read.footprint),
        "footprint_source": read.footprint_source,
        "min_lon": min_lon,
        "min_lat": min_lat,
        "max_lon": max_lon,
        "max_lat": max_lat,
        "height_m": read.height_m,
        "height_source": read.height_source,
        "ground_m": read.ground_m,
        "storeys": read.storeys,
        "usage": clean_text(read.usage) if read.usage else None,
        "mesh": surveyed.mesh,
        "data_year": surveyed.data_year,
    }
