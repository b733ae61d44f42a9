"""Reads of the menus that LINE has, and of those that people are still to see."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from webhooks.line.richmenu.tables import OwedMenu, PublishedMenu


async def published_menus(session: AsyncSession) -> Mapping[str, PublishedMenu]:
    """What is kept of the menus that LINE has, by language."""
    return {row.language: row for row in await session.exec(select(PublishedMenu))}


async def menus_due(session: AsyncSession, now: datetime, limit: int) -> Sequence[OwedMenu]:
    """Who is to see another menu, the longest waiting first."""
    due = select(OwedMenu).where(col(OwedMenu.not_before) <= now)
    return (await session.exec(due.order_by(col(OwedMenu.not_before)).limit(limit))).all()
