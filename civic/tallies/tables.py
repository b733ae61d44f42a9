"""Computed results and what people decided beside them."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json, UtcDateTime, append_only


class Tally(SQLModel, table=True):
    """The frozen result of a sealed ballot, with the hash of everything that went in."""

    __tablename__ = "tally"

    ballot_id: int = Field(foreign_key="ballot.id", primary_key=True, sa_type=BigInt)
    computed_at: datetime = Field(sa_type=UtcDateTime)
    report: dict[str, Any] = Field(sa_type=Json)
    inputs_sha256: str = Field(sa_type=CleanText)


class TieDraw(SQLModel, table=True):
    """The lot of a tie: the public value that decides it, named before anybody knows it, then the draw.

    ``beacon`` says in words which value; ``root`` is the hash of what was counted. ``lots`` are 64 hexadecimal
    digits by proposal, the smallest first; ``selected`` the places that win, as in the report of a tally.
    """

    __tablename__ = "tie_draw"

    ballot_id: int = Field(foreign_key="ballot.id", primary_key=True, sa_type=BigInt)
    beacon: str = Field(sa_type=CleanText)
    named_at: datetime = Field(sa_type=UtcDateTime)
    named_by: str = Field(sa_type=CleanText)
    root: str = Field(sa_type=CleanText)
    value: str | None = Field(default=None, sa_type=CleanText)
    source: str | None = Field(default=None, sa_type=CleanText)
    drawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    drawn_by: str | None = Field(default=None, sa_type=CleanText)
    lots: dict[str, str] | None = Field(default=None, sa_type=Json)
    selected: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)


class Decision(SQLModel, table=True):
    """What people decided, with their reason; it never replaces the computed result.

    A correction is a new version with a reason for the change (``changed_because``, empty in the first).
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("ballot_id", "version", name="decision_version_once"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    ballot_id: int = Field(foreign_key="ballot.id", sa_type=BigInt)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(sa_type=CleanText)
    selected: list[dict[str, Any]] = Field(sa_type=Json)
    reason: str = Field(sa_type=CleanText)
    differs: bool
    version: int
    conditions: str = Field(sa_type=CleanText)
    next_steps: str = Field(sa_type=CleanText)
    changed_because: str = Field(sa_type=CleanText)


class DecisionMemo(SQLModel, table=True):
    """What the office notes for itself about a version of a decision; never published."""

    __tablename__ = "decision_memo"

    decision_id: int = Field(foreign_key="decision.id", primary_key=True, sa_type=BigInt)
    text: str = Field(sa_type=CleanText)


class OutsidePoll(SQLModel, table=True):
    """Numbers of a poll held elsewhere, shown beside the result and never added. ``held_on`` is an ISO date.

    ``counts`` are votes by the slug of a proposal, or by whatever else was asked there.
    """

    __tablename__ = "outside_poll"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    ballot_id: int = Field(foreign_key="ballot.id", index=True, sa_type=BigInt)
    title: str = Field(sa_type=CleanText)
    source: str = Field(sa_type=CleanText)
    held_on: str = Field(sa_type=CleanText)
    counts: dict[str, int] = Field(sa_type=Json)
    note: str = Field(sa_type=CleanText)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(sa_type=CleanText)


class OutsidePollRetraction(SQLModel, table=True):
    """An outside poll that should not have been recorded, or not so; the entry itself stays."""

    __tablename__ = "outside_poll_retraction"

    poll_id: int = Field(foreign_key="outside_poll.id", primary_key=True, sa_type=BigInt)
    reason: str = Field(sa_type=CleanText)
    retracted_at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(sa_type=CleanText)


append_only(Decision.__table__)  # type: ignore[attr-defined]
append_only(OutsidePoll.__table__)  # type: ignore[attr-defined]
append_only(OutsidePollRetraction.__table__)  # type: ignore[attr-defined]


class TallyStudy(SQLModel, table=True):
    """How robust the result of a sealed ballot is: a ``robustness.types.Study``, made after the result."""

    __tablename__ = "tally_study"

    ballot_id: int = Field(foreign_key="ballot.id", primary_key=True, sa_type=BigInt)
    version: int
    computed_at: datetime = Field(sa_type=UtcDateTime)
    report: dict[str, Any] = Field(sa_type=Json)
