"""Sites."""

from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json, choice

LEVELS = ("ground", "deck", "underground")


class Site(SQLModel, table=True):
    """A place where something could stand.

    ``boundary`` is WKB in lon/lat (JGD2011); ``ground_m`` is metres above Tokyo Peil; ``files`` keeps the GeoJSON
    files as they were loaded, as ``{"boundary": {"name": …, "sha256": …}, "layers": {…}}``; ``layers`` holds what
    was read from them, ``{"gates": [GeoJSON geometry, …], …}`` in lon/lat (geodata.layers).
    """

    __tablename__ = "site"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    slug: str = Field(sa_type=CleanText, unique=True)
    title: dict[str, str] = Field(sa_type=Json)
    level: str = Field(sa_type=choice("site_level", *LEVELS))
    boundary: bytes = Field(sa_type=LargeBinary)
    ground_m: float
    manager: str | None = Field(default=None, sa_type=CleanText)
    land_type: str | None = Field(default=None, sa_type=CleanText)
    special_regime: str | None = Field(default=None, sa_type=CleanText)
    rules: dict[str, Any] = Field(sa_type=Json)
    files: dict[str, Any] = Field(sa_type=Json)
    layers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class SiteDayUse(SQLModel, table=True):
    """On how many days of a year a site is already given to something else, and to what."""

    __tablename__ = "site_day_use"

    site_id: int = Field(foreign_key="site.id", primary_key=True, sa_type=BigInt)
    year: int = Field(primary_key=True)
    days: int
    note: str = Field(sa_type=CleanText)
