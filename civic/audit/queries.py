"""Reads of the audit trail."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.tables import AuditEntry


async def latest_entries(session: AsyncSession, limit: int) -> Sequence[AuditEntry]:
    """The newest entries, the latest first."""
    latest = select(AuditEntry).order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    return (await session.exec(latest.limit(limit))).all()
