"""The addresses of the staff pages. GET shows, POST acts in one transaction and leads back (303)."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.deeds import ACTOR, DEEDS, Order
from civic.admin.gate import require_local_demo
from civic.admin.pages import Trouble
from civic.admin.quarantine import Quarantine
from civic.admin.reading import admin_ballot, admin_home, audit_page, quarantine_page
from civic.audit.actions import record
from civic.ballots.queries import ballot_by_slug
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.web import Pages, reader_of
from civic.web.forms import Form, read_form, require_own_page

Endpoint = Callable[[Request], Awaitable[Response]]

NO_FORM = Form({})


def router(context: Context, quarantine: Quarantine) -> APIRouter:
    """The staff pages of an installation."""
    pages = AdminPages(context, quarantine)
    routes = APIRouter()
    for method, path, endpoint in pages.routes:
        routes.add_route(path, pages.guarded(endpoint), methods=[method], include_in_schema=False)
    return routes


class AdminPages:
    """One method a page or form."""

    def __init__(self, context: Context, quarantine: Quarantine) -> None:
        self._context = context
        self._quarantine = quarantine
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint]] = [
            ("GET", "/admin", self.home),
            ("GET", "/admin/audit", self.audit),
            ("GET", "/admin/quarantine", self.aside),
            ("POST", "/admin/quarantine", self.run_again),
            ("GET", "/admin/ballots/{ballot}", self.ballot),
            ("POST", "/admin/ballots/{ballot}/{deed}", self.act),
            ("GET", "/admin/{rest:path}", self.nothing),
            ("POST", "/admin/{rest:path}", self.nothing),
        ]

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        """Only for whom staff pages are; a form only from our own pages."""

        async def guard(request: Request) -> Response:
            require_local_demo(request, self._context.settings)
            if request.method == "POST":
                require_own_page(request, self._context.settings.base_url)
            return await endpoint(request)

        return guard

    async def home(self, request: Request) -> Response:
        """All ballots."""
        async with self._context.database.reading() as session:
            page = await admin_home(session, reader_of(request).lang)
        return self._pages.response(request, "admin/home.html", page)

    async def ballot(self, request: Request) -> Response:
        """One ballot."""
        return await self._ballot_page(request, NO_FORM, None, 200)

    async def act(self, request: Request) -> Response:
        """Do one deed to a ballot; a refusal is shown on its page, with what was typed."""
        slug, deed = request.path_params["ballot"], request.path_params["deed"]
        if deed not in DEEDS:
            return await self.nothing(request)
        form = await read_form(request)
        try:
            async with self._context.database.writing() as session:
                await ballot_by_slug(session, slug, lock=True)  # first the lock, then the time
                order = Order(slug, form, self._context.clock(), self._context.keys)
                await DEEDS[deed](session, order)
        except CivicError as refusal:
            trouble = Trouble(deed, refusal.sentence(reader_of(request).lang))
            return await self._ballot_page(request, form, trouble, refusal.status)
        return RedirectResponse(reader_of(request).link(f"/admin/ballots/{slug}"), 303)

    async def aside(self, request: Request) -> Response:
        """What the webhook put aside."""
        return await self._quarantine_page(request, None, 200)

    async def run_again(self, request: Request) -> Response:
        """Put one event back in the line."""
        form = await read_form(request)
        key = form.one("event")
        try:
            async with self._context.database.writing() as session:
                await self._quarantine.run_again(session, event_key(key))
                record(session, ACTOR, "quarantine.run_again", key[:16], self._context.clock())
        except CivicError as refusal:
            trouble = Trouble("quarantine", refusal.sentence(reader_of(request).lang))
            return await self._quarantine_page(request, trouble, refusal.status)
        return RedirectResponse(reader_of(request).link("/admin/quarantine"), 303)

    async def audit(self, request: Request) -> Response:
        """Who did what."""
        async with self._context.database.reading() as session:
            page = await audit_page(session, reader_of(request).lang)
        return self._pages.response(request, "admin/audit.html", page)

    async def nothing(self, request: Request) -> Response:
        """Every other address below /admin."""
        raise NotFound(
            "page_unknown", "このページはありません。アドレスを確かめるか、はじめのページから探してください。"
        )

    async def _ballot_page(self, request: Request, form: Form, trouble: Trouble | None, status: int) -> Response:
        slug, lang = request.path_params["ballot"], reader_of(request).lang
        async with self._context.database.reading() as session:
            page = await admin_ballot(session, slug, lang, form, trouble)
        return self._pages.response(request, "admin/ballot.html", page, status)

    async def _quarantine_page(self, request: Request, trouble: Trouble | None, status: int) -> Response:
        async with self._context.database.reading() as session:
            page = await quarantine_page(session, self._quarantine, reader_of(request).lang, trouble)
        return self._pages.response(request, "admin/quarantine.html", page, status)


def event_key(typed: str) -> bytes:
    """The key of an event from the form; NotFound when it is none."""
    try:
        return bytes.fromhex(typed)
    except ValueError:
        raise NotFound("event_unknown", "この記録はもう一度処理できません。一覧を開き直してください。") from None
