"""Who works here: an owner gives sign-in links and ends access."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.gate import Endpoint, staff_of
from civic.admin.pages import Trouble
from civic.kernel.context import Context
from civic.kernel.errors import CivicError
from civic.staff.actions import Invitation, invite_staff, remove_staff
from civic.staff.queries import Present, actor_of, present_staff
from civic.staff.rules import OWNER, ROLES
from civic.web import Pages, reader_of
from civic.web.forms import Form, read_form
from civic.web.times import moment


@dataclass(frozen=True)
class StaffRow:
    """Somebody who works here. ``own``: it is the reader, who cannot end or change that account."""

    name: str
    role: str
    link_until: str | None
    signed_in: bool
    own: bool


@dataclass(frozen=True)
class IssuedLink:
    """A sign-in link, shown this one time."""

    name: str
    role: str
    url: str
    until: str


@dataclass(frozen=True)
class StaffPage:
    """``/admin/staff``. ``typed`` gives back what was typed when it was refused."""

    rows: tuple[StaffRow, ...]
    roles: tuple[str, ...]
    issued: IssuedLink | None
    trouble: Trouble | None
    typed_name: str
    typed_role: str


class Accounts:
    """One method a page or form; all for owners only."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", "/admin/staff", self.show, (OWNER,)),
            ("POST", "/admin/staff", self.invite, (OWNER,)),
            ("POST", "/admin/staff/removals", self.remove, (OWNER,)),
        ]

    async def show(self, request: Request) -> Response:
        """Everybody who works here."""
        return await self._page(request)

    async def invite(self, request: Request) -> Response:
        """Make a link and show it at once: it is kept nowhere, so it cannot be shown again."""
        form = await read_form(request)
        try:
            async with self._context.database.writing() as session:
                invitation = await invite_staff(
                    session, staff_of(request).actor, form.one("name"), form.one("role"), self._context.clock()
                )
        except CivicError as refusal:
            return await self._refused(request, "invite", form, refusal)
        return await self._page(request, issued=self._issued(invitation, reader_of(request).lang))

    async def remove(self, request: Request) -> Response:
        """End somebody's access at once."""
        form = await read_form(request)
        try:
            async with self._context.database.writing() as session:
                await remove_staff(session, staff_of(request).actor, form.one("name"), self._context.clock())
        except CivicError as refusal:
            return await self._refused(request, "remove", Form({}), refusal)
        return RedirectResponse(reader_of(request).link("/admin/staff"), 303)

    def _issued(self, invitation: Invitation, lang: str) -> IssuedLink:
        url = f"{self._context.settings.base_url}{invitation.path}"
        return IssuedLink(invitation.name, invitation.role, url, moment(invitation.expires_at, lang))

    async def _refused(self, request: Request, name: str, form: Form, refusal: CivicError) -> Response:
        trouble = Trouble(name, refusal.sentence(reader_of(request).lang))
        return await self._page(request, form=form, trouble=trouble, status=refusal.status)

    async def _page(
        self,
        request: Request,
        *,
        issued: IssuedLink | None = None,
        form: Form | None = None,
        trouble: Trouble | None = None,
        status: int = 200,
    ) -> Response:
        async with self._context.database.reading() as session:
            present = await present_staff(session, self._context.clock())
        reader, lang = staff_of(request).actor, reader_of(request).lang
        page = StaffPage(
            rows=tuple(_row(person, reader, lang) for person in present),
            roles=ROLES,
            issued=issued,
            trouble=trouble,
            typed_name=form.one("name") if form else "",
            typed_role=form.one("role") if form else "",
        )
        return self._pages.response(request, "admin/staff.html", page, status)


def _row(person: Present, reader: str, lang: str) -> StaffRow:
    return StaffRow(
        name=person.account.name,
        role=person.account.role,
        link_until=moment(person.link_until, lang) if person.link_until else None,
        signed_in=person.signed_in,
        own=actor_of(person.account) == reader,
    )
