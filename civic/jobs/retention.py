"""What is no longer needed goes, in small transactions, so that nobody who votes waits for it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import to_ms
from civic.kernel.context import Context
from civic.outbox.actions import remove_replies
from civic.residents.blurring import blur_times
from civic.residents.queries import with_exact_times
from civic.staff.actions import remove_expired

PAGE = 2_000

BLURRED = 500
"""Residents whose times are blurred in one transaction: about 20 ms of work."""

Remove = Callable[[AsyncSession, datetime, int], Awaitable[int]]
"""Removes up to so many rows that ended before an instant; how many they were."""


async def purge(context: Context, more: Sequence[Remove] = ()) -> None:
    """Remove finished rows older than ``CIVIC_KEEP_DAYS``, and sessions and links of staff that have expired.

    ``more``: what channels keep of their own.
    """
    before = context.clock() - timedelta(days=context.settings.keep_days)
    for remove in (remove_replies, *more):
        while await _page(context, remove, before) == PAGE:
            pass
    await _blur(context, to_ms(before))
    async with context.database.writing(shown=False) as session:
        await remove_expired(session, context.clock())


async def scrub(context: Context, _payload: Mapping[str, Any]) -> None:
    """Leave nothing of deleted rows in the database's files (docs/operations.md, section 個人データ)."""
    await context.database.scrub()


async def _blur(context: Context, before_ms: int) -> None:
    """Keep only the day of what residents changed so long ago. Who they are is found without the write lock."""
    while True:
        async with context.database.reading() as session:
            numbers = await with_exact_times(session, before_ms, BLURRED)
        if not numbers:
            return
        async with context.database.writing(shown=False) as session:
            await blur_times(session, numbers, before_ms)


async def _page(context: Context, remove: Remove, before: datetime) -> int:
    async with context.database.writing(shown=False) as session:
        return await remove(session, before, PAGE)
