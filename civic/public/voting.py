"""Voting in a browser by a personal link: one form, which is also わたしの票. No script needed."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from civic.codes.actions import take_card
from civic.kernel.context import Context
from civic.kernel.db.group_commit import share_appends
from civic.kernel.errors import CivicError, Conflict, Gone, InvalidInput
from civic.public.ballot_form import Asked, vote_page
from civic.votes.actions import Recorded, record_form
from civic.votes.forms import VoteForm, Wish, is_as_asked, is_form_number
from civic.votes.links import PersonalLink, read_link
from civic.web import Pages, reader_of
from civic.web.forms import Form, read_form, require_own_page
from civic.web.language import Reader

PATH = "/b/{ballot}/vote/{token}"
_WISHES: dict[str, Wish] = {"choose": "choose", "none": "none", "withdraw": "withdraw"}


def voting_routes(context: Context) -> list[Route]:
    """The form, to look at and to send."""
    voting = Voting(context)
    return [Route(PATH, voting.show, methods=["GET"]), Route(PATH, voting.cast, methods=["POST"])]


class Voting:
    """Shows the form of the voter whom the link stands for, and records what comes back."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)

    async def show(self, request: Request) -> Response:
        """The form with the voter's present choices; after a form was sent also what became of it."""
        query = request.query_params
        sent = (query["sent"], query.get("as") != "other") if "sent" in query else None
        return await self._page(request, self._link(request), Asked(sent=sent))

    async def cast(self, request: Request) -> Response:
        """Record a form and lead to its page, so that a reload sends nothing again."""
        require_own_page(request, self._context.settings.base_url)
        link = self._link(request)
        form = vote_form(await read_form(request))
        try:
            recorded = await self._record(request.path_params["ballot"], link, form)
        except (InvalidInput, Gone, Conflict) as refusal:
            return await self._page(request, link, Asked(ticked=form.ticked, refusal=refusal), refusal)
        return RedirectResponse(_where_to(reader_of(request), form, recorded), 303)

    async def _record(self, ballot: str, link: PersonalLink, form: VoteForm) -> Recorded:
        async with self._context.database.writing(shown=False) as session:
            await share_appends(session)
            now = self._context.clock()
            if link.card:
                await take_card(session, ballot, link.card, now)
            return await record_form(session, ballot, link.voter, form, now, link.channel)

    async def _page(
        self, request: Request, link: PersonalLink, asked: Asked, refusal: CivicError | None = None
    ) -> Response:
        slug, lang = request.path_params["ballot"], reader_of(request).lang
        async with self._context.database.reading() as session:
            page = await vote_page(session, self._context, slug, link, asked, lang)
        over = Gone.status if not page.options else 200
        return self._pages.response(request, "vote.html", page, refusal.status if refusal else over)

    def _link(self, request: Request) -> PersonalLink:
        ballot, token = request.path_params["ballot"], request.path_params["token"]
        return read_link(self._context.vault, ballot, token, self._context.clock())


def vote_form(form: Form) -> VoteForm:
    """What was sent. InvalidInput when it is none of our forms."""
    wish = _WISHES.get(form.one("wish"))
    number = form.one("form")
    if wish is None or not is_form_number(number):
        raise InvalidInput(
            "form_unreadable", "送られた内容を読めませんでした。ページを開き直して、もう一度送ってください。"
        )
    return VoteForm(number, wish, tuple(form.every("shown")), tuple(form.every("choice")))


def _where_to(reader: Reader, form: VoteForm, recorded: Recorded) -> str:
    """The page of the form with what there is to say about it."""
    query = {"lang": reader.lang} if reader.chosen else {}
    query["sent"] = form.submission if recorded.changed else ""
    if not is_as_asked(form, recorded.vote):
        query["as"] = "other"
    return f"{reader.path}?{urlencode(query)}"
