"""``/demo``: the entrance to the demo, where every part of the story is a link. Only in demo mode."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from civic.ballots.queries import ballots_in_state, pinned_versions
from civic.kernel.context import Context
from civic.kernel.i18n import localized
from civic.programmes.queries import programme_by_number
from civic.public.pages import Named
from civic.web import Pages, reader_of


@dataclass(frozen=True)
class DemoPage:
    """What is open, its proposals, and where the simulated LINE is."""

    simulator: str
    ballots: tuple[Named, ...]
    proposals: tuple[Named, ...]


def router(context: Context) -> APIRouter:
    """The entrance, for an installation in demo mode."""
    pages = Pages(context.settings)
    routes = APIRouter()

    async def demo(request: Request) -> Response:
        page = await _demo_page(context, reader_of(request).lang)
        return pages.response(request, "demo.html", page)

    routes.add_route("/demo", demo, methods=["GET"], include_in_schema=False)
    return routes


async def _demo_page(context: Context, lang: str) -> DemoPage:
    ballots, proposals = [], []
    async with context.database.reading() as session:
        for ballot in await ballots_in_state(session, "open", "closed", "sealed", "decided"):
            ballots.append(Named(localized(ballot.title, lang), f"/b/{ballot.slug}"))
            programme = await programme_by_number(session, ballot.programme_id)
            for proposal, version in await pinned_versions(session, ballot.id or 0):
                title = localized(version.content["title"], lang)
                proposals.append(Named(title, f"/p/{programme.slug}/{proposal.slug}"))
    return DemoPage(f"{context.settings.line_api_url}/", tuple(ballots), tuple(proposals))
