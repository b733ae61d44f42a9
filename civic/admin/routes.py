"""The addresses of the staff pages, noun by noun, each behind the gate."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from civic.admin.accounts import Accounts
from civic.admin.ballots import BallotPages
from civic.admin.codes import CodePages
from civic.admin.decision.routes import DecisionPages
from civic.admin.exports import ExportPages
from civic.admin.gate import Endpoint, Gate
from civic.admin.messages import MessagePages
from civic.admin.programmes import ProgrammePages
from civic.admin.quarantine import Quarantine
from civic.admin.records import RecordPages
from civic.admin.registration import Registration
from civic.admin.sending import Messaging
from civic.admin.signing_in import SigningIn
from civic.admin.tally.routes import TallyPages
from civic.admin.views import ViewPages
from civic.exports.paper import Paper
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.staff.rules import ROLES

GuardedRoute = tuple[str, str, Endpoint, tuple[str, ...]]
"""Method, path, endpoint, and the roles that may use it (an owner always may)."""


def router(context: Context, quarantine: Quarantine, messaging: Messaging) -> APIRouter:
    """The staff pages of an installation."""
    gate = Gate(context)
    routes = APIRouter()
    for method, path, endpoint in SigningIn(context, gate).routes:
        routes.add_route(path, endpoint, methods=[method], include_in_schema=False)
    paper, tally = Paper(), TallyPages(context)
    guarded: list[GuardedRoute] = [
        *Accounts(context).routes,
        *ProgrammePages(context).routes,
        *ViewPages(context).routes,
        *Registration(context).routes,
        *CodePages(context).routes,
        *tally.routes,
        *ExportPages(context, tally.paper, paper).routes,
        *DecisionPages(context, paper).routes,
        *BallotPages(context).routes,
        *MessagePages(context, messaging).routes,
        *RecordPages(context, quarantine).routes,
        ("GET", "/admin/{rest:path}", nothing, ROLES),
        ("POST", "/admin/{rest:path}", nothing, ROLES),
    ]
    for method, path, endpoint, roles in guarded:
        routes.add_route(path, gate.guarding(endpoint, roles), methods=[method], include_in_schema=False)
    return routes


async def nothing(request: Request) -> Response:
    """Every other address below /admin."""
    raise NotFound(
        "page_unknown", "このページはありません。アドレスを確かめるか、はじめのページから探してください。"
    )
