"""The page of a decision: read it, record it, correct it, print it, and the polls held elsewhere beside it."""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.decision.reading import Desk, decision_page
from civic.admin.deeds import Order, row_number
from civic.admin.gate import Endpoint, staff_of
from civic.admin.pages import Trouble
from civic.admin.words import refusal_words
from civic.ballots.queries import ballot_by_slug, law_of
from civic.exports.paper import Paper
from civic.installations.actions import adopt
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, InvalidInput
from civic.tallies.actions import correct_decision, decide, record_poll, retract_poll
from civic.tallies.rules import Correction, PollDraft, Words
from civic.web import Pages, reader_of
from civic.web.exporting import File, required_record
from civic.web.forms import Form, read_form

_COUNT = re.compile(r"(?P<name>.+?)\s*[:,\t]\s*(?P<votes>[0-9][0-9,]*)")
Deed = Callable[[AsyncSession, Order], Awaitable[None]]


class DecisionPages:
    """One method a page or form; all for planners."""

    def __init__(self, context: Context, paper: Paper) -> None:
        self._context = context
        self._paper = paper
        self._pages = Pages(context.settings)
        at = "/admin/ballots/{ballot}/decision"
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", at, self.show, ("planner",)),
            ("GET", f"{at}/print", self.printed, ("planner",)),
            ("GET", f"{at}.pdf", self.pdf, ("planner",)),
            ("POST", at, self.record, ("planner",)),
            ("POST", f"{at}/poll", self.poll, ("planner",)),
            ("POST", f"{at}/retract", self.retract, ("planner",)),
        ]

    async def show(self, request: Request) -> Response:
        """The decision in all its versions, with the forms."""
        return await self._page(request, "admin/decision/page.html", Desk(reader_of(request).lang))

    async def printed(self, request: Request) -> Response:
        """The record for paper, without the office's memo."""
        desk = Desk(reader_of(request).lang, for_paper=True)
        return await self._page(request, "admin/decision/print.html", desk)

    async def pdf(self, request: Request) -> Response:
        """The same as PDF. NotFound before the sealing."""
        async with self._context.database.reading() as session:
            await required_record(session, await ballot_by_slug(session, request.path_params["ballot"]))
        page = await self.printed(request)
        name = File(f"{request.path_params['ballot']}-decision", "pdf")
        return Response(await self._paper.pdf(bytes(page.body)), headers=name.headers)

    async def record(self, request: Request) -> Response:
        """Record the first version, or a correction of the one that was read."""
        return await self._act(request, "decide", record_version)

    async def poll(self, request: Request) -> Response:
        """Record a poll held elsewhere."""
        return await self._act(request, "poll", add_poll)

    async def retract(self, request: Request) -> Response:
        """Take such a poll off the pages."""
        return await self._act(request, "retract", take_off_poll)

    async def _act(self, request: Request, name: str, deed: Deed) -> Response:
        slug, form = request.path_params["ballot"], await read_form(request)
        try:
            async with self._context.database.writing() as session:
                await ballot_by_slug(session, slug, lock=True)  # first the lock, then the time
                order = Order(slug, staff_of(request).actor, form, self._context.clock(), self._context.keys)
                await deed(session, order)
        except CivicError as refusal:
            lang = reader_of(request).lang
            desk = Desk(lang, form=form, trouble=Trouble(name, refusal_words(refusal, lang)))
            return await self._page(request, "admin/decision/page.html", desk, refusal.status)
        # After the first decision the next step, telling people, stands on the ballot's page.
        is_first = name == "decide" and not form.one("version")
        back = f"/admin/ballots/{slug}" if is_first else f"/admin/ballots/{slug}/decision"
        return RedirectResponse(reader_of(request).link(back), 303)

    async def _page(self, request: Request, template: str, desk: Desk, status: int = 200) -> Response:
        async with self._context.database.reading() as session:
            page = await decision_page(session, request.path_params["ballot"], desk)
        return self._pages.response(request, template, page, status)


async def record_version(session: AsyncSession, order: Order) -> None:
    """The decision, or with ``version`` a correction of that version; and the installations it leads to."""
    form, of_version = order.form, row_number(order.form.one("version"))
    chosen, reason, words = form.every("proposals"), form.one("reason"), words_of(form)
    if of_version:
        correction = Correction(of_version, chosen, form.one("because"))
        decision = await correct_decision(session, order.actor, order.ballot, correction, reason, order.now, words)
    else:
        decision = await decide(session, order.actor, order.ballot, chosen, reason, order.now, words)
    await adopt(session, order.actor, decision, order.now)


def words_of(form: Form) -> Words:
    """What a form says beside a decision and its reason."""
    return Words(form.one("conditions"), form.one("next_steps"), form.one("memo"))


async def add_poll(session: AsyncSession, order: Order) -> None:
    """A poll held elsewhere; an answer with the title of a proposal is that proposal."""
    form, law = order.form, await law_of(session, await ballot_by_slug(session, order.ballot))
    slugs = {title: option["proposal"] for option in law.document["options"] for title in option["title"].values()}
    poll = PollDraft(
        title=form.one("title").strip(),
        source=form.one("source").strip(),
        held_on=form.one("held_on").strip(),
        counts={slugs.get(name, name): votes for name, votes in counts_of(form.one("counts")).items()},
        note=form.one("note"),
    )
    await record_poll(session, order.actor, order.ballot, poll, order.now)


async def take_off_poll(session: AsyncSession, order: Order) -> None:
    """Retract one poll, with its reason."""
    number = row_number(order.form.one("poll"))
    await retract_poll(session, order.actor, order.ballot, number, order.form.one("reason"), order.now)


def counts_of(typed: str) -> Mapping[str, int]:
    """Lines such as ``木のベンチ: 1,200``, also in full-width letters. InvalidInput for any other line."""
    found: dict[str, int] = {}
    for line in unicodedata.normalize("NFKC", typed).splitlines():
        if not line.strip():
            continue
        match = _COUNT.fullmatch(line.strip())
        if match is None or match["name"] in found:
            raise InvalidInput(
                "poll_line_unreadable",
                "「{line}」を読めません。1行に1つ「名前: 数」の形で、同じ名前は1回だけ書いてください。",
                line=line.strip()[:60],
            )
        found[match["name"]] = int(match["votes"].replace(",", ""))
    return found
