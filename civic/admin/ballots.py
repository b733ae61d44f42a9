"""The pages and forms of a ballot: GET shows, POST acts in one transaction and leads back (303)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.ballot_reading import Look, admin_ballot, read_turnout
from civic.admin.deeds import DEEDS, Order
from civic.admin.gate import Endpoint, staff_of
from civic.admin.pages import Trouble
from civic.admin.words import refusal_words
from civic.ballots.queries import ballot_by_slug
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.tallies.actions import draw_lots
from civic.tallies.draws import Announced
from civic.tallies.queries import count_for_draw
from civic.web import Pages, reader_of
from civic.web.forms import Form, read_form

NO_FORM = Form({})


class BallotPages:
    """One method a page or form; all for planners."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", "/admin/ballots/{ballot}", self.show, ("planner",)),
            ("GET", "/admin/ballots/{ballot}/turnout", self.turnout, ("planner",)),
            ("POST", "/admin/ballots/{ballot}/draw", self.draw, ("planner",)),
            ("POST", "/admin/ballots/{ballot}/{deed}", self.act, ("planner",)),
        ]

    async def show(self, request: Request) -> Response:
        """One ballot."""
        return await self._page(request, NO_FORM, None, 200)

    async def turnout(self, request: Request) -> Response:
        """Only who took part so far, for a page that is already open."""
        async with self._context.database.reading() as session:
            ballot = await ballot_by_slug(session, request.path_params["ballot"])
            page = await read_turnout(session, ballot, self._look(request))
        if page is None:
            raise NotFound(
                "ballot_not_opened", "この投票は、まだ始まっていません。投票のページを開き直してください。"
            )
        return self._pages.response(request, "admin/_turnout.html", page)

    async def draw(self, request: Request) -> Response:
        """Draw the lot of an open tie. The votes are counted again before, so that nobody waits for that."""
        slug, form = request.path_params["ballot"], await read_form(request)
        announced = Announced(form.one("value"), form.one("source"))
        try:
            async with self._context.database.reading() as session:
                counted = await count_for_draw(session, slug)
            async with self._context.database.writing() as session:
                now = self._context.clock()
                await draw_lots(session, staff_of(request).actor, slug, announced, counted, now)
        except CivicError as refusal:
            return await self._refused(request, "draw", form, refusal)
        return RedirectResponse(reader_of(request).link(f"/admin/ballots/{slug}"), 303)

    async def act(self, request: Request) -> Response:
        """Do one deed to a ballot; a refusal is shown on its page, with what was typed."""
        slug, deed = request.path_params["ballot"], request.path_params["deed"]
        if deed not in DEEDS:
            raise NotFound(
                "page_unknown", "このページはありません。アドレスを確かめるか、はじめのページから探してください。"
            )
        form = await read_form(request)
        try:
            async with self._context.database.writing() as session:
                await ballot_by_slug(session, slug, lock=True)  # first the lock, then the time
                order = Order(slug, staff_of(request).actor, form, self._context.clock(), self._context.keys)
                await DEEDS[deed](session, order)
        except CivicError as refusal:
            return await self._refused(request, deed, form, refusal)
        return RedirectResponse(reader_of(request).link(f"/admin/ballots/{slug}"), 303)

    async def _refused(self, request: Request, deed: str, form: Form, refusal: CivicError) -> Response:
        trouble = Trouble(deed, refusal_words(refusal, reader_of(request).lang))
        return await self._page(request, form, trouble, refusal.status)

    async def _page(self, request: Request, form: Form, trouble: Trouble | None, status: int) -> Response:
        async with self._context.database.reading() as session:
            page = await admin_ballot(session, request.path_params["ballot"], self._look(request), form, trouble)
        return self._pages.response(request, "admin/ballot.html", page, status)

    def _look(self, request: Request) -> Look:
        return Look(reader_of(request).lang, self._context.clock())
