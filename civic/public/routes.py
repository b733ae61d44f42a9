"""The addresses of the resident pages."""

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.ids import normalize_receipt
from civic.proposals.queries import model_may_be_shown
from civic.public import downloads
from civic.public.ballots import ballot_page
from civic.public.codes import code_routes
from civic.public.files import file_routes
from civic.public.home import home_page
from civic.public.liff import liff_routes
from civic.public.pages import PrivacyPage
from civic.public.pages_ballots import ReceiptForm
from civic.public.programmes import programme_page
from civic.public.proposals import proposal_page
from civic.public.receipts import receipt_page
from civic.public.results import results_page
from civic.public.voting import voting_routes
from civic.web import Pages, Shared, reader_of

QUARANTINE_DAYS = 7

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MODEL_HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
}

SHARED = (
    Shared("/", is_page=True),
    Shared("/p/{programme}", is_page=True),
    Shared("/p/{programme}/{proposal}", is_page=True),
    Shared("/b/{ballot}", is_page=True),
    Shared("/b/{ballot}/results", is_page=True),
    Shared("/privacy", is_page=True),
    *downloads.SHARED,
)
"""Pages that are the same for everybody who reads a language. A receipt is looked up, never kept."""


def router(context: Context) -> APIRouter:
    """The resident pages of an installation."""
    pages = PublicPages(context)
    routes = APIRouter()
    for path, endpoint in pages.routes.items():
        routes.add_route(path, endpoint, methods=["GET"], include_in_schema=False)
    routes.routes.extend(file_routes(context))
    routes.routes.extend(downloads.download_routes(context))
    routes.routes.extend(voting_routes(context))
    routes.routes.extend(code_routes(context))
    routes.routes.extend(liff_routes(context))
    return routes


class PublicPages:
    """One method a page: read in one session, then render."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self.routes = {
            "/": self.home,
            "/p/{programme}": self.programme,
            "/p/{programme}/{proposal}": self.proposal,
            "/b/{ballot}": self.ballot,
            "/b/{ballot}/results": self.results,
            "/r": self.find_receipt,
            "/r/{receipt}": self.receipt,
            "/privacy": self.privacy,
            "/files/models/{sha256}.glb": self.model,
        }

    async def home(self, request: Request) -> Response:
        """All programmes, and what is open for voting."""
        async with self._context.database.reading() as session:
            page = await home_page(session, self._context.clock(), reader_of(request).lang)
        return self._pages.response(request, "home.html", page)

    async def programme(self, request: Request) -> Response:
        """A programme."""
        slug, lang = request.path_params["programme"], reader_of(request).lang
        async with self._context.database.reading() as session:
            page = await programme_page(session, slug, self._context.clock(), lang)
        return self._pages.response(request, "programme.html", page)

    async def proposal(self, request: Request) -> Response:
        """A proposal."""
        slugs = request.path_params["programme"], request.path_params["proposal"]
        async with self._context.database.reading() as session:
            page = await proposal_page(session, *slugs, self._context.clock(), reader_of(request).lang)
        return self._pages.response(request, "proposal.html", page, scenes=True)

    async def ballot(self, request: Request) -> Response:
        """A ballot."""
        slug, lang = request.path_params["ballot"], reader_of(request).lang
        async with self._context.database.reading() as session:
            page = await ballot_page(session, slug, self._context.clock(), lang, self._context.settings)
        return self._pages.response(request, "ballot.html", page)

    async def results(self, request: Request) -> Response:
        """The results, once they are published; until then, when that will be."""
        slug, lang = request.path_params["ballot"], reader_of(request).lang
        async with self._context.database.reading() as session:
            page = await results_page(session, slug, self._context.clock(), lang)
        return self._pages.response(request, "results.html", page)

    async def find_receipt(self, request: Request) -> Response:
        """A form for a receipt number; a number that could be one leads to its page."""
        typed = request.query_params.get("code", "")
        code = normalize_receipt(typed)
        if code is not None:
            return RedirectResponse(reader_of(request).link(f"/r/{code}"), 303)
        status = 422 if typed else 200
        return self._pages.response(request, "receipt_form.html", ReceiptForm(typed), status)

    async def receipt(self, request: Request) -> Response:
        """What a receipt number stands for."""
        async with self._context.database.reading() as session:
            page = await receipt_page(session, request.path_params["receipt"], reader_of(request).lang)
        return self._pages.response(request, "receipt.html", page)

    async def privacy(self, request: Request) -> Response:
        """What is kept, for what, and how to leave."""
        settings = self._context.settings
        page = PrivacyPage(QUARANTINE_DAYS, login=settings.has_line_login, liff=settings.has_liff)
        return self._pages.response(request, "privacy.html", page)

    async def model(self, request: Request) -> Response:
        """The 3D model of a published version; its name is its content, so it may be kept for ever."""
        sha256 = request.path_params["sha256"]
        path = self._context.store.path(sha256)
        async with self._context.database.reading() as session:
            shown = _SHA256.fullmatch(sha256) is not None and await model_may_be_shown(session, sha256)
        if not shown or not path.is_file():
            raise NotFound(
                "model_unknown",
                "この3Dモデルはありません。提案のページを開き直して、そこから選んでください。",
            )
        return FileResponse(
            path, media_type="model/gltf-binary", filename=f"{sha256[:12]}.glb", headers=_MODEL_HEADERS
        )
