"""The pages of what happened: notifications that were put aside, and who did what."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.gate import Endpoint, staff_of
from civic.admin.pages import Trouble
from civic.admin.quarantine import Quarantine, quarantine_page
from civic.admin.trail import audit_page
from civic.audit.actions import record
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.web import Pages, reader_of
from civic.web.forms import read_form


class RecordPages:
    """One method a page or form; all for planners."""

    def __init__(self, context: Context, quarantine: Quarantine) -> None:
        self._context = context
        self._quarantine = quarantine
        self._pages = Pages(context.settings)
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", "/admin/audit", self.audit, ("planner",)),
            ("GET", "/admin/quarantine", self.aside, ("planner",)),
            ("POST", "/admin/quarantine", self.run_again, ("planner",)),
        ]

    async def aside(self, request: Request) -> Response:
        """What the webhook put aside."""
        return await self._quarantine_page(request, None, 200)

    async def run_again(self, request: Request) -> Response:
        """Put one event back in the line."""
        form = await read_form(request)
        key = form.one("event")
        try:
            async with self._context.database.writing() as session:
                await self._quarantine.run_again(session, event_key(key))
                record(session, staff_of(request).actor, "quarantine.run_again", key[:16], self._context.clock())
        except CivicError as refusal:
            trouble = Trouble("quarantine", refusal.sentence(reader_of(request).lang))
            return await self._quarantine_page(request, trouble, refusal.status)
        return RedirectResponse(reader_of(request).link("/admin/quarantine"), 303)

    async def audit(self, request: Request) -> Response:
        """Who did what."""
        async with self._context.database.reading() as session:
            page = await audit_page(session, reader_of(request).lang)
        return self._pages.response(request, "admin/audit.html", page)

    async def _quarantine_page(self, request: Request, trouble: Trouble | None, status: int) -> Response:
        async with self._context.database.reading() as session:
            page = await quarantine_page(session, self._quarantine, reader_of(request).lang, trouble)
        return self._pages.response(request, "admin/quarantine.html", page, status)


def event_key(typed: str) -> bytes:
    """The key of an event from the form; NotFound when it is none."""
    try:
        return bytes.fromhex(typed)
    except ValueError:
        raise NotFound("event_unknown", "この記録はもう一度処理できません。一覧を開き直してください。") from None
