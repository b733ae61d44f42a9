"""Times of changes are kept to the millisecond only while an older event can still come late.

Beside a vote log with times, the moment in which somebody chose a language might tell whose vote came right after.
"""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.residents.rules import end_of_day
from civic.residents.tables import Resident, ResidentOptOut


async def blur_times(session: AsyncSession, numbers: Sequence[int], before_ms: int) -> None:
    """Leave only the day of the changes of some residents that are older than an instant (ms since 1970 UTC)."""

    def blurred(at_ms: int) -> int:
        return end_of_day(at_ms) if at_ms < before_ms else at_ms

    for resident in await session.exec(select(Resident).where(col(Resident.id).in_(numbers))):
        resident.follow_changed_ms = blurred(resident.follow_changed_ms)
        resident.stopped_ms = blurred(resident.stopped_ms)
        resident.resumed_ms = blurred(resident.resumed_ms)
        resident.language_changed_ms = blurred(resident.language_changed_ms)
        resident.relations_changed_ms = blurred(resident.relations_changed_ms)
        resident.relation_times = {name: blurred(at_ms) for name, at_ms in resident.relation_times.items()}
    kinds = select(ResidentOptOut).where(col(ResidentOptOut.resident_id).in_(numbers))
    for choice in await session.exec(kinds):
        choice.changed_ms = blurred(choice.changed_ms)
    await session.flush()
