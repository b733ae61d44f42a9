"""Installations and their steps."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, UtcDateTime, append_only, choice

STATUSES = ("adopted", "permit", "making", "installed", "removed", "evaluated")
STANDING = ("adopted", "permit", "making", "installed")
"""The statuses in which a place is taken."""


class Installation(SQLModel, table=True):
    """A decided proposal at a site, and how far it has come."""

    __tablename__ = "installation"
    __table_args__ = (UniqueConstraint("decision_id", "proposal", "site", name="installation_once"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    decision_id: int = Field(foreign_key="decision.id", sa_type=BigInt)
    proposal: str = Field(sa_type=CleanText)
    site: str = Field(sa_type=CleanText)
    status: str = Field(sa_type=choice("installation_status", *STATUSES))

    @property
    def place(self) -> tuple[str, str]:
        """(proposal, site) by their slugs."""
        return self.proposal, self.site


class InstallationStep(SQLModel, table=True):
    """One step of an installation, with a public note."""

    __tablename__ = "installation_step"

    installation_id: int = Field(foreign_key="installation.id", primary_key=True, sa_type=BigInt)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(sa_type=choice("installation_step_status", *STATUSES))
    note: str = Field(sa_type=CleanText)


append_only(InstallationStep.__table__)  # type: ignore[attr-defined]
