"""The planner's tally page, and its form for paper."""

from starlette.requests import Request
from starlette.responses import Response

from civic.admin.ballot_reading import Look
from civic.admin.gate import Endpoint
from civic.admin.tally.raking import RELATIONS
from civic.admin.tally.reading import Asked, TallyReader
from civic.kernel.context import Context
from civic.kernel.db import clean_text
from civic.web import Pages, reader_of

MOST_TYPED = 200


class TallyPages:
    """One method a page; all for planners."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self._reader = TallyReader(context.database)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", "/admin/ballots/{ballot}/tally", self.show, ("planner",)),
            ("GET", "/admin/ballots/{ballot}/tally/print", self.paper, ("planner",)),
        ]

    async def show(self, request: Request) -> Response:
        """The result with all that defends it; nothing of it before the sealing."""
        return await self._page(request, "admin/tally/page.html", paper=False)

    async def paper(self, request: Request) -> Response:
        """The same for A4: every table open, no forms."""
        return await self._page(request, "admin/tally/print.html", paper=True)

    async def _page(self, request: Request, template: str, *, paper: bool) -> Response:
        look = Look(reader_of(request).lang, self._context.clock())
        page = await self._reader.page(request.path_params["ballot"], look, asked_of(request), paper=paper)
        return self._pages.response(request, template, page)


def asked_of(request: Request) -> Asked:
    """What an address asks beside the result, cut to what a field holds."""
    typed = {name: clean_text(value)[:MOST_TYPED] for name, value in request.query_params.items()}
    return Asked(
        budget=typed.get("budget", ""),
        source=typed.get("source", ""),
        held_on=typed.get("held_on", ""),
        targets={relation: typed.get(f"share_{relation}", "") for relation in RELATIONS},
    )
