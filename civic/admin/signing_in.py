"""Signing in with a link, and signing out. The one part of ``/admin`` that is open to everybody."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.gate import COOKIE, Endpoint, Gate
from civic.kernel.context import Context
from civic.staff.actions import accept_invitation, sign_out
from civic.staff.queries import invited
from civic.staff.rules import SESSION_LASTS
from civic.web import Pages, reader_of

INVITATION_PATH = "/admin/invitations/{token}"


@dataclass(frozen=True)
class SignInPage:
    """``/admin/sign-in``: how to get in; ``name`` is who is in already, None when nobody is."""

    name: str | None


@dataclass(frozen=True)
class InvitationPage:
    """``/admin/invitations/{token}``: the button that uses the link up."""

    name: str
    role: str
    path: str


class SigningIn:
    """One method a page or form."""

    def __init__(self, context: Context, gate: Gate) -> None:
        self._context = context
        self._gate = gate
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint]] = [
            ("GET", "/admin/sign-in", self.explain),
            ("GET", INVITATION_PATH, self.invitation),
            ("POST", INVITATION_PATH, self.accept),
            ("POST", "/admin/sign-out", self.leave),
        ]

    async def explain(self, request: Request) -> Response:
        """How staff sign in."""
        staff = await self._gate.known(request)
        return self._pages.response(request, "admin/sign_in.html", SignInPage(staff.name if staff else None))

    async def invitation(self, request: Request) -> Response:
        """Ask whether it is really this person. Changes nothing: mail programs open links on their own."""
        token = request.path_params["token"]
        async with self._context.database.reading() as session:
            account = await invited(session, token, self._context.clock())
        page = InvitationPage(account.name, account.role, INVITATION_PATH.format(token=token))
        return self._pages.response(request, "admin/sign_in_link.html", page)

    async def accept(self, request: Request) -> Response:
        """Use the link up and begin a session; one that this browser had before ends."""
        self._gate.require_own_page(request)
        async with self._context.database.writing() as session:
            now = self._context.clock()
            begun = await accept_invitation(session, request.path_params["token"], now)
            await sign_out(session, request.cookies.get(COOKIE, ""), now)
        response = RedirectResponse(reader_of(request).link("/admin"), 303)
        lasts = int(SESSION_LASTS.total_seconds())
        response.set_cookie(COOKIE, begun, max_age=lasts, path="/", secure=True, httponly=True, samesite="lax")
        return response

    async def leave(self, request: Request) -> Response:
        """End the session here and in the database."""
        self._gate.require_own_page(request)
        async with self._context.database.writing() as session:
            await sign_out(session, request.cookies.get(COOKIE, ""), self._context.clock())
        response = RedirectResponse(reader_of(request).link("/admin/sign-in"), 303)
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response
