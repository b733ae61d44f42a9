"""Residents. No time of any vote stands here, and no vote knows a resident."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, UtcDateTime


class Resident(SQLModel, table=True):
    """A LINE friend, made by a follow event (a vote alone makes no row)."""

    __tablename__ = "resident"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    line_id_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    line_id_sealed: bytes = Field(sa_type=LargeBinary)
    language: str = Field(default="ja", sa_type=CleanText)
    follows: bool = True
    follow_changed_ms: int = Field(sa_type=BigInt)
    consent_version: str | None = Field(default=None, sa_type=CleanText)
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
