"""Answers about places: which ones people talk about now, and which are near. Where somebody is, is never kept."""

from collections.abc import Sequence
from operator import attrgetter

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.programmes.queries import sites_in_use
from civic.programmes.tables import Programme
from civic.sites.tables import Site
from geodata.nearness import metres_to
from geodata.shapes import from_wkb
from webhooks.line import messages
from webhooks.line.answers.desk import Desk, as_json
from webhooks.line.messages import PlaceView

NEAREST = 3


async def show_places(desk: Desk, session: AsyncSession, lang: str) -> bytes:
    """地図: the places of the programmes that run now, each with its page."""
    used = await sites_in_use(session, desk.clock())
    places = [_view(desk, site, programme) for site, programme in used]
    return as_json(messages.place_list(places, lang, f"{desk.base_url}/"))


async def show_nearest(desk: Desk, session: AsyncSession, lang: str, lon: float, lat: float) -> bytes:
    """The places nearest to a position (degrees), three at most; from outside Japan all of them."""
    used = await sites_in_use(session, desk.clock())
    distances = metres_to(lon, lat, [from_wkb(site.boundary) for site, _ in used])
    if not distances:
        return await show_places(desk, session, lang)
    return as_json(messages.nearest_places(_by_distance(desk, used, distances)[:NEAREST], lang))


def _by_distance(
    desk: Desk, used: Sequence[tuple[Site, Programme]], distances: Sequence[float]
) -> list[PlaceView]:
    pairs = zip(used, distances, strict=True)
    views = [_view(desk, site, programme, metres) for (site, programme), metres in pairs]
    return sorted(views, key=attrgetter("metres"))


def _view(desk: Desk, site: Site, programme: Programme, metres: float = 0.0) -> PlaceView:
    return PlaceView(site.slug, site.title, programme.title, f"{desk.base_url}/p/{programme.slug}", metres)
