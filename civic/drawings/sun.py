"""Pictures of a placement in the sun of a day and hour: asked for by the staff, drawn by a job."""

from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.drawings.rules import sun_over
from civic.drawings.tables import SunPicture
from civic.kernel.queue import defer
from civic.proposals.tables import Placement

DRAW_SUN = "draw sun"
"""The job; its payload is ``{"placement": number, "shows": instant in ISO 8601}``."""

PATIENCE = timedelta(minutes=10)
"""How long a picture may take before it can be asked for again: a job may have been given up."""


async def ask_for_sun(session: AsyncSession, placement: Placement, shows: datetime, now: datetime) -> None:
    """Have a placement drawn in the sun of an instant, from what is known now; SunDown where there is none.

    One that is being drawn is not asked for twice.
    """
    sun_over(placement.lon, placement.lat, shows)
    picture = await sun_picture(session, placement.id or 0, shows)
    if picture is None:
        picture = SunPicture(placement_id=placement.id or 0, shows=shows, asked_at=now)
    elif is_being_drawn(picture, now):
        return
    picture.asked_at, picture.drawn_at, picture.wide = now, None, None
    session.add(picture)
    defer(session, DRAW_SUN, {"placement": placement.id, "shows": shows.isoformat()}, now)
    await session.flush()


async def keep_sun(session: AsyncSession, number: int, shows: datetime, wide: str, now: datetime) -> None:
    """Keep what was drawn, unless nobody asks for it any more."""
    picture = await sun_picture(session, number, shows)
    if picture is not None:
        picture.wide, picture.drawn_at = wide, now
        await session.flush()


async def sun_picture(session: AsyncSession, number: int, shows: datetime) -> SunPicture | None:
    """The picture of a placement in the sun of an instant, drawn or asked for."""
    return await session.get(SunPicture, (number, shows))


async def is_sun_picture(session: AsyncSession, sha256: str) -> bool:
    """Whether a stored picture is one of these."""
    same = select(SunPicture.placement_id).where(col(SunPicture.wide) == sha256)
    return (await session.exec(same.limit(1))).first() is not None


def is_being_drawn(picture: SunPicture, now: datetime) -> bool:
    """Whether it was asked for lately and is not there yet."""
    return picture.wide is None and now < picture.asked_at + PATIENCE
