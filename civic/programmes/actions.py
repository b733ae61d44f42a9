"""Write programmes, their stages and the sites they use."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.programmes.queries import find_programme
from civic.programmes.tables import Programme, ProgrammeSite, Stage


async def save_programme(session: AsyncSession, slug: str, fields: dict[str, Any]) -> Programme:
    """Make a programme or bring the one of this slug to these fields."""
    programme = await find_programme(session, slug)
    if programme is None:
        programme = Programme(slug=slug, **fields)
        session.add(programme)
    else:
        for name, value in fields.items():
            setattr(programme, name, value)
    await session.flush()
    return programme


async def save_stages(session: AsyncSession, programme_id: int, stages: Sequence[dict[str, Any]]) -> None:
    """Replace the stages of a programme."""
    await session.exec(delete(Stage).where(col(Stage.programme_id) == programme_id))
    for position, fields in enumerate(stages):
        session.add(Stage(programme_id=programme_id, position=position, **fields))


async def save_site_use(session: AsyncSession, programme_id: int, sites: Sequence[int]) -> None:
    """Replace the list of sites that a programme uses."""
    await session.exec(delete(ProgrammeSite).where(col(ProgrammeSite.programme_id) == programme_id))
    for position, site_id in enumerate(sites):
        session.add(ProgrammeSite(programme_id=programme_id, site_id=site_id, position=position))
