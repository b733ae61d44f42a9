"""The addresses of LIFF and LINE Login. Without their settings there are none; the personal link remains."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from civic.ballots.queries import published_ballot
from civic.kernel.context import Context
from civic.kernel.errors import InvalidInput
from civic.kernel.i18n import localized
from civic.kernel.security import pseudonym
from civic.public.liff.keys import SigningKeys
from civic.public.liff.login import CALLBACK, COOKIE, VALID_FOR, LineLogin, Login, login_of
from civic.public.liff.tokens import account_of_liff, key_id_of
from civic.public.pages import Named
from civic.votes.channels import LINE
from civic.votes.links import PersonalLink, link_path
from civic.web import Pages, reader_of
from civic.web.forms import read_form, require_own_page

SDK = "https://static.line-scdn.net/liff/edge/2/sdk.js"


@dataclass(frozen=True)
class LiffPage:
    """``/b/{ballot}/liff``, and ``/b``, which LINE opens first and leaves for the page that was meant.

    ``ballot`` is None there; ``login_path`` is empty where LINE Login is not set up.
    """

    ballot: Named | None
    sdk: str
    liff_id: str
    login_path: str


def liff_routes(context: Context) -> list[Route]:
    """What the settings allow: LIFF, LINE Login, both or nothing."""
    settings, found = context.settings, []
    if settings.has_liff:
        liff = Liff(context)
        found += [
            Route("/b", liff.enter, methods=["GET"]),
            Route("/b/{ballot}/liff", liff.show, methods=["GET"]),
            Route("/b/{ballot}/liff", liff.exchange, methods=["POST"]),
        ]
    if settings.has_line_login:
        login = WebLogin(context)
        found += [
            Route("/b/{ballot}/login", login.begin, methods=["GET"]),
            Route(CALLBACK, login.come_back, methods=["GET"]),
        ]
    return found


class Liff:
    """Takes the id token that LINE's own script has, and gives the voting form for it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self._keys = SigningKeys(context.settings.line_login_jwks_url)

    async def enter(self, request: Request) -> Response:
        """LINE opens this address first; its script then leads to the one that was meant."""
        return self._page(request, None, "")

    async def show(self, request: Request) -> Response:
        """Who is it? LINE's script knows."""
        slug, reader = request.path_params["ballot"], reader_of(request)
        async with self._context.database.reading() as session:
            ballot = await published_ballot(session, slug)
        login = f"/b/{slug}/login" if self._context.settings.has_line_login else ""
        return self._page(request, Named(localized(ballot.title, reader.lang), f"/b/{slug}"), login)

    async def exchange(self, request: Request) -> Response:
        """A token of LIFF for the personal form. NotAllowed for any other."""
        require_own_page(request, self._context.settings.base_url)
        token, now = (await read_form(request)).one("id_token"), self._context.clock()
        key = await self._keys.key(key_id_of(token), now)
        account = account_of_liff(token, key, self._context.settings.line_login_channel_id, now)
        async with self._context.database.reading() as session:
            path = await form_path(session, self._context, request.path_params["ballot"], account)
        return RedirectResponse(reader_of(request).link(path), 303)

    def _page(self, request: Request, ballot: Named | None, login_path: str) -> Response:
        page = LiffPage(ballot, SDK, self._context.settings.liff_id, login_path)
        return self._pages.response(request, "liff.html", page, line=True)


class WebLogin:
    """To LINE's own page and back, for a browser outside LINE."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._line = LineLogin(context.settings)

    async def begin(self, request: Request) -> Response:
        """Lead to LINE; a sealed cookie remembers the way back."""
        slug, now = request.path_params["ballot"], self._context.clock()
        async with self._context.database.reading() as session:
            await published_ballot(session, slug)
        login = Login.begun(slug, reader_of(request).lang, now)
        answer = RedirectResponse(self._line.authorize_url(login), 303)
        answer.set_cookie(
            COOKIE,
            login.sealed(self._context.vault),
            max_age=int(VALID_FOR.total_seconds()),
            path=CALLBACK,
            secure=self._context.settings.base_url.startswith("https://"),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def come_back(self, request: Request) -> Response:
        """What LINE says becomes the personal form, and the cookie goes; else it ends by itself."""
        query, now = request.query_params, self._context.clock()
        login = login_of(self._context.vault, request.cookies.get(COOKIE, ""), query.get("state", ""), now)
        if "code" not in query:
            raise InvalidInput(
                "login_refused",
                "LINE のログインをやめました。投票するときは、投票のページからもう一度始めてください。",
            )
        account = await self._line.account(login, query["code"], now)
        async with self._context.database.reading() as session:
            path = await form_path(session, self._context, login.ballot, account)
        answer = RedirectResponse(f"{path}?lang={login.lang}", 303)
        answer.delete_cookie(COOKIE, path=CALLBACK)
        return answer


async def form_path(session: AsyncSession, context: Context, slug: str, account: str) -> str:
    """The form of a LINE account, the same voter as in the chat; the ballot's page while it has not opened."""
    ballot = await published_ballot(session, slug)
    key = context.keys.find(slug)
    if ballot.manifest is None or key is None:
        return f"/b/{slug}"
    voter = pseudonym(key, LINE, account)
    return link_path(context.vault, slug, PersonalLink.from_now(voter, context.clock()))
