"""Proposals, their versions, and where each version would stand."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json, UtcDateTime, choice


class Proposal(SQLModel, table=True):
    """A proposal of a group (or of an open call, without one)."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("programme_id", "slug", name="proposal_slug"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    programme_id: int = Field(foreign_key="programme.id", sa_type=BigInt)
    group_id: int | None = Field(default=None, foreign_key="workshop_group.id", sa_type=BigInt)
    slug: str = Field(sa_type=CleanText)
    position: int


class ProposalVersion(SQLModel, table=True):
    """One state of a proposal, never changed once written.

    ``content`` holds title, summary, for_whom, alt, licence, consent, the model's file name and, as ``original``,
    that file as it came; ``facts`` is what the gate measured (metres); ``model`` is the SHA-256 of the canonical
    GLB that is stored.
    """

    __tablename__ = "proposal_version"
    __table_args__ = (UniqueConstraint("proposal_id", "number", name="proposal_version_number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    proposal_id: int = Field(foreign_key="proposal.id", sa_type=BigInt)
    number: int
    content: dict[str, Any] = Field(sa_type=Json)
    model: str = Field(sa_type=CleanText)
    facts: dict[str, Any] = Field(sa_type=Json)
    written_at: datetime = Field(sa_type=UtcDateTime)


class Placement(SQLModel, table=True):
    """A version at a site: where the model's origin stands, and what the checks say (a planning aid).

    ``mass_kg`` is what stands there, ``days`` for how many days of a year; None where it is not known. The checks
    are those of ``checked_at`` (None: as old as the version): a later neighbour can change them without a new
    version.
    """

    __tablename__ = "placement"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    version_id: int = Field(foreign_key="proposal_version.id", sa_type=BigInt, index=True)
    site_id: int = Field(foreign_key="site.id", sa_type=BigInt)
    position: int
    lon: float
    lat: float
    heading_deg: float
    base_m: float
    scale: float
    cost_yen: int = Field(sa_type=BigInt)
    mass_kg: float | None = None
    days: int | None = None
    verdict: str = Field(sa_type=choice("placement_verdict", "pass", "warn", "fail"))
    checks: dict[str, Any] = Field(sa_type=Json)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
