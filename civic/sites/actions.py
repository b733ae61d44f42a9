"""Write sites, and the days that they are given away."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.kernel.errors import InvalidInput
from civic.sites.queries import require_site, site_by_slug
from civic.sites.tables import Site, SiteDayUse

YEARS = range(2000, 2101)
MOST_DAYS = 366
MOST_NOTE = 500


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


async def record_day_use(
    session: AsyncSession, actor: str, slug: str, year: int, days: int, note: str, now: datetime
) -> SiteDayUse:
    """Record on how many days of a year a site is given to something else; the same once more changes nothing.

    InvalidInput for a year or a number of days that cannot be; NotFound without the site.
    """
    site = await require_site(session, slug)
    if year not in YEARS or not 0 <= days <= MOST_DAYS:
        raise InvalidInput(
            "day_use_out_of_range", "年は 2000 から 2100 まで、日数は 0 から 366 までの数で入れてください。"
        )
    if len(note) > MOST_NOTE:
        raise InvalidInput("day_use_note_too_long", "メモは {most} 文字までです。", most=MOST_NOTE)
    use = await session.get(SiteDayUse, (site.id, year))
    before = None if use is None else {"days": use.days, "note": use.note}
    if before == {"days": days, "note": note} and use is not None:
        return use
    use = use or SiteDayUse(site_id=site.id or 0, year=year, days=days, note=note)
    use.days, use.note = days, note
    session.add(use)
    await session.flush()
    record(session, actor, "site.day_use_recorded", slug, now, year=year, before=before, days=days, note=note)
    return use
