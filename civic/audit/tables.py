"""The audit trail."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from civic.kernel.db import CleanText, Json, UtcDateTime, append_only
from civic.kernel.ids import new_ulid


class AuditEntry(SQLModel, table=True):
    """One action: who (an opaque string such as ``cli:planner``), a dotted verb, what, and what changed."""

    __tablename__ = "audit_entry"

    id: str = Field(default_factory=new_ulid, primary_key=True, sa_type=CleanText)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(sa_type=CleanText)
    verb: str = Field(sa_type=CleanText)
    subject: str = Field(sa_type=CleanText, index=True)
    data: dict[str, Any] = Field(sa_type=Json)


append_only(AuditEntry.__table__)  # type: ignore[attr-defined]
