"""Accounts of staff, their open sign-in links and their sessions. Of tokens only the SHA-256 stands here."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, UtcDateTime, choice
from civic.staff.rules import ROLES

_PRESENT = text("removed_at is null")


class StaffAccount(SQLModel, table=True):
    """A person who works here. A row stays after removal: the audit trail names people by its number.

    Whoever comes back, or comes with the same name, gets a new row.
    """

    __tablename__ = "staff_account"
    __table_args__ = (
        Index("staff_account_name", "name", unique=True, sqlite_where=_PRESENT, postgresql_where=_PRESENT),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    name: str = Field(sa_type=CleanText)
    role: str = Field(sa_type=choice("staff_role", *ROLES))
    created_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffInvitation(SQLModel, table=True):
    """The one open sign-in link of an account; gone as soon as it is used or replaced."""

    __tablename__ = "staff_invitation"

    token_sha256: bytes = Field(sa_type=LargeBinary, primary_key=True)
    account_id: int = Field(foreign_key="staff_account.id", sa_type=BigInt, unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class StaffSession(SQLModel, table=True):
    """A signed-in browser; gone as soon as it ends. ``used_at`` is when it last changed something."""

    __tablename__ = "staff_session"

    token_sha256: bytes = Field(sa_type=LargeBinary, primary_key=True)
    account_id: int = Field(foreign_key="staff_account.id", sa_type=BigInt, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime = Field(sa_type=UtcDateTime)
