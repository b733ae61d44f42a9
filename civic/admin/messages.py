"""What all friends are told, from a staff page: first what it costs, then one press."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.deeds import row_number
from civic.admin.gate import Endpoint, staff_of
from civic.admin.pages import Trouble
from civic.admin.pages_ballots import Named, SendPage
from civic.admin.sending import AskLine, Plan, Quota
from civic.admin.words import delivery
from civic.ballots.queries import ballot_by_slug
from civic.installations.queries import installation_of
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.i18n import localized, translate
from civic.outbox.about import ANNOUNCEMENT, INSTALLATION, RESULT, About
from civic.web import Pages, reader_of, words

STOPPED = "quota"
"""The state of delivery in which somebody has to press again."""


@dataclass(frozen=True)
class Message:
    """What would be sent, in the reader's language: a heading, and what people get."""

    title: str
    says: str


class MessagePages:
    """One page a message: GET tells what it costs and how far it is, POST plans it; the worker sends."""

    def __init__(self, context: Context, ask_line: AskLine) -> None:
        self._context = context
        self._ask_line = ask_line
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", "/admin/ballots/{ballot}/send/{what}", self.show, ("planner",)),
            ("POST", "/admin/ballots/{ballot}/send/{what}", self.send, ("planner",)),
        ]

    async def show(self, request: Request) -> Response:
        """What it costs, or how far it is."""
        return await self._page(request, None, 200)

    async def send(self, request: Request) -> Response:
        """Plan it. A second press plans nothing new."""
        about = about_of(request)
        try:
            announcer = await self._ask_line()  # nothing but the database is awaited inside a transaction
            async with self._context.database.writing() as session:
                await ballot_by_slug(session, about.ballot, lock=True)
                await announcer.plan(session, staff_of(request).actor, about, self._context.clock())
        except CivicError as refusal:
            return await self._page(request, refusal, refusal.status)
        return RedirectResponse(reader_of(request).link(request.scope["path"]), 303)

    async def _page(self, request: Request, refusal: CivicError | None, status: int) -> Response:
        lang, about = reader_of(request).lang, about_of(request)
        async with self._context.database.reading() as session:
            ballot = await ballot_by_slug(session, about.ballot)
            message = await described(session, ballot.id or 0, about, lang)
        plan, quota = None, None
        try:
            announcer = await self._ask_line()
            quota = announcer.quota
            async with self._context.database.reading() as session:
                plan = await announcer.preview(session, about)
        except CivicError as unable:
            refusal = refusal or unable
        page = SendPage(
            ballot=Named(localized(ballot.title, lang), f"/admin/ballots/{ballot.slug}"),
            path=request.scope["path"],
            title=message.title,
            says=message.says,
            recipients=plan.recipients if plan else None,
            messages=plan.messages if plan else None,
            left=quota_left(quota, lang) if plan else "",
            states=delivery(plan.states, lang) if plan else (),
            may_send=plan is not None and may_send(plan),
            button=button_words(plan.states if plan else {}, lang),
            trouble=Trouble("send", refusal.sentence(lang)) if refusal else None,
        )
        return self._pages.response(request, "admin/send.html", page, status)


def about_of(request: Request) -> About:
    """What the address asks to send: ``announcement``, ``result`` or ``installation-3``. NotFound otherwise."""
    what, ballot = request.path_params["what"], request.path_params["ballot"]
    if what in {ANNOUNCEMENT, RESULT}:
        return About(what, ballot)
    kind, _, number = what.partition("-")
    if kind != INSTALLATION:
        raise NotFound("message_unknown", "このお知らせはありません。投票のページから選んでください。")
    return About(kind, ballot, row_number(number))


async def described(session: AsyncSession, ballot_id: int, about: About, lang: str) -> Message:
    """What a message tells. NotFound for an installation that this ballot does not have."""
    if about.kind == ANNOUNCEMENT:
        return Message(
            translate(lang, "投票のお知らせを送る"),
            translate(lang, "投票が始まったことと、「投票をみる」のボタンが届きます。"),
        )
    if about.kind == RESULT:
        return Message(
            translate(lang, "結果のお知らせを送る"),
            translate(lang, "決まった案の絵と場所、投票した人の数、決めた理由、結果へのリンクが届きます。"),
        )
    found = await installation_of(session, ballot_id, about.installation)
    status = words.installation_status(found.status, lang)
    return Message(
        translate(lang, "設置のお知らせを送る"),
        translate(lang, "案の絵と「{status}」、場所、ひとこと、結果へのリンクが届きます。", status=status),
    )


def may_send(plan: Plan) -> bool:
    """Whether a press would do something: never planned with somebody to reach, or stopped on the way."""
    return (plan.recipients > 0 and not plan.states) or STOPPED in plan.states


def button_words(states: Mapping[str, int], lang: str) -> str:
    """What the button says: the stopped rest is sent, or all of it."""
    return translate(lang, "のこりを送る") if STOPPED in states else translate(lang, "友だち全員に送る")


def quota_left(quota: Quota | None, lang: str) -> str:
    """How many messages this month still allows."""
    if quota is None:
        return translate(
            lang, "LINE から今月の残り通数を聞けませんでした。LINE 公式アカウントの管理画面で確かめてください。"
        )
    if quota.limit is None:
        return translate(lang, "今月の送信数に上限はありません。")
    left, limit = max(quota.limit - quota.used, 0), quota.limit
    return translate(lang, "今月の残り {left}通（上限 {limit}通）", left=f"{left:,}", limit=f"{limit:,}")
