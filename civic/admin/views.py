"""The staff page of a proposal as it is seen: from several heights of eyes, and in the sun of a day and hour."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.ballot_reading import Look
from civic.admin.gate import Endpoint
from civic.admin.programme_reading import STAFF_FILES, path_of
from civic.drawings.rules import sun_over, typed_moment
from civic.drawings.sun import ask_for_sun, is_being_drawn, sun_picture
from civic.kernel.clock import JST
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.i18n import localized, translate
from civic.programmes.queries import programme_by_slug
from civic.programmes.tables import Programme
from civic.proposals.queries import latest_version, placements_of, proposal_by_slug
from civic.proposals.tables import Placement, ProposalVersion
from civic.sites.tables import Site
from civic.staff.rules import ROLES
from civic.web import Pages, reader_of, words
from civic.web.forms import read_form
from civic.web.pictures import PictureView, eyes_of_placements, pictures_of_placements
from civic.web.times import moment
from geodata.placement import PLANNING_AID_EN, PLANNING_AID_JA
from geodata.sun import winter_solstice

VIEWS_PATH = "/admin/programmes/{programme}/proposals/{proposal}/views"
_HOUR = "12:00"


@dataclass(frozen=True)
class SunView:
    """The answer about a day and hour: what it shows, and the picture once drawn; ``waiting`` while it is not."""

    says: str
    picture: PictureView | None
    drawn: str
    waiting: bool


@dataclass(frozen=True)
class SunForm:
    """What was typed of a day and hour; ``error`` says why there is no answer to it."""

    day: str
    hour: str
    error: str
    answer: SunView | None


@dataclass(frozen=True)
class ViewedPlace:
    """A place of a proposal as it is seen."""

    number: int
    site: str
    pictures: tuple[PictureView, ...]
    eyes: tuple[PictureView, ...]
    sun: SunForm


@dataclass(frozen=True)
class ViewsPage:
    """``/admin/programmes/{programme}/proposals/{proposal}/views``."""

    title: str
    programme: str
    programme_path: str
    path: str
    places: tuple[ViewedPlace, ...]
    notice: str

    @property
    def refused(self) -> bool:
        """Whether something was typed that has no answer."""
        return any(place.sun.error for place in self.places)


class ViewPages:
    """One method a page."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", VIEWS_PATH, self.views, ROLES),
            ("POST", VIEWS_PATH, self.ask, ROLES),
        ]

    async def views(self, request: Request) -> Response:
        """The page; the query names a place, a day and an hour."""
        look = Look(reader_of(request).lang, self._context.clock())
        names = request.path_params
        async with self._context.database.reading() as session:
            reading = _Reading(session, look, request.query_params)
            page = await reading.page(names["programme"], names["proposal"])
        return self._pages.response(request, "admin/views.html", page, 422 if page.refused else 200)

    async def ask(self, request: Request) -> Response:
        """Have a place drawn in the sun of a day and hour."""
        names, form = request.path_params, await read_form(request)
        shows = typed_moment(form.one("day"), form.one("hour"))
        async with self._context.database.writing(shown=False) as session:
            season = await programme_by_slug(session, names["programme"])
            version = await _newest(session, season, names["proposal"])
            places = {str(placement.id): placement for placement, _ in await placements_of(session, version.id)}
            if form.one("place") not in places:
                raise NotFound("place_unknown", "この場所はありません。提案のページを開き直してください。")
            await ask_for_sun(session, places[form.one("place")], shows, self._context.clock())
        asked = f"place={form.one('place')}&day={shows:%Y-%m-%d}&hour={shows:%H:%M}"
        path = VIEWS_PATH.format(programme=names["programme"], proposal=names["proposal"])
        return RedirectResponse(f"{reader_of(request).link(f'{path}?{asked}')}#place-{form.one('place')}", 303)


async def _newest(session: AsyncSession, season: Programme, slug: str) -> ProposalVersion:
    proposal = await proposal_by_slug(session, season.id or 0, slug)
    return await latest_version(session, proposal.id)


@dataclass(frozen=True)
class _Reading:
    """Reads the page for one reader."""

    session: AsyncSession
    look: Look
    query: QueryParams

    async def page(self, programme: str, slug: str) -> ViewsPage:
        """The page of a proposal in its newest version. NotFound without one."""
        season = await programme_by_slug(self.session, programme)
        version = await _newest(self.session, season, slug)
        lang = self.look.lang
        pictures = await pictures_of_placements(self.session, version, lang, STAFF_FILES)
        eyes = await eyes_of_placements(self.session, version, lang, STAFF_FILES)
        places = [
            ViewedPlace(
                number=placement.id or 0,
                site=localized(site.title, lang),
                pictures=pictures.get(placement.id or 0, ()),
                eyes=eyes.get(placement.id or 0, ()),
                sun=await self._sun(version, placement, site),
            )
            for placement, site in await placements_of(self.session, version.id)
        ]
        return ViewsPage(
            title=localized(version.content["title"], lang),
            programme=localized(season.title, lang),
            programme_path=path_of(season),
            path=VIEWS_PATH.format(programme=programme, proposal=slug),
            places=tuple(places),
            notice=PLANNING_AID_JA if lang == "ja" else PLANNING_AID_EN,
        )

    async def _sun(self, version: ProposalVersion, placement: Placement, site: Site) -> SunForm:
        if self.query.get("place") != str(placement.id):
            return SunForm(winter_solstice(self.look.now.astimezone(JST).year).isoformat(), _HOUR, "", None)
        day, hour = self.query.get("day", ""), self.query.get("hour", "")
        try:
            shows = typed_moment(day, hour)
            answer = await self._answer(version, placement, site, shows)
        except CivicError as refusal:
            return SunForm(day, hour, refusal.sentence(self.look.lang), None)
        return SunForm(f"{shows:%Y-%m-%d}", f"{shows:%H:%M}", "", answer)

    async def _answer(
        self, version: ProposalVersion, placement: Placement, site: Site, shows: datetime
    ) -> SunView:
        lang, sun = self.look.lang, sun_over(placement.lon, placement.lat, shows)
        found = await sun_picture(self.session, placement.id or 0, shows)
        says = translate(
            lang,
            "{when}の{site}を上から見た絵です。太陽は{direction}、高さ{elevation}度。建物の影も入っています。",
            when=moment(shows, lang),
            site=localized(site.title, lang),
            direction=words.direction(sun.azimuth_deg, lang),
            elevation=round(sun.elevation_deg),
        )
        picture = None
        if found is not None and found.wide is not None:
            alt = localized(version.content["alt"], lang)
            src = f"{STAFF_FILES}/pictures/{found.wide}.jpg"
            picture = PictureView(src, src, translate(lang, "{caption}：{alt}", caption=says, alt=alt), says)
        drawn = moment(found.drawn_at, lang) if found is not None and found.drawn_at is not None else ""
        return SunView(says, picture, drawn, found is not None and is_being_drawn(found, self.look.now))
