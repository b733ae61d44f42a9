"""Residents. No time of any vote stands here, and no vote knows a resident."""

from datetime import date, datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json, UtcDateTime


class Resident(SQLModel, table=True):
    """A LINE friend, made by a follow event (a vote alone makes no row).

    ``messages_stopped`` and the rows of ``ResidentOptOut`` keep campaigns away; what the person asks is still
    answered. A number is never given twice, since the frozen list of a campaign names people by it.

    The columns in ms are the times of the events that last changed something (``rules``), so that an older event
    which comes late undoes nothing. Once no event can come so late any more they are blurred to a day.
    """

    __tablename__ = "resident"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    line_id_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    line_id_sealed: bytes = Field(sa_type=LargeBinary)
    language: str = Field(default="ja", sa_type=CleanText)
    follows: bool = True
    follow_changed_ms: int = Field(sa_type=BigInt)
    consent_version: str | None = Field(default=None, sa_type=CleanText)
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    messages_stopped: bool = False
    stopped_ms: int = Field(default=0, sa_type=BigInt)
    resumed_ms: int = Field(default=0, sa_type=BigInt)
    language_changed_ms: int = Field(default=0, sa_type=BigInt)
    relations: list[str] = Field(default_factory=list, sa_type=Json)
    relations_changed_ms: int = Field(default=0, sa_type=BigInt)
    relation_times: dict[str, int] = Field(default_factory=dict, sa_type=Json)


class ResidentOptOut(SQLModel, table=True):
    """What a resident last said about a kind of message: that it is ``refused``, or wanted again.

    Whatever was said before all messages were resumed (``Resident.resumed_ms``) has no row any more.
    """

    __tablename__ = "resident_opt_out"

    resident_id: int = Field(primary_key=True, foreign_key="resident.id", sa_type=BigInt)
    kind: str = Field(primary_key=True, sa_type=CleanText)
    refused: bool = True
    changed_ms: int = Field(default=0, sa_type=BigInt)


class PlaceArrival(SQLModel, table=True):
    """How often the code of a place (on a poster) led somebody here on a day in Japan; never who."""

    __tablename__ = "place_arrival"

    place: str = Field(primary_key=True, sa_type=CleanText)
    day: date = Field(primary_key=True)
    count: int = Field(sa_type=BigInt)


class MessageTester(SQLModel, table=True):
    """A resident who gets campaigns first as a test; ``name`` is what staff call them. Goes with the resident."""

    __tablename__ = "message_tester"

    resident_id: int = Field(primary_key=True, foreign_key="resident.id", sa_type=BigInt)
    name: str = Field(sa_type=CleanText)


class TesterWord(SQLModel, table=True):
    """A word that makes whoever says it in the chat a tester, once."""

    __tablename__ = "message_tester_word"

    word_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    name: str = Field(sa_type=CleanText)
    expires_at: datetime = Field(sa_type=UtcDateTime)
