"""What friends are told, from a staff page: how it looks and what it costs first, a test, then one press."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin import message_reading as reading
from civic.admin.deeds import local_time, row_number
from civic.admin.gate import Endpoint, staff_of
from civic.admin.pages import Trouble
from civic.admin.pages_ballots import Named
from civic.admin.pages_messages import Delivery, Preview, SendPage
from civic.admin.schedules import schedule, unschedule
from civic.admin.sending import Announcer, Messaging, Plan
from civic.ballots.queries import ballot_by_slug
from civic.ballots.tables import Ballot
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, InvalidInput, NotFound
from civic.kernel.i18n import LANGUAGES, localized, translate
from civic.outbox.about import EVALUATION, INSTALLATION, OF_BALLOT, About
from civic.residents.testers import invite_tester, remove_tester
from civic.web import Pages, reader_of
from civic.web.forms import Form, read_form
from civic.web.headers import content_security_policy

_PATH = "/admin/ballots/{ballot}/send/{what}"


@dataclass(frozen=True)
class Outcome:
    """What a press came to, to be said on the page: a refusal, a word for a tester, what a test did."""

    refusal: CivicError | None = None
    form: str = "send"
    word: str = ""
    done: str = ""

    @property
    def status(self) -> int:
        """Of the answer."""
        return self.refusal.status if self.refusal is not None else 200


Deed = Callable[[Request, About, Form], Awaitable[Outcome]]


class MessagePages:
    """One page a message: GET tells what it costs and how far it is, POST plans it; the worker sends."""

    def __init__(self, context: Context, messaging: Messaging) -> None:
        self._context = context
        self._messaging = messaging
        self._pages = Pages(context.settings)
        planner = ("planner",)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", "/admin/chat.css", self.stylesheet, planner),
            ("GET", _PATH, self.show, planner),
            ("GET", f"{_PATH}/live", self.live, planner),
            ("GET", f"{_PATH}/letter", self.letter, planner),
            ("POST", _PATH, self.press, planner),
        ]
        self._deeds: Mapping[str, tuple[str, Deed]] = {
            "send": ("send", self._send),
            "give_up": ("give_up", self._give_up),
            "schedule": ("schedule", self._schedule),
            "unschedule": ("schedule", self._unschedule),
            "invite": ("test", self._invite),
            "remove": ("test", self._remove),
            "test": ("test", self._test),
        }

    async def show(self, request: Request) -> Response:
        """What it says and costs, or how far it is."""
        return await self._page(request, Outcome())

    async def live(self, request: Request) -> Response:
        """How far it is, as a part of the page. LINE is not asked."""
        about, lang = about_of(request), reader_of(request).lang
        async with self._context.database.reading() as session:
            plan = await self._messaging.unasked.preview(session, about)
            delivery = await reading.delivery_of(
                session, self._messaging.unasked, about, plan, path_of(request), lang
            )
        return self._pages.response(request, "admin/_delivery.html", delivery)

    async def letter(self, request: Request) -> Response:
        """The letter alone, drawn as a phone shows it."""
        language, ground = wished(request)
        async with self._context.database.reading() as session:
            letter = await self._messaging.previews.letter(session, about_of(request), language)
        html = self._messaging.previews.draw(letter, language, dark=ground == "dark")
        headers = {"content-security-policy": content_security_policy(framed=True)}
        return Response(html, 200, headers, "text/html")

    async def stylesheet(self, request: Request) -> Response:
        """How a drawn letter looks."""
        return Response(self._messaging.previews.stylesheet, 200, media_type="text/css")

    async def press(self, request: Request) -> Response:
        """What a form's ``deed`` asks; then back to the page, or the page with what there is to say once."""
        typed, about = await read_form(request), about_of(request)
        name = typed.one("deed") or "send"
        if name not in self._deeds:
            raise message_unknown()
        part, deed = self._deeds[name]
        try:
            outcome = await deed(request, about, typed)
        except CivicError as refusal:
            outcome = Outcome(refusal, part)
        if outcome == Outcome():
            return RedirectResponse(reader_of(request).link(path_of(request)), 303)
        return await self._page(request, outcome)

    async def _send(self, request: Request, about: About, form: Form) -> Outcome:
        """Plan it. A second press plans nothing new."""
        announcer = await self._messaging.ask_line()  # only the database is awaited inside a transaction
        async with self._context.database.reading() as session:
            draft = await announcer.draft(session, about)
        async with self._context.database.writing() as session:
            await ballot_by_slug(session, about.ballot, lock=True)
            anyway, now = form.one("anyway") == "yes", self._context.clock()
            await draft.plan(session, staff_of(request).actor, now, anyway=anyway)
        return Outcome()

    async def _give_up(self, request: Request, about: About, form: Form) -> Outcome:
        if form.one("sure") != "yes":
            raise InvalidInput("not_sure", "「取り消せないことを確かめました」に印を付けてから押してください。")
        async with self._context.database.writing() as session:
            await ballot_by_slug(session, about.ballot, lock=True)
            await self._messaging.unasked.give_up(session, about, staff_of(request).actor)
        return Outcome()

    async def _schedule(self, request: Request, about: About, form: Form) -> Outcome:
        at = local_time(form.one("at"))
        async with self._context.database.writing() as session:
            await schedule(session, staff_of(request).actor, about, at, self._context.clock())
        return Outcome()

    async def _unschedule(self, request: Request, about: About, form: Form) -> Outcome:
        async with self._context.database.writing() as session:
            await unschedule(session, staff_of(request).actor, about, self._context.clock())
        return Outcome()

    async def _invite(self, request: Request, about: About, form: Form) -> Outcome:
        actor, now, vault = staff_of(request).actor, self._context.clock(), self._context.vault
        async with self._context.database.writing() as session:
            word = await invite_tester(session, actor, vault, form.one("name"), now)
        return Outcome(form="test", word=word)

    async def _remove(self, request: Request, about: About, form: Form) -> Outcome:
        async with self._context.database.writing() as session:
            number = row_number(form.one("tester"))
            await remove_tester(session, staff_of(request).actor, number, self._context.clock())
        return Outcome()

    async def _test(self, request: Request, about: About, form: Form) -> Outcome:
        lang = reader_of(request).lang
        announcer = await self._messaging.ask_line()
        trial = await announcer.try_out(about, staff_of(request).actor)
        done = translate(lang, "テストとして {n}人に送りました。", n=trial.sent)
        if trial.refused:
            done = translate(lang, "テストを送れなかった人：{n}人。LINE に断られました。", n=trial.refused)
        return Outcome(form="test", done=done)

    async def _page(self, request: Request, outcome: Outcome) -> Response:
        about = about_of(request)
        async with self._context.database.reading() as session:
            ballot = await ballot_by_slug(session, about.ballot)
        try:
            announcer, unable = await self._messaging.ask_line(), None
        except CivicError as refusal:
            announcer, unable = self._messaging.unasked, refusal
        page = _Page(request, about, ballot, outcome, self._messaging)
        async with self._context.database.reading() as session:
            shown = await page.read(session, announcer, unable)
        return self._pages.response(request, "admin/send.html", shown, outcome.status, frames=True)


@dataclass(frozen=True)
class _Page:
    """Reads the page for one reader."""

    request: Request
    about: About
    ballot: Ballot
    outcome: Outcome
    messaging: Messaging

    @property
    def lang(self) -> str:
        return reader_of(self.request).lang

    async def read(self, session: AsyncSession, announcer: Announcer, unable: CivicError | None) -> SendPage:
        """What there is to see; ``unable``: LINE could not be asked, so nothing can be sent."""
        message = await reading.described(session, self.ballot.id or 0, self.about, self.lang)
        plan, refusal = await self._plan(session, announcer, self.outcome.refusal or unable)
        is_planned = plan is not None and plan.state != ""
        can_send = plan is not None and unable is None and reading.may_send(plan)
        form = self.outcome.form if self.outcome.refusal is not None else "send"
        return SendPage(
            ballot=Named(localized(self.ballot.title, self.lang), f"/admin/ballots/{self.ballot.slug}"),
            path=path_of(self.request),
            title=message.title,
            says=message.says,
            cost=reading.cost_of(plan, self.about, self.lang) if plan is not None and not is_planned else None,
            delivery=await self._delivery(session, announcer, plan) if plan is not None and is_planned else None,
            preview=await self._preview(session, plan),
            schedule=None if is_planned else await reading.schedule_of(session, self.about, self.lang),
            testing=await reading.testing_of(session, self.outcome.word, self.outcome.done),
            may_send=can_send,
            may_give_up=plan is not None and plan.state == reading.HALTED,
            button=reading.button_words(plan, self.about, self.lang),
            anyway=can_send and plan is not None and plan.trouble is not None,
            night=reading.night_words(plan, self.lang) if can_send else "",
            trouble=Trouble(form, refusal.sentence(self.lang)) if refusal is not None else None,
        )

    async def _plan(
        self, session: AsyncSession, announcer: Announcer, refusal: CivicError | None
    ) -> tuple[Plan | None, CivicError | None]:
        """What planning would come to, or None with the reason; what was refused before goes first."""
        try:
            plan = await announcer.preview(session, self.about)
        except CivicError as nothing_to_tell:
            return None, refusal or nothing_to_tell
        return plan, refusal or plan.trouble

    async def _delivery(self, session: AsyncSession, announcer: Announcer, plan: Plan) -> Delivery:
        path = path_of(self.request)
        return await reading.delivery_of(session, announcer, self.about, plan, path, self.lang)

    async def _preview(self, session: AsyncSession, plan: Plan | None) -> Preview | None:
        """None when there is nothing to tell, or when what was told has been erased."""
        if plan is None or plan.state == "done":
            return None
        path, previews = path_of(self.request), self.messaging.previews
        return await reading.preview_of(session, previews, self.about, path, wished(self.request), self.lang)


def about_of(request: Request) -> About:
    """What the address asks to send: ``announcement``, ``result``, ``installation-3``. NotFound otherwise."""
    what, ballot = request.path_params["what"], request.path_params["ballot"]
    if what in OF_BALLOT:
        return About(what, ballot)
    kind, _, number = what.partition("-")
    if kind not in {INSTALLATION, EVALUATION}:
        raise message_unknown()
    return About(kind, ballot, row_number(number))


def message_unknown() -> NotFound:
    """The refusal of an address or a form that asks for no message of ours."""
    return NotFound("message_unknown", "このお知らせはありません。投票のページから選んでください。")


def path_of(request: Request) -> str:
    """The address of the page that a part or a form of it belongs to."""
    return _PATH.format(**request.path_params)


def wished(request: Request) -> tuple[str, str]:
    """The language and the ground that the preview is wanted in."""
    spoken, ground = request.query_params.get("say", ""), request.query_params.get("ground", "")
    return (
        spoken if spoken in LANGUAGES else LANGUAGES[0],
        ground if ground in reading.GROUNDS else reading.GROUNDS[0],
    )
