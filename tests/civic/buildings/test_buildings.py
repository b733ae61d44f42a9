"""Buildings in the database: made, brought up to date, found again by place."""

from __future__ import annotations

from dataclasses import replace

import pytest
import pytest_asyncio
import shapely
from support.installation import TestClock, installation

from civic.audit.queries import latest_entries
from civic.buildings.actions import Counts, record_import, save_buildings
from civic.buildings.queries import buildings_by_source, buildings_near, data_year, for_placement
from civic.buildings.standing import Surveyed
from geodata.crs import geometry_to_lonlat, to_plane
from geodata.plateau.records import BuildingRecord

LON, LAT = 139.69, 35.69
EAST, NORTH = to_plane(LON, LAT)


def block(east_m: float, north_m: float, wide_m: float = 10.0, high_m: float = 10.0):
    """A rectangle whose south-west corner stands so many metres from 139.69 E 35.69 N, in lon/lat."""
    west, south = EAST + east_m, NORTH + north_m
    return geometry_to_lonlat(shapely.box(west, south, west + wide_m, south + high_m))


def surveyed(source_id: str, footprint=None, year: int | None = 2020, **facts) -> Surveyed:
    record = BuildingRecord(source_id, footprint or block(0, 0), "outline", 12.5, "measured")
    return Surveyed(replace(record, **facts), "53394525", year)


@pytest.fixture
def clock():
    return TestClock()


@pytest_asyncio.fixture
async def database(database_url, tmp_path, clock):
    async with installation(database_url, tmp_path, clock) as context:
        yield context.database


async def save(database, clock, *buildings: Surveyed) -> Counts:
    async with database.writing() as session:
        return await save_buildings(session, buildings, clock())


async def near(database, area, within_m: float) -> list[str]:
    async with database.reading() as session:
        return [building.source_id for building in await buildings_near(session, area, within_m)]


async def test_what_was_surveyed_comes_back(database, clock):
    one = surveyed("b1", ground_m=33.5, storeys=3, usage="422", height_source="lod1", footprint_source="lod2")
    assert await save(database, clock, one) == Counts(imported=1)
    async with database.reading() as session:
        stored = (await buildings_by_source(session, ["b1"]))["b1"]
    assert (stored.height_m, stored.height_source, stored.footprint_source) == (12.5, "lod1", "lod2")
    assert (stored.ground_m, stored.storeys, stored.usage) == (33.5, 3, "422")
    assert (stored.mesh, stored.data_year, stored.imported_at) == ("53394525", 2020, clock())
    [building] = for_placement([stored])
    assert (building.id, building.height_m, building.ground_m) == ("b1", 12.5, 33.5)
    assert building.footprint.equals(one.record.footprint)


async def test_the_same_again_changes_nothing(database, clock):
    one, other = (
        surveyed("b1", ground_m=33.123, usage="か\u3099"),
        surveyed("b2"),
    )  # a letter that NFC puts together
    assert await save(database, clock, one, other) == Counts(imported=2)
    before = clock()
    clock.pass_by(days=1)
    assert await save(database, clock, other, one) == Counts(unchanged=2)
    async with database.reading() as session:
        assert (await buildings_by_source(session, ["b1"]))["b1"].imported_at == before


@pytest.mark.parametrize("change", [{"height_m": 12.6}, {"footprint": block(0, 0, 11)}, {"storeys": 4}])
async def test_a_change_brings_the_building_up_to_date(database, clock, change):
    await save(database, clock, surveyed("b1"), surveyed("b2"))
    clock.pass_by(days=1)
    changed = surveyed("b1", **change)
    assert await save(database, clock, changed, surveyed("b2")) == Counts(updated=1, unchanged=1)
    async with database.reading() as session:
        stored = (await buildings_by_source(session, ["b1"]))["b1"]
    assert (stored.height_m, stored.imported_at) == (changed.record.height_m, clock())
    assert for_placement([stored])[0].footprint.equals(changed.record.footprint)


async def test_of_two_with_one_id_the_last_stands(database, clock):
    twice = [surveyed("b1"), surveyed("b1", height_m=20.0), surveyed("b1", height_m=20.0)]
    assert await save(database, clock, *twice) == Counts(imported=1, updated=1, unchanged=1)
    async with database.reading() as session:
        assert (await buildings_by_source(session, ["b1"]))["b1"].height_m == 20.0


async def test_recovered_buildings_are_counted_when_they_are_new(database, clock):
    recovered = surveyed("b1", recovered=True)
    assert await save(database, clock, recovered, surveyed("b2")) == Counts(imported=2, recovered=1)
    assert await save(database, clock, recovered) == Counts(unchanged=1)


async def test_near_means_metres_from_outline_to_outline(database, clock):
    """The area ends 10 m east; the blocks begin 12, 30 and 31 m east, so gaps of 2, 20 and 21 m."""
    await save(
        database, clock, *(surveyed(f"at-{m}", block(m, 0)) for m in (12, 30, 31)), surveyed("in", block(2, 2, 1))
    )
    area = block(0, 0)
    assert await near(database, area, 0) == ["in"]
    assert await near(database, area, 2.01) == ["at-12", "in"]
    assert await near(database, area, 20.01) == ["at-12", "at-30", "in"]
    assert await near(database, area, 21.01) == ["at-12", "at-30", "at-31", "in"]


async def test_near_is_no_square(database, clock):
    """9 m east and 9 m north of the corner is 12.7 m away."""
    await save(database, clock, surveyed("corner", block(19, 19)))
    assert await near(database, block(0, 0), 12.7) == []
    assert await near(database, block(0, 0), 12.8) == ["corner"]


async def test_a_building_that_begins_far_west_is_near_too(database, clock):
    """1.7 km wide: its west end is far away, its east end 5 m off."""
    await save(database, clock, surveyed("long", block(-1705, 0, 1700)))
    assert await near(database, block(0, 0), 5.5) == ["long"]


async def test_nothing_is_near_where_nothing_is(database, clock):
    await save(database, clock, surveyed("b1"))
    assert await near(database, block(5_000, 0), 100) == []


async def test_the_year_is_the_oldest(database, clock):
    async with database.reading() as session:
        assert await data_year(session) is None
    years = {0: None, 20: 2023, 40: 2020}
    await save(database, clock, *(surveyed(f"b{m}", block(m, 0), year) for m, year in years.items()))
    async with database.reading() as session:
        assert await data_year(session) == 2020


async def test_an_import_leaves_a_trace(database, clock):
    async with database.writing() as session:
        record_import(session, "cli", "a.gml", Counts(imported=3, rejected=1), clock())
    async with database.reading() as session:
        [entry] = await latest_entries(session, 5)
    assert (entry.verb, entry.subject, entry.data["imported"]) == ("buildings.imported", "a.gml", 3)
