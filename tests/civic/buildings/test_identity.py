"""One building under several names: of different files, kinds of files and years, imported in any order."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
import shapely
from sqlmodel import select
from support.installation import TestClock, installation
from support.shared import shared

from civic.buildings.actions import Counts, save_buildings
from civic.buildings.standing import Surveyed
from civic.buildings.tables import Building
from geodata.crs import geometry_to_lonlat, to_plane
from geodata.plateau.files import read_file
from geodata.plateau.records import BuildingRecord

EAST, NORTH = to_plane(139.69, 35.69)
NUMBER = "13104-bldg-7"


def block(west_m: float, wide_m: float = 10.0):
    """A rectangle 10 m deep that begins so many metres east of 139.69 E 35.69 N, in lon/lat."""
    return geometry_to_lonlat(shapely.box(EAST + west_m, NORTH, EAST + west_m + wide_m, NORTH + 10))


def outline(source_id: str, footprint=None, year: int | None = 2020, number: str | None = None) -> Surveyed:
    """A building of GeoJSON."""
    drawn = block(0) if footprint is None else footprint
    return Surveyed(BuildingRecord(source_id, drawn, "outline", 9.0, "measured", building_id=number), None, year)


def citygml(source_id: str, footprint=None, year: int | None = 2020, number: str | None = None) -> Surveyed:
    """A building of CityGML."""
    one = outline(source_id, footprint, year, number)
    return replace(one, record=replace(one.record, footprint_source="lod0_roof_edge"))


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


async def standing(database) -> list[str]:
    async with database.reading() as session:
        return sorted((await session.exec(select(Building.source_id))).all())


PAIRS = {
    "the same number": (outline(NUMBER, block(300), number=NUMBER), citygml("bldg_a", number=NUMBER)),
    "no name in common": (outline("way/5"), citygml("bldg_a")),
    "a number and none, 6 of 10 m shared": (outline(NUMBER, block(4), number=NUMBER), citygml("bldg_a")),
    "a shed under the roof of the other": (outline("way/5", block(2, 3)), citygml("bldg_a")),
    "a later year, another id": (citygml("bldg_0"), citygml("bldg_a", block(1), 2023)),
    "a later year, an outline": (citygml("bldg_0"), outline("bldg_a", block(1), 2023)),
    "a year, and none told": (citygml("bldg_0", year=None), outline("bldg_a")),
    "the same id, a later year": (citygml("bldg_a"), citygml("bldg_a", block(50), 2023)),
}


@pytest.mark.parametrize(("worse", "better"), PAIRS.values(), ids=PAIRS.keys())
async def test_the_better_reading_stands_whatever_comes_first(database, clock, worse, better):
    """By year first, then CityGML before an outline."""
    assert await save(database, clock, worse) == Counts(imported=1)
    assert await save(database, clock, better) == Counts(updated=1)
    assert await standing(database) == ["bldg_a"]
    assert await save(database, clock, worse) == Counts(unchanged=1)
    assert await save(database, clock, better) == Counts(unchanged=1)
    assert await standing(database) == ["bldg_a"]


TWO = {
    "4 of 10 m shared": (outline("way/5", block(6)), citygml("bldg_a")),
    "side by side": (outline("way/5", block(10)), citygml("bldg_a")),
    "one file, one above the other": (citygml("bldg_b", block(2, 3)), citygml("bldg_a")),
    "one file, one number twice": (citygml("bldg_b", block(2, 3), 2020, NUMBER), citygml("bldg_a", number=NUMBER)),
    "two numbers, one place": (outline("13104-bldg-8", number="13104-bldg-8"), citygml("bldg_a", number=NUMBER)),
}


@pytest.mark.parametrize(("one", "other"), TWO.values(), ids=TWO.keys())
@pytest.mark.parametrize("apart", [False, True])
async def test_two_buildings_stay_two(database, clock, one, other, apart):
    if apart:
        assert await save(database, clock, one) == await save(database, clock, other) == Counts(imported=1)
    else:
        assert await save(database, clock, one, other) == Counts(imported=2)
    assert await save(database, clock, other, one) == Counts(unchanged=2)


async def test_a_tower_takes_the_place_of_what_stood_there(database, clock):
    """Three houses of 2020, of which the tower of 2023 covers two; asked again, 2020 brings none of them back."""
    houses = [citygml(f"house-{m}", block(m, 8)) for m in (0, 10, 20)]
    assert await save(database, clock, *houses) == Counts(imported=3)
    tower = citygml("tower", block(0, 19), 2023)
    assert await save(database, clock, tower) == Counts(updated=1)
    assert await standing(database) == ["house-20", "tower"]
    assert await save(database, clock, *houses) == Counts(unchanged=3)
    assert await standing(database) == ["house-20", "tower"]


async def test_a_survey_in_any_order_leaves_the_same_buildings(database, clock):
    """A kiosk under a roof, both known in 2020 and 2023, and one of them to the outlines of 2020."""
    old = [citygml("roof"), citygml("kiosk", block(2, 3))]
    new = [citygml("kiosk", block(2, 3), 2023), citygml("roof-2", year=2023)]
    for order in itertools.permutations([old, new, new[::-1], [outline("way/5", block(2, 3))]]):
        for file in order:
            counts = await save(database, clock, *file)
            assert counts.imported + counts.updated + counts.unchanged == len(file)
        assert await standing(database) == ["kiosk", "roof-2"]


def surveys(path: Path) -> list[Surveyed]:
    """A file of real buildings."""
    return [
        Surveyed(building, survey.mesh, survey.year or 2020)
        for building, survey in read_file(path)
        if isinstance(building, BuildingRecord)
    ]


def as_outline(one: Surveyed, name: str, number: str | None) -> Surveyed:
    """The same building as a file of footprints would have it."""
    outlined = replace(one.record, source_id=name, building_id=number, footprint_source="outline")
    return replace(one, record=outlined)


@pytest.mark.parametrize("numbered", [True, False])
async def test_real_buildings_in_both_kinds_of_file_are_no_more(database, clock, numbered):
    detailed = surveys(shared("geodata/plateau_yokosuka_52397519_bldg.gml"))
    assert {one.record.building_id is not None for one in detailed} == {True}
    numbers = [one.record.building_id if numbered else None for one in detailed]
    flat = [
        as_outline(one, number or f"w{i}", number)
        for i, (one, number) in enumerate(zip(detailed, numbers, strict=True))
    ]
    assert await save(database, clock, *flat) == Counts(imported=13)
    assert await save(database, clock, *detailed) == Counts(updated=13)
    assert await save(database, clock, *flat) == Counts(unchanged=13)
    assert await standing(database) == sorted(one.source_id for one in detailed)


async def test_real_footprints_of_one_survey_are_never_taken_for_one_another(database, clock):
    """367 of 5,094 are in both files."""
    city = surveys(shared("geodata/west_shinjuku_buildings_2020.geojson"))
    around = surveys(shared("geodata/tocho_450m_buildings_2020.geojson"))
    assert await save(database, clock, *city) == Counts(imported=5094)
    assert await save(database, clock, *around) == Counts(unchanged=367)
