"""Write buildings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.buildings.standing import Surveyed, is_better, is_still, standing_readings
from civic.buildings.tables import Building
from civic.kernel.db import clean_text
from geodata.plateau.identity import Naming
from geodata.shapes import to_wkb


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


def record_import(session: AsyncSession, actor: str, file: str, counts: Counts, now: datetime) -> None:
    """Write to the audit trail that a file was imported, as far as it could be read."""
    record(session, actor, "buildings.imported", file, now, **asdict(counts))


async def _save_alike(session: AsyncSession, naming: Naming, group: Sequence[Surveyed], now: datetime) -> Counts:
    """Save buildings of one survey that are named in the same way."""
    saving = _Saving(naming, now)
    for one, standing in zip(group, await standing_readings(session, naming, group), strict=True):
        saving.save(one, standing)
    for building in saving.gone.values():
        await session.delete(building)
    await session.flush()  # what was replaced goes before what replaces it comes: an id may be both
    if saving.new:
        columns = [{**fields, "imported_at": now} for fields in saving.new.values()]
        await session.exec(insert(Building), params=columns)
    return saving.counts


@dataclass
class _Saving:
    """What becomes of buildings that are named in the same way, and of those that stood in their places."""

    naming: Naming
    now: datetime
    counts: Counts = field(default_factory=Counts)
    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: dict[str, Building] = field(default_factory=dict)

    def save(self, one: Surveyed, standing: Sequence[Building]) -> None:
        """Save one building, of which these readings stand."""
        fields = _fields(one)
        others = {found.source_id: found for found in standing if self._is_still(found, one)}
        mine = others.pop(one.source_id, None)
        if any(is_better(found, self.naming) for found in (mine, *others.values()) if found):
            self.counts.unchanged += 1
            return
        self.gone |= others
        if mine is not None:
            self._count_change(_bring_to(mine, fields, self.now) or bool(others))
        else:
            self._add(fields, bool(others), recovered=one.record.recovered)

    def _is_still(self, building: Building, one: Surveyed) -> bool:
        return building.source_id not in self.gone and is_still(building, self.naming, one)

    def _add(self, fields: dict[str, Any], replaces: bool, *, recovered: bool) -> None:
        before = self.new.get(fields["source_id"])
        self.new[fields["source_id"]] = fields
        if before is not None or replaces:
            self._count_change(before != fields)
        else:
            self.counts.imported += 1
            self.counts.recovered += recovered

    def _count_change(self, changed: bool) -> None:
        if changed:
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1


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
        "source_id": surveyed.source_id,
        "building_id": read.building_id,
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
