"""Write sites."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.sites.queries import site_by_slug
from civic.sites.tables import Site


async def save_site(session: AsyncSession, slug: str, fields: dict[str, Any]) -> Site:
    """Make a site or bring the one of this slug to these fields."""
    site = await site_by_slug(session, slug)
    if site is None:
        site = Site(slug=slug, **fields)
        session.add(site)
    else:
        for name, value in fields.items():
            setattr(site, name, value)
    await session.flush()
    return site
