"""Reads of sites."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.sites.tables import Site


async def site_by_slug(session: AsyncSession, slug: str) -> Site | None:
    """The site of a slug, if there is one."""
    return (await session.exec(select(Site).where(col(Site.slug) == slug))).one_or_none()
