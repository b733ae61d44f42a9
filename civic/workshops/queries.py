"""Reads of workshops."""

from collections.abc import Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.workshops.tables import Group, Workshop


async def workshops_of(session: AsyncSession, programme_id: int) -> Sequence[Workshop]:
    """The workshops of a programme in the order of its file."""
    mine = select(Workshop).where(col(Workshop.programme_id) == programme_id)
    return (await session.exec(mine.order_by(col(Workshop.position)))).all()


async def groups_of(session: AsyncSession, workshop_id: int) -> Sequence[Group]:
    """The groups of a workshop in order."""
    mine = select(Group).where(col(Group.workshop_id) == workshop_id)
    return (await session.exec(mine.order_by(col(Group.position)))).all()


async def group_slugs(session: AsyncSession, programme_id: int) -> dict[int, str]:
    """The slug of each group of a programme, by number."""
    statement = select(Group).join(Workshop).where(col(Workshop.programme_id) == programme_id)
    return {group.id: group.slug for group in await session.exec(statement) if group.id is not None}


async def group_titles(
    session: AsyncSession, programme_id: int
) -> dict[int, tuple[Mapping[str, str], Mapping[str, str]]]:
    """The titles of the workshop and of the group, by number of the group."""
    statement = select(Group, Workshop).join(Workshop).where(col(Workshop.programme_id) == programme_id)
    rows = await session.exec(statement)
    return {group.id: (workshop.title, group.title) for group, workshop in rows if group.id is not None}
