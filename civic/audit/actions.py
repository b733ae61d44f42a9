"""Write to the audit trail, in the transaction of the action it tells of."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.tables import AuditEntry


def record(session: AsyncSession, actor: str, verb: str, subject: str, now: datetime, **data: Any) -> None:
    """Add one entry: ``record(session, actor, "ballot.opened", slug, now, manifest=hash)``."""
    session.add(AuditEntry(at=now, actor=actor, verb=verb, subject=subject, data=data))
