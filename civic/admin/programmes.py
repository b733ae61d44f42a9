"""The pages about programmes, for everybody who works here: what goes on, and every proposal with its checks."""

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from civic.admin.ballot_reading import Look
from civic.admin.gate import Endpoint, staff_of
from civic.admin.posters import posters_of
from civic.admin.programme_reading import STAFF_FILES, admin_home, admin_programme, path_of, programme_list
from civic.drawings.queries import versions_drawn_in
from civic.drawings.sun import is_sun_picture
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.queue import defer
from civic.programmes.queries import programme_by_slug
from civic.proposals.actions import CHECK
from civic.sites.actions import record_day_use
from civic.staff.rules import ROLES
from civic.web import Pages, reader_of
from civic.web.forms import read_form


class ProgrammePages:
    """One method a page."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", "/admin", self.home, ROLES),
            ("GET", "/admin/programmes", self.every, ROLES),
            ("GET", "/admin/programmes/{programme}", self.one, ROLES),
            ("GET", "/admin/programmes/{programme}/posters", self.posters, ROLES),
            ("POST", "/admin/programmes/{programme}/sites/{site}/days", self.record_days, ("planner",)),
            ("GET", f"{STAFF_FILES}/pictures/{{sha256}}.jpg", self.picture, ROLES),
        ]

    async def home(self, request: Request) -> Response:
        """What goes on in every programme, and what to do next."""
        async with self._context.database.reading() as session:
            page = await admin_home(session, self._look(request))
        return self._pages.response(request, "admin/home.html", page)

    async def every(self, request: Request) -> Response:
        """All programmes."""
        async with self._context.database.reading() as session:
            page = await programme_list(session, self._look(request))
        return self._pages.response(request, "admin/programmes.html", page)

    async def one(self, request: Request) -> Response:
        """One programme."""
        async with self._context.database.reading() as session:
            page = await admin_programme(session, request.path_params["programme"], self._look(request))
        return self._pages.response(request, "admin/programme.html", page)

    async def posters(self, request: Request) -> Response:
        """A poster of each site, to be printed."""
        slug, look = request.path_params["programme"], self._look(request)
        async with self._context.database.reading() as session:
            page = await posters_of(session, slug, self._context.settings, look.lang, look.now)
        return self._pages.response(request, "admin/posters.html", page)

    async def record_days(self, request: Request) -> Response:
        """Record on how many days of a year a site is given away; the placements are checked again."""
        names, form, now = request.path_params, await read_form(request), self._context.clock()
        year, days = (_whole(form.one(name)) for name in ("year", "days"))
        async with self._context.database.writing() as session:
            season = await programme_by_slug(session, names["programme"])
            actor, note = staff_of(request).actor, form.one("note").strip()
            await record_day_use(session, actor, names["site"], year, days, note, now)
            defer(session, CHECK, {"programme": season.id}, now)
        path = reader_of(request).link(f"{path_of(season)}")
        return RedirectResponse(f"{path}#site-{names['site']}", 303)

    async def picture(self, request: Request) -> Response:
        """A picture of any proposal, published or not."""
        sha256 = request.path_params["sha256"]
        async with self._context.database.reading() as session:
            known = bool(await versions_drawn_in(session, sha256)) or await is_sun_picture(session, sha256)
        if not known:
            raise NotFound(
                "file_unknown", "このファイルはありません。提案のページを開き直して、そこから選んでください。"
            )
        return FileResponse(self._context.store.path(sha256), media_type="image/jpeg")

    def _look(self, request: Request) -> Look:
        return Look(reader_of(request).lang, self._context.clock())


def _whole(typed: str) -> int:
    """A small whole number as it is typed; -1, which is out of every range, for anything else."""
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= 4 else -1
