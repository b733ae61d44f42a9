"""Write workshops and their groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.workshops.queries import groups_of, workshops_of
from civic.workshops.tables import Group, Workshop


@dataclass(frozen=True)
class PlannedWorkshop:
    """A workshop as a file tells it: groups are (slug, title)."""

    slug: str
    day: date
    title: Mapping[str, str]
    groups: Sequence[tuple[str, Mapping[str, str]]]


async def save_workshops(
    session: AsyncSession, programme_id: int, planned: Sequence[PlannedWorkshop]
) -> dict[str, int]:
    """Bring the workshops of a programme to this list; returns the number of each group by slug."""
    present = {workshop.slug: workshop for workshop in await workshops_of(session, programme_id)}
    numbers: dict[str, int] = {}
    for position, plan in enumerate(planned):
        fields: dict[str, Any] = {"day": plan.day, "title": dict(plan.title), "position": position}
        workshop = present.get(plan.slug) or Workshop(programme_id=programme_id, slug=plan.slug, **fields)
        workshop.day, workshop.title, workshop.position = plan.day, dict(plan.title), position
        session.add(workshop)
        await session.flush()
        numbers |= await _save_groups(session, workshop.id or 0, plan.groups)
    return numbers


async def remove_absent(session: AsyncSession, programme_id: int, kept: Sequence[PlannedWorkshop]) -> None:
    """Remove workshops and groups that are no longer planned; call it when no proposal names them any more."""
    wanted = {plan.slug: {slug for slug, _ in plan.groups} for plan in kept}
    for workshop in await workshops_of(session, programme_id):
        for group in await groups_of(session, workshop.id or 0):
            if group.slug not in wanted.get(workshop.slug, set()):
                await session.delete(group)
        await session.flush()
        if workshop.slug not in wanted:
            await session.delete(workshop)
    await session.flush()


async def _save_groups(
    session: AsyncSession, workshop_id: int, groups: Sequence[tuple[str, Mapping[str, str]]]
) -> dict[str, int]:
    found = await session.exec(select(Group).where(col(Group.workshop_id) == workshop_id))
    present = {group.slug: group for group in found}
    numbers: dict[str, int] = {}
    for position, (slug, title) in enumerate(groups):
        group = present.get(slug) or Group(
            workshop_id=workshop_id, slug=slug, title=dict(title), position=position
        )
        group.title, group.position = dict(title), position
        session.add(group)
        await session.flush()
        numbers[slug] = group.id or 0
    return numbers
