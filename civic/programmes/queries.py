"""Reads of programmes."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.errors import NotFound
from civic.programmes.tables import Programme, ProgrammeSite, Stage
from civic.sites.tables import Site


async def find_programme(session: AsyncSession, slug: str) -> Programme | None:
    """The programme of a slug, if there is one."""
    return (await session.exec(select(Programme).where(col(Programme.slug) == slug))).one_or_none()


async def programme_by_slug(session: AsyncSession, slug: str, *, lock: bool = False) -> Programme:
    """The programme of a slug; NotFound without one. ``lock`` holds its row against others that lock it."""
    statement = select(Programme).where(col(Programme.slug) == slug)
    if lock:
        statement = statement.with_for_update(key_share=True)
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound(
            "programme_unknown", "「{programme}」という事業はありません。名前を確かめてください。", programme=slug
        )
    return found


async def programme_by_number(session: AsyncSession, number: int) -> Programme:
    """The programme that another row names."""
    return await session.get_one(Programme, number)


async def all_programmes(session: AsyncSession) -> Sequence[Programme]:
    """Every programme: the one that runs longest into the future first, one without stages last."""
    ends = func.max(col(Stage.closes_at)).desc().nulls_last()
    statement = select(Programme).join(Stage, isouter=True).group_by(col(Programme.id))
    return (await session.exec(statement.order_by(ends, col(Programme.id).desc()))).all()


async def stages_of(session: AsyncSession, programme_id: int) -> Sequence[Stage]:
    """The stages of a programme in order."""
    mine = select(Stage).where(col(Stage.programme_id) == programme_id)
    return (await session.exec(mine.order_by(col(Stage.position)))).all()


async def programmes_using(session: AsyncSession, site_id: int) -> set[str]:
    """The slugs of the programmes that use a site."""
    statement = select(Programme.slug).join(ProgrammeSite).where(col(ProgrammeSite.site_id) == site_id)
    return set((await session.exec(statement)).all())


async def sites_of(session: AsyncSession, programme_id: int) -> Sequence[Site]:
    """The sites that a programme uses, in the order of its file."""
    statement = select(Site).join(ProgrammeSite).where(col(ProgrammeSite.programme_id) == programme_id)
    return (await session.exec(statement.order_by(col(ProgrammeSite.position)))).all()


async def sites_in_use(session: AsyncSession, now: datetime) -> Sequence[tuple[Site, Programme]]:
    """The sites of the programmes that run now: begun, and with a stage that has not ended.

    The programme that runs longest comes first, its sites in the order of its file; a site that several use stands
    there once, with the first.
    """
    begins, ends = func.min(col(Stage.opens_at)), func.max(col(Stage.closes_at))
    running = (
        select(col(Stage.programme_id).label("programme_id"), ends.label("ends_at"))
        .group_by(col(Stage.programme_id))
        .having(begins <= now, ends > now)
        .subquery()
    )
    statement = (
        select(Site, Programme)
        .join(ProgrammeSite, col(ProgrammeSite.site_id) == col(Site.id))
        .join(Programme, col(Programme.id) == col(ProgrammeSite.programme_id))
        .join(running, running.c.programme_id == col(Programme.id))
        .order_by(running.c.ends_at.desc(), col(Programme.id).desc(), col(ProgrammeSite.position))
    )
    found: dict[int | None, tuple[Site, Programme]] = {}
    for site, programme in await session.exec(statement):
        found.setdefault(site.id, (site, programme))
    return list(found.values())
