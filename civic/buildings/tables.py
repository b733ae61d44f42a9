"""Buildings."""

from datetime import datetime
from typing import get_args

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, UtcDateTime, choice
from geodata.plateau.records import FootprintSource, HeightSource


class Building(SQLModel, table=True):
    """One building as surveyed best: of the latest year, of the same year in CityGML.

    ``source_id`` is its id in the file, ``building_id`` the number that the city gives it (建物ID), where told.
    ``footprint`` is WKB in lon/lat (JGD2011), its box beside it in degrees. ``height_m`` stands on ``ground_m``,
    metres above Tokyo Peil, None where the data does not tell. ``height_source`` says how far to trust the height
    (geodata.plateau.records). ``mesh`` and ``data_year`` are those of the file, None where it did not tell.
    """

    __tablename__ = "building"
    __table_args__ = (Index("building_box", "min_lon", "min_lat", "max_lon", "max_lat"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    source_id: str = Field(sa_type=CleanText, unique=True)
    building_id: str | None = Field(default=None, sa_type=CleanText, index=True)
    footprint: bytes = Field(sa_type=LargeBinary)
    footprint_source: str = Field(sa_type=choice("building_footprint_source", *get_args(FootprintSource)))
    min_lon: float
    min_lat: float
    max_lon: float
    max_lat: float
    height_m: float
    height_source: str = Field(sa_type=choice("building_height_source", *get_args(HeightSource)))
    ground_m: float | None = None
    storeys: int | None = None
    usage: str | None = Field(default=None, sa_type=CleanText)
    mesh: str | None = Field(default=None, sa_type=CleanText)
    data_year: int | None = None
    imported_at: datetime = Field(sa_type=UtcDateTime)
