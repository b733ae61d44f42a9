"""Messages that wait for their time before they become a campaign."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.outbox.about import About
from civic.outbox.tables import ScheduledMessage


async def schedule_message(session: AsyncSession, actor: str, about: About, at: datetime) -> None:
    """Plan a message at a time; another time takes the place of an earlier one."""
    await cancel_scheduled(session, about)
    row = ScheduledMessage(
        kind=about.kind, ballot=about.ballot, installation=about.installation, at=at, scheduled_by=actor
    )
    session.add(row)
    await session.flush()


async def cancel_scheduled(session: AsyncSession, about: About) -> bool:
    """Take the time back; False when there is none."""
    removed = await session.exec(
        delete(ScheduledMessage).where(
            col(ScheduledMessage.kind) == about.kind,
            col(ScheduledMessage.ballot) == about.ballot,
            col(ScheduledMessage.installation) == about.installation,
        )
    )
    return bool(removed.rowcount)


async def scheduled_message(session: AsyncSession, about: About) -> ScheduledMessage | None:
    """The time that a message waits for, if there is one."""
    return await session.get(ScheduledMessage, (about.kind, about.ballot, about.installation))


async def due_messages(session: AsyncSession, now: datetime) -> Sequence[ScheduledMessage]:
    """The messages whose time has come, the earliest first."""
    due = col(ScheduledMessage.at) <= now, col(ScheduledMessage.refused) == ""
    return (await session.exec(select(ScheduledMessage).where(*due).order_by(col(ScheduledMessage.at)))).all()
