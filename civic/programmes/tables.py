"""Programmes, their stages, and which sites they use."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json, UtcDateTime, choice

STAGE_KINDS = ("intake", "session", "review", "ballot", "decision", "delivery", "feedback")


class Programme(SQLModel, table=True):
    """One participation season. ``source`` names the stored programme file it was last loaded from."""

    __tablename__ = "programme"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    slug: str = Field(sa_type=CleanText, unique=True)
    title: dict[str, str] = Field(sa_type=Json)
    area: bytes = Field(sa_type=LargeBinary)
    files: dict[str, Any] = Field(sa_type=Json)
    source: str = Field(sa_type=CleanText)


class Stage(SQLModel, table=True):
    """A part of the season: its kind says what may be written, its window says when (half-open, UTC)."""

    __tablename__ = "stage"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    programme_id: int = Field(foreign_key="programme.id", sa_type=BigInt, index=True)
    position: int
    kind: str = Field(sa_type=choice("stage_kind", *STAGE_KINDS))
    opens_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)


class ProgrammeSite(SQLModel, table=True):
    """A site that a programme uses, in the order of its file."""

    __tablename__ = "programme_site"

    programme_id: int = Field(foreign_key="programme.id", primary_key=True, sa_type=BigInt)
    site_id: int = Field(foreign_key="site.id", primary_key=True, sa_type=BigInt)
    position: int
