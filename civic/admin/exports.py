"""The files of a sealed ballot for staff."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from civic.admin.gate import Endpoint
from civic.ballots.queries import ballot_by_slug
from civic.exports.paper import Paper
from civic.exports.types import ResultRecord
from civic.exports.workbooks import result_xlsx
from civic.kernel.context import Context
from civic.tallies.again import SealedVotes
from civic.tallies.methods.types import BallotGroup
from civic.web import reader_of, words
from civic.web.exporting import File, csv_answer, json_answer, pb_answer, publishable_votes, required_record

PaperPage = Callable[[Request], Awaitable[Response]]
"""The page of the tally as it goes on paper."""


class ExportPages:
    """One method a kind of file; all for planners, and nothing of them before the sealing."""

    def __init__(self, context: Context, tally_for_paper: PaperPage, paper: Paper) -> None:
        self._context = context
        self._tally_for_paper = tally_for_paper
        self._paper = paper
        self._votes = SealedVotes()
        at = "/admin/ballots/{ballot}/tally"
        self.routes: list[tuple[str, str, Endpoint, tuple[str, ...]]] = [
            ("GET", f"{at}.json", self.json, ("planner",)),
            ("GET", f"{at}.csv", self.csv, ("planner",)),
            ("GET", f"{at}.xlsx", self.xlsx, ("planner",)),
            ("GET", f"{at}.pb", self.pb, ("planner",)),
            ("GET", f"{at}.pdf", self.pdf, ("planner",)),
        ]

    async def json(self, request: Request) -> Response:
        """Everything published, as canonical JSON."""
        return json_answer((await self._read(request))[0])

    async def csv(self, request: Request) -> Response:
        """A table that Excel in Japan opens."""
        return csv_answer((await self._read(request))[0], request)

    async def xlsx(self, request: Request) -> Response:
        """A workbook."""
        record, groups = await self._read(request, with_votes=True)
        lang = reader_of(request).lang
        rule = words.method_rule(record.report["method"], record.budget_yen, lang)
        content = await asyncio.to_thread(result_xlsx, record, groups, rule, lang)
        return Response(content, headers=File(f"{record.ballot}-result", "xlsx").headers)

    async def pb(self, request: Request) -> Response:
        """The merged ballots in Pabulib's format, under the same rule as for everybody."""
        record, groups = await self._read(request, with_votes=True)
        return pb_answer(record, groups, request)

    async def pdf(self, request: Request) -> Response:
        """The page of the tally for paper, as PDF."""
        record, _ = await self._read(request)
        page = await self._tally_for_paper(request)
        content = await self._paper.pdf(bytes(page.body))
        return Response(content, headers=File(f"{record.ballot}-tally", "pdf").headers)

    async def _read(
        self, request: Request, *, with_votes: bool = False
    ) -> tuple[ResultRecord, tuple[BallotGroup, ...] | None]:
        """What the files say; NotFound before the sealing. Votes None: not asked for, or not to be published."""
        async with self._context.database.reading() as session:
            ballot = await ballot_by_slug(session, request.path_params["ballot"])
            record = await required_record(session, ballot)
            if not with_votes:
                return record, None
            return record, await publishable_votes(session, ballot, record, self._votes)
