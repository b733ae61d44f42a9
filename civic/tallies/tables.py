"""Computed results and what people decided beside them."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json, UtcDateTime


class Tally(SQLModel, table=True):
    """The frozen result of a sealed ballot, with the hash of everything that went in."""

    __tablename__ = "tally"

    ballot_id: int = Field(foreign_key="ballot.id", primary_key=True, sa_type=BigInt)
    computed_at: datetime = Field(sa_type=UtcDateTime)
    report: dict[str, Any] = Field(sa_type=Json)
    inputs_sha256: str = Field(sa_type=CleanText)


class Decision(SQLModel, table=True):
    """What people decided, with their reason; it never replaces the computed result."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    ballot_id: int = Field(foreign_key="ballot.id", unique=True, sa_type=BigInt)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(sa_type=CleanText)
    selected: list[dict[str, Any]] = Field(sa_type=Json)
    reason: str = Field(sa_type=CleanText)
    differs: bool
