"""Ballots, their options, and the public notices that may follow the opening."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json, UtcDateTime, append_only, choice

STATES = ("draft", "scheduled", "open", "closed", "sealed", "decided", "cancelled")
NOTICE_KINDS = ("closing", "extension", "correction", "withdrawal", "cancellation")


class Ballot(SQLModel, table=True):
    """A question. From opening on, ``manifest`` (canonical JSON) is the law; ``manifest_sha256`` its name."""

    __tablename__ = "ballot"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    programme_id: int = Field(foreign_key="programme.id", sa_type=BigInt, index=True)
    slug: str = Field(sa_type=CleanText, unique=True)
    title: dict[str, str] = Field(sa_type=Json)
    method: str = Field(sa_type=CleanText)
    method_options: dict[str, Any] = Field(sa_type=Json)
    budget_yen: int | None = Field(default=None, sa_type=BigInt)
    max_approvals: int
    audience: str = Field(sa_type=CleanText)
    opens_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)
    late_grace_s: int
    languages: list[str] = Field(sa_type=Json)
    beacon: dict[str, str] | None = Field(default=None, sa_type=Json)
    position: int
    plan: dict[str, Any] = Field(sa_type=Json)
    state: str = Field(default="scheduled", sa_type=choice("ballot_state", *STATES), index=True)
    manifest: bytes | None = Field(default=None, sa_type=LargeBinary)
    manifest_sha256: str | None = Field(default=None, sa_type=CleanText)


class BallotOption(SQLModel, table=True):
    """A proposal on the ballot; its version is pinned when the ballot opens."""

    __tablename__ = "ballot_option"
    __table_args__ = (UniqueConstraint("ballot_id", "proposal_id", name="ballot_option_once"),)

    ballot_id: int = Field(foreign_key="ballot.id", primary_key=True, sa_type=BigInt)
    position: int = Field(primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", sa_type=BigInt)
    version_id: int | None = Field(default=None, foreign_key="proposal_version.id", sa_type=BigInt)


class BallotNotice(SQLModel, table=True):
    """A public notice about an opened ballot: the only way anything about it may still change."""

    __tablename__ = "ballot_notice"

    ballot_id: int = Field(foreign_key="ballot.id", primary_key=True, sa_type=BigInt)
    seq: int = Field(primary_key=True)
    kind: str = Field(sa_type=choice("ballot_notice_kind", *NOTICE_KINDS))
    at: datetime = Field(sa_type=UtcDateTime)
    data: dict[str, Any] = Field(sa_type=Json)


append_only(BallotNotice.__table__)  # type: ignore[attr-defined]
