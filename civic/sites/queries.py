"""Reads of sites."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.errors import NotFound
from civic.sites.tables import Site, SiteDayUse
from geodata.shapes import from_wkb


async def site_by_slug(session: AsyncSession, slug: str) -> Site | None:
    """The site of a slug, if there is one."""
    return (await session.exec(select(Site).where(col(Site.slug) == slug))).one_or_none()


async def require_site(session: AsyncSession, slug: str) -> Site:
    """The site of a slug; NotFound without one."""
    site = await site_by_slug(session, slug)
    if site is None:
        raise NotFound("site_unknown", "「{site}」という場所はありません。名前を確かめてください。", site=slug)
    return site


async def sites_on_other_levels(session: AsyncSession, site: Site, planned: Sequence[Site] = ()) -> Sequence[Site]:
    """The sites above or below a site: on another level, and meeting it when seen from above, by slug.

    ``planned`` are sites as they are about to be: they count for those of the same slug that are stored.
    """
    boundary = from_wkb(site.boundary)
    known = {other.slug: other for other in await session.exec(select(Site))} | {p.slug: p for p in planned}
    others = (known[slug] for slug in sorted(known) if known[slug].level != site.level)
    return [other for other in others if from_wkb(other.boundary).intersects(boundary)]


async def day_uses(session: AsyncSession, site_id: int) -> Sequence[SiteDayUse]:
    """The recorded uses of a site, the newest year first."""
    mine = select(SiteDayUse).where(col(SiteDayUse.site_id) == site_id)
    return (await session.exec(mine.order_by(col(SiteDayUse.year).desc()))).all()


async def days_used(session: AsyncSession, site_id: int, year: int) -> int:
    """On how many days of a year a site is already given away; 0 when nothing is recorded."""
    use = await session.get(SiteDayUse, (site_id, year))
    return use.days if use is not None else 0
