"""``/demo``: the whole story on one page, in three frames: a chat, the place, the staff. Only in demo mode."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from civic.ballots.queries import ballots_in_state
from civic.ballots.tables import Ballot
from civic.kernel.context import Context
from civic.programmes.queries import programme_by_number
from civic.web import Pages, reader_of

_BY_INTEREST = (("open",), ("closed", "sealed", "decided"))


@dataclass(frozen=True)
class DemoPage:
    """Addresses of what the three frames show at first.

    ``can_vote`` is False when no ballot is open: then nobody can be asked to vote.
    """

    chat: str
    site: str
    planner: str
    can_vote: bool


def router(context: Context) -> APIRouter:
    """The page, for an installation in demo mode."""
    pages = Pages(context.settings)
    routes = APIRouter()

    async def demo(request: Request) -> Response:
        page = await _demo_page(context, reader_of(request).lang)
        return pages.response(request, "demo.html", page, frames=True)

    routes.add_route("/demo", demo, methods=["GET"], include_in_schema=False)
    return routes


async def _demo_page(context: Context, lang: str) -> DemoPage:
    chat = urlsplit(context.settings.line_api_url).path
    async with context.database.reading() as session:
        found = [ballot for states in _BY_INTEREST for ballot in await ballots_in_state(session, *states)]
        site = f"/p/{(await programme_by_number(session, found[0].programme_id)).slug}" if found else "/"
    return DemoPage(
        chat=f"{chat}/?lang={lang}",
        site=f"{site}?lang={lang}",
        planner=f"{_planner_path(found)}?lang={lang}",
        can_vote=bool(found) and found[0].state == "open",
    )


def _planner_path(ballots: list[Ballot]) -> str:
    return f"/admin/ballots/{ballots[0].slug}" if ballots else "/admin"
