"""Voting with a code card: the code, typed or from the QR code, leads to the personal form of its ballot."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from civic.ballots.queries import UNPUBLISHED
from civic.ballots.tables import Ballot
from civic.codes.actions import require_valid
from civic.codes.queries import card_by_code
from civic.codes.refusals import code_unknown
from civic.codes.rules import read_code
from civic.codes.tables import VotingCode
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, InvalidInput
from civic.kernel.security import pseudonym
from civic.public.tries import Tries, address_of
from civic.votes.channels import CODE
from civic.votes.links import PersonalLink, link_path
from civic.web import Pages, reader_of
from civic.web.forms import read_form, require_own_page

_EXAMPLE = "7K4M2-0Q9XR"


@dataclass(frozen=True)
class CodePage:
    """``/c``: a place to type the code of a card; ``error`` is empty, or why the typed one opened nothing."""

    typed: str
    error: str


def code_routes(context: Context) -> list[Route]:
    """The place to type a code, and the address in the QR code of a card."""
    cards = CodeCards(context)
    return [
        Route("/c", cards.ask, methods=["GET"]),
        Route("/c", cards.typed, methods=["POST"]),
        Route("/c/{code}", cards.scanned, methods=["GET"]),
    ]


class CodeCards:
    """Leads from a code to the form. Nothing changes by it: the card counts as used with its first vote."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self._tries = Tries()

    async def ask(self, request: Request) -> Response:
        """The form for a code."""
        return self._pages.response(request, "code_form.html", CodePage("", ""))

    async def typed(self, request: Request) -> Response:
        """A code that somebody typed; what was wrong with it is said on the same page."""
        require_own_page(request, self._context.settings.base_url)
        typed = (await read_form(request)).one("code")
        try:
            return await self._open(request, typed)
        except CivicError as refusal:
            page = CodePage(typed, refusal.sentence(reader_of(request).lang))
            return self._pages.response(request, "code_form.html", page, refusal.status)

    async def scanned(self, request: Request) -> Response:
        """A code from a card's QR code."""
        return await self._open(request, request.path_params["code"])

    async def _open(self, request: Request, typed: str) -> Response:
        code = _code(typed)
        card, ballot = await self._card(request, code)
        require_valid(card)
        return RedirectResponse(reader_of(request).link(self._path(ballot, card, code)), 303)

    async def _card(self, request: Request, code: str) -> tuple[VotingCode, Ballot]:
        """The card of a code and its published ballot; a wrong code uses up a try."""
        address, now = address_of(request), self._context.clock()
        self._tries.begin(address, now)
        async with self._context.database.reading() as session:
            found = await card_by_code(session, self._context.vault, code)
        if found is None or found[1].state == UNPUBLISHED:
            raise code_unknown()
        self._tries.was_right(address, now)
        return found

    def _path(self, ballot: Ballot, card: VotingCode, code: str) -> str:
        """The voter's form; the ballot's page while it has not opened."""
        key = self._context.keys.find(ballot.slug)
        if ballot.manifest is None or key is None:
            return f"/b/{ballot.slug}"
        voter = pseudonym(key, CODE, code)
        link = PersonalLink.from_now(voter, self._context.clock(), card.code_hash)
        return link_path(self._context.vault, ballot.slug, link)


def _code(typed: str) -> str:
    """The code in what was typed. InvalidInput, without looking anything up, when it cannot be one."""
    code = read_code(typed)
    if code is None:
        raise InvalidInput(
            "code_mistyped",
            "コードは英数字10文字です（例：{example}）。打ちまちがいがないか、カードを見て確かめてください。",
            example=_EXAMPLE,
        )
    return code
