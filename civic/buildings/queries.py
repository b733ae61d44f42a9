"""Reads of buildings."""

import math
from collections.abc import Iterable, Sequence

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.buildings.tables import Building
from geodata import placement
from geodata.crs import geometry_to_plane, points_to_plane
from geodata.plateau.identity import Naming
from geodata.plateau.records import WIDEST_DEG
from geodata.shapes import from_wkb

SHORTEST_DEGREE_M = 110_500.0
"""A degree of latitude in the south of Japan, rounded down; the latitude's cosine makes one of longitude of it."""


Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


async def buildings_by_source(session: AsyncSession, source_ids: Iterable[str]) -> dict[str, Building]:
    """The buildings of these source ids that there are, by source id."""
    wanted = select(Building).where(col(Building.source_id).in_(set(source_ids)))
    return {building.source_id: building for building in (await session.exec(wanted)).all()}


async def buildings_by_number(session: AsyncSession, building_ids: Iterable[str]) -> dict[str, Building]:
    """A building of each of these numbers of a city (建物ID) that there is, by number."""
    wanted = select(Building).where(col(Building.building_id).in_(set(building_ids)))
    return {building.building_id or "": building for building in (await session.exec(wanted)).all()}


async def buildings_named_otherwise(session: AsyncSession, box: Box, naming: Naming) -> list[Building]:
    """The buildings that may reach into a box whose names cannot be compared with such ones.

    They are of another year, or of no kind of name that both have; only their place tells which they are.
    """
    same_year = col(Building.data_year).is_not_distinct_from(naming.data_year)
    wanted = select(Building).where(_in_box(box), ~(same_year & _named_like(naming)))
    return list((await session.exec(wanted)).all())


async def buildings_near(session: AsyncSession, area: BaseGeometry, within_m: float) -> list[Building]:
    """The buildings at most this many metres from an area given in lon/lat, or standing in it."""
    wanted = select(Building).where(_in_box(_box(area, within_m)))
    boxed = (await session.exec(wanted.order_by(col(Building.source_id)))).all()
    return _within(boxed, geometry_to_plane(area), within_m)


async def data_year(session: AsyncSession) -> int | None:
    """The year that can be promised of the buildings: the oldest; None when no year is known."""
    return (await session.exec(select(func.min(col(Building.data_year))))).one()


def for_placement(buildings: Iterable[Building]) -> list[placement.Building]:
    """The same buildings as the checks of a placement take them."""
    return [
        placement.Building(
            id=building.source_id,
            footprint=from_wkb(building.footprint),
            height_m=building.height_m,
            ground_m=building.ground_m,
        )
        for building in buildings
    ]


def _in_box(box: Box) -> ColumnElement[bool]:
    west, south, east, north = box
    return and_(
        col(Building.min_lon).between(west - WIDEST_DEG, east),
        col(Building.max_lon) >= west,
        col(Building.min_lat) <= north,
        col(Building.max_lat) >= south,
    )


def _named_like(naming: Naming) -> ColumnElement[bool]:
    """Whether a building has a kind of name that these have too."""
    is_citygml, is_numbered = col(Building.footprint_source) != "outline", col(Building.building_id).is_not(None)
    if naming.is_citygml:
        return or_(is_citygml, is_numbered) if naming.is_numbered else is_citygml
    return is_numbered if naming.is_numbered else ~is_citygml & ~is_numbered


def _within(buildings: Sequence[Building], area: BaseGeometry, within_m: float) -> list[Building]:
    """Those within so many metres of the area, which is in plane metres."""
    footprints = shapely.from_wkb([building.footprint for building in buildings])
    near = shapely.distance(shapely.transform(footprints, points_to_plane), area) <= within_m
    return [building for building, is_near in zip(buildings, near, strict=True) if is_near]


def _box(area: BaseGeometry, within_m: float) -> Box:
    """A box around everything within so many metres of the area."""
    west, south, east, north = area.bounds
    high = within_m / SHORTEST_DEGREE_M
    wide = high / math.cos(math.radians(north + high))
    return west - wide, south - high, east + wide, north + high
