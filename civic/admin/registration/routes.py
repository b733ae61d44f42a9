"""Registering a proposal with a model from outside: the form, the answers before saving, and saving."""

import asyncio

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civic.admin.gate import Endpoint, staff_of
from civic.admin.registration.desk import read_desk, registered_page
from civic.admin.registration.draft import Desk
from civic.admin.registration.examination import Examination, examine, planned_version
from civic.admin.registration.fields import Problem
from civic.admin.registration.pages import PageMaker, filled_form, rearranged
from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.kernel.i18n import translate
from civic.proposals.actions import correct_proposal, register_proposal
from civic.proposals.tables import Proposal
from civic.web import Pages, reader_of
from civic.web.forms import Form, FormTooLarge, Upload, read_upload_form

ROLES = ("facilitator", "planner")
_BASE = "/admin/programmes/{programme}/proposals"
_SAVE, _CHECK = "register", "check"


class Registration:
    """One method a page or form. One model at a time is examined: it may take seconds and 500 MB."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages = Pages(context.settings)
        self._turn = asyncio.Lock()
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", f"{_BASE}/new", self.blank, ROLES),
            ("POST", f"{_BASE}/new", self.answer, ROLES),
            ("GET", f"{_BASE}/{{proposal}}/edit", self.present, ROLES),
            ("POST", f"{_BASE}/{{proposal}}/edit", self.answer, ROLES),
            ("GET", f"{_BASE}/{{proposal}}/registered", self.registered, ROLES),
        ]

    async def blank(self, request: Request) -> Response:
        """The empty form."""
        desk = await self._desk(request)
        page = PageMaker(desk, reader_of(request).lang).blank()
        return self._pages.response(request, "admin/registration/form.html", page)

    async def present(self, request: Request) -> Response:
        """The form of a proposal as it is now, with what the server says of it now."""
        desk = await self._desk(request)
        assert desk.present is not None
        examination = await self._examine(request, desk, filled_form(desk, desk.present), None)
        return self._page(request, desk, examination, (), 200)

    async def answer(self, request: Request) -> Response:
        """Check what was sent and show the answers; save it when these very answers were shown before."""
        desk = await self._desk(request)
        form, upload = await read_upload_form(request, "file", self._context.settings.gate_limits.file_bytes)
        action = form.one("action") or _CHECK
        if action not in {_SAVE, _CHECK}:
            form = rearranged(form, action)
        examination = await self._examine(request, desk, form, upload)
        if action != _SAVE or examination.problems:
            return self._answers(request, desk, examination, upload)
        if (reason := _not_yet(examination, reader_of(request).lang)) is not None:
            return self._page(request, desk, examination, (reason,), Conflict.status)
        return await self._save(request, desk, examination)

    async def registered(self, request: Request) -> Response:
        """What was saved, and where to go from here."""
        page = registered_page(await self._desk(request), reader_of(request).lang)
        return self._pages.response(request, "admin/registration/registered.html", page)

    async def _examine(self, request: Request, desk: Desk, form: Form, upload: Upload | None) -> Examination:
        lang, store, limits = reader_of(request).lang, self._context.store, self._context.settings.gate_limits
        async with self._turn:
            return await asyncio.to_thread(examine, form, upload, desk, store, limits, lang)

    def _answers(self, request: Request, desk: Desk, examination: Examination, upload: Upload | None) -> Response:
        """The page after a check; after one of the small buttons only the file's trouble is told."""
        problems = examination.problems
        if examination.form.one("action") not in {_SAVE, _CHECK, ""}:
            problems = tuple(problem for problem in problems if problem.field == "file" and upload is not None)
        status = 422 if problems else 200
        if problems and upload is not None and upload.data is None:
            status = FormTooLarge.status
        return self._page(request, desk, examination, problems, status)

    def _page(
        self,
        request: Request,
        desk: Desk,
        examination: Examination,
        problems: tuple[Problem, ...],
        status: int,
    ) -> Response:
        page = PageMaker(desk, reader_of(request).lang).page(examination, problems)
        return self._pages.response(request, "admin/registration/form.html", page, status)

    async def _save(self, request: Request, desk: Desk, examination: Examination) -> Response:
        try:
            async with self._context.database.writing() as session:
                proposal = await self._write(session, request, desk, examination)
        except Conflict as refusal:
            field = "slug" if refusal.code == "proposal_slug_taken" else "main"
            problem = Problem(field, refusal.sentence(reader_of(request).lang))
            return self._page(request, desk, examination, (problem,), refusal.status)
        path = f"/admin/programmes/{desk.programme.slug}/proposals/{proposal.slug}/registered"
        return RedirectResponse(reader_of(request).link(path), 303)

    async def _write(
        self, session: AsyncSession, request: Request, desk: Desk, examination: Examination
    ) -> Proposal:
        actor, season, now = staff_of(request).actor, desk.programme.slug, self._context.clock()
        planned = planned_version(examination, desk)
        if desk.present is None:
            return await register_proposal(session, actor, season, planned, now)
        seen = examination.form.one("corrects")
        return await correct_proposal(session, actor, season, planned, int(seen) if seen.isdecimal() else 0, now)

    async def _desk(self, request: Request) -> Desk:
        names = request.path_params
        async with self._context.database.reading() as session:
            return await read_desk(session, names["programme"], names.get("proposal"), self._context.clock())


def _not_yet(examination: Examination, lang: str) -> Problem | None:
    """Why a form without problems is not saved yet; None when it may be."""
    form = examination.form
    if form.one("checked") != examination.checked:
        sentence = translate(
            lang, "確かめてから登録します。下の結果を見て、よければもう一度「登録する」を押してください。"
        )
        return Problem("answers", sentence)
    if examination.fails and not form.one("despite"):
        sentence = translate(
            lang,
            "条件に合わない場所があります。直すか、「条件に合わないまま登録する」に印をつけてください。",
        )
        return Problem("despite", sentence)
    return None
