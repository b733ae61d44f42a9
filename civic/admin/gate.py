"""Who may see staff pages: whoever is signed in with a fitting role; in demo mode, somebody at this machine."""

import ipaddress
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotAllowed, NotFound
from civic.kernel.i18n import translate
from civic.kernel.settings import Settings
from civic.staff.actions import note_use
from civic.staff.queries import actor_of, signed_in
from civic.staff.rules import OWNER, USE_NOTED_EVERY, may
from civic.web import reader_of
from civic.web.forms import require_own_page

COOKIE = "__Host-civic-staff"
"""Browsers keep a cookie of this prefix only when it is Secure, for the whole site and for no other host."""

_READS = frozenset({"GET", "HEAD"})

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Staff:
    """Who is at work: the name on the page, the role, and how the audit trail says it (``staff:3``)."""

    name: str
    role: str
    actor: str

    @property
    def by_link(self) -> bool:
        """Whether a session stands behind it, which can be ended; the staff of a demo have none."""
        return self.actor != DEMO_ACTOR


DEMO_ACTOR = "demo:staff"


class SignInNeeded(CivicError):
    """Nobody is signed in."""

    status = 401


class Gate:
    """Lets staff in. Every page and form below ``/admin`` passes here, but the ones that sign in."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def guarding(self, endpoint: Endpoint, roles: Collection[str]) -> Endpoint:
        """The endpoint, only for staff with one of the roles."""

        async def guarded(request: Request) -> Response:
            await self.require(request, *roles)
            return await endpoint(request)

        return guarded

    async def require(self, request: Request, *roles: str) -> Staff:
        """Who asks, when they have one of the roles (an owner always may); kept as ``request.state.staff``.

        A form must come from a page of ours. SignInNeeded (401) without a session, NotAllowed (403) with another
        role or from another site, NotFound (404) for a demo asked from elsewhere.
        """
        self.require_own_page(request)
        staff = await self.known(request)
        if staff is None:
            raise SignInNeeded(
                "sign_in_needed",
                "職員としてのサインインが必要です。届いているサインインのリンクを開くか、"
                "管理者に新しいリンクを作ってもらってから、このページを開き直してください。",
            )
        request.state.staff = staff
        if not may(staff.role, roles):
            raise NotAllowed(
                "staff_role_needed",
                "この画面は、あなたの役割では使えません。必要なときは、管理者に役割を変えてもらってください。",
            )
        return staff

    def require_own_page(self, request: Request) -> None:
        """NotAllowed when another site's page sends something that could change data."""
        if request.method not in _READS:
            require_own_page(request, self._context.settings.base_url)

    async def known(self, request: Request) -> Staff | None:
        """Who asks, whatever the role; in a demo whoever sits at this machine, unless signed in as somebody."""
        if self._context.settings.mode != "demo":
            return await self._signed_in(request)
        require_local_demo(request, self._context.settings)
        lang = reader_of(request).lang
        return await self._signed_in(request) or Staff(translate(lang, "デモの職員"), OWNER, DEMO_ACTOR)

    async def _signed_in(self, request: Request) -> Staff | None:
        token, now = request.cookies.get(COOKIE), self._context.clock()
        if token is None:
            return None
        async with self._context.database.reading() as session:
            found = await signed_in(session, token, now)
        if found is None:
            return None
        if request.method not in _READS and now - found.used_at >= USE_NOTED_EVERY:
            async with self._context.database.writing() as session:
                await note_use(session, token, now)
        return Staff(found.account.name, found.account.role, actor_of(found.account))


def staff_of(request: Request) -> Staff:
    """Whom the gate has let in with this request."""
    staff: Staff = request.state.staff
    return staff


def require_local_demo(request: Request, settings: Settings) -> None:
    """NotFound unless a demo is asked from this machine and under a name of this machine.

    The name matters: a web site can point its own host name at 127.0.0.1 and would then count as the same origin.
    """
    here = request.client is not None and is_loopback(request.client.host)
    named = host_of(f"//{request.headers.get('host', '')}")
    known = named in {"localhost", host_of(settings.base_url)} or is_loopback(named)
    if not here or not known:
        raise NotFound(
            "demo_staff_is_local",
            "デモの職員の画面は、デモ（civic demo）を動かしているパソコンの中からだけ開けます。",
        )


def is_loopback(host: str) -> bool:
    """Whether a numeric address is this machine's own."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def host_of(url: str) -> str:
    """The host of a URL in lower case; empty when there is none or it cannot be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
