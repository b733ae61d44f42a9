"""Workshops and their groups."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json


class Workshop(SQLModel, table=True):
    """A session on one day (Japanese calendar date)."""

    __tablename__ = "workshop"
    __table_args__ = (UniqueConstraint("programme_id", "slug", name="workshop_slug"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    programme_id: int = Field(foreign_key="programme.id", sa_type=BigInt)
    slug: str = Field(sa_type=CleanText)
    day: date
    title: dict[str, str] = Field(sa_type=Json)
    position: int


class Group(SQLModel, table=True):
    """People at one table."""

    __tablename__ = "workshop_group"
    __table_args__ = (UniqueConstraint("workshop_id", "slug", name="workshop_group_slug"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    workshop_id: int = Field(foreign_key="workshop.id", sa_type=BigInt)
    slug: str = Field(sa_type=CleanText)
    title: dict[str, str] = Field(sa_type=Json)
    position: int
