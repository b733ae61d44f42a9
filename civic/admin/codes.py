"""Code cards of a ballot: what was made and used, make a batch and see it once, make cards void."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.code_sheet import code_sheet
from civic.admin.deeds import row_number
from civic.admin.gate import Endpoint, staff_of
from civic.admin.pages import Trouble
from civic.admin.pages_ballots import Named
from civic.admin.words import refusal_words
from civic.ballots.queries import ballot_by_slug
from civic.ballots.tables import Ballot
from civic.codes.actions import Wanted, is_before_close, make_batch, void_batch, void_code
from civic.codes.queries import Batch, batches_of
from civic.codes.rules import LARGEST_BATCH, LONGEST_PLACE
from civic.kernel.context import Context
from civic.kernel.errors import CivicError
from civic.kernel.i18n import localized
from civic.web import Pages, reader_of
from civic.web.forms import Form, read_form

NO_FORM = Form({})


@dataclass(frozen=True)
class CodesPage:
    """``/admin/ballots/{slug}/codes``. ``next_number`` names the batch that the form would make."""

    ballot: Named
    path: str
    may_make: bool
    next_number: int
    most: int
    longest_place: int
    batches: Sequence[Batch]
    trouble: Trouble | None
    typed: Mapping[str, str]


class CodePages:
    """One method a page or form; all for planners."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", "/admin/ballots/{ballot}/codes", self.show, ("planner",)),
            ("POST", "/admin/ballots/{ballot}/codes", self.make, ("planner",)),
            ("POST", "/admin/ballots/{ballot}/codes/void", self.void, ("planner",)),
        ]

    async def show(self, request: Request) -> Response:
        """The batches in numbers; no code can be read here."""
        return await self._page(request, NO_FORM, None, 200)

    async def make(self, request: Request) -> Response:
        """Make a batch. The answer is the only sheet there will ever be."""
        form, slug = await read_form(request), request.path_params["ballot"]
        wanted = _wanted(form)
        try:
            async with self._context.database.writing() as session:
                actor, now = staff_of(request).actor, self._context.clock()
                codes = await make_batch(session, actor, self._context.vault, slug, wanted, now)
                ballot = await ballot_by_slug(session, slug)
        except CivicError as refusal:
            return await self._refused(request, form, "make", refusal)
        return await self._sheet(request, ballot, wanted, codes)

    async def void(self, request: Request) -> Response:
        """Make a batch, or one card by its code, void."""
        form, slug = await read_form(request), request.path_params["ballot"]
        try:
            await self._void(slug, staff_of(request).actor, form)
        except CivicError as refusal:
            return await self._refused(request, form, "void", refusal)
        return RedirectResponse(reader_of(request).link(f"/admin/ballots/{slug}/codes"), 303)

    async def _void(self, slug: str, actor: str, form: Form) -> None:
        code, reason, now = form.one("code").strip(), form.one("reason"), self._context.clock()
        async with self._context.database.writing() as session:
            if code:
                await void_code(session, actor, self._context.vault, slug, code, reason, now)
            else:
                await void_batch(session, actor, slug, row_number(form.one("batch")), reason, now)

    async def _sheet(self, request: Request, ballot: Ballot, wanted: Wanted, codes: Sequence[str]) -> Response:
        """Drawn beside the event loop: votes go on coming in."""
        base_url, lang = self._context.settings.base_url, reader_of(request).lang
        sheet = await asyncio.to_thread(code_sheet, ballot, wanted, codes, base_url, lang)
        return self._pages.response(request, "admin/code_sheet.html", sheet)

    async def _refused(self, request: Request, form: Form, deed: str, refusal: CivicError) -> Response:
        trouble = Trouble(deed, refusal_words(refusal, reader_of(request).lang))
        return await self._page(request, form, trouble, refusal.status)

    async def _page(self, request: Request, form: Form, trouble: Trouble | None, status: int) -> Response:
        slug, lang = request.path_params["ballot"], reader_of(request).lang
        async with self._context.database.reading() as session:
            ballot = await ballot_by_slug(session, slug)
            batches = await batches_of(session, ballot.id or 0)
        page = CodesPage(
            ballot=Named(localized(ballot.title, lang), f"/admin/ballots/{slug}"),
            path=f"/admin/ballots/{slug}/codes",
            may_make=is_before_close(ballot, self._context.clock()),
            next_number=len(batches) + 1,
            most=LARGEST_BATCH,
            longest_place=LONGEST_PLACE,
            batches=batches,
            trouble=trouble,
            typed={name: form.one(name) for name in ("cards", "place", "kind", "code", "batch", "reason")},
        )
        return self._pages.response(request, "admin/codes.html", page, status)


def _wanted(form: Form) -> Wanted:
    number, cards = row_number(form.one("number")), row_number(form.one("cards").strip())
    return Wanted(number, cards, form.one("place").strip(), form.one("kind") == "test")
