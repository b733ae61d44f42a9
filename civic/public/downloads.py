"""The files of a published result, for everybody."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.ballots.queries import published_ballot
from civic.kernel.context import Context
from civic.tallies.again import SealedVotes
from civic.web import Shared
from civic.web.exporting import csv_answer, json_answer, pb_answer, publishable_votes, required_record

SHARED = (
    Shared("/b/{ballot}/results.json", is_page=True),
    Shared("/b/{ballot}/results.csv", is_page=True),
)
"""Before there is a result they answer with a page. The election file is streamed and may be large: not kept."""


def download_routes(context: Context) -> list[Route]:
    """The routes of the downloads; nothing is there until a ballot is sealed and counted."""
    files = Downloads(context)
    return [
        Route("/b/{ballot}/results.json", files.json),
        Route("/b/{ballot}/results.csv", files.csv),
        Route("/b/{ballot}/results.pb", files.pb),
    ]


class Downloads:
    """One method a kind of file."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._votes = SealedVotes()

    async def json(self, request: Request) -> Response:
        """The result with the decision beside it, as canonical JSON."""
        async with self._context.database.reading() as session:
            ballot = await published_ballot(session, request.path_params["ballot"])
            record = await required_record(session, ballot)
        return json_answer(record)

    async def csv(self, request: Request) -> Response:
        """The result as a table for a spreadsheet."""
        async with self._context.database.reading() as session:
            ballot = await published_ballot(session, request.path_params["ballot"])
            record = await required_record(session, ballot)
        return csv_answer(record, request)

    async def pb(self, request: Request) -> Response:
        """The merged ballots, to be counted with any program that reads Pabulib's format."""
        async with self._context.database.reading() as session:
            ballot = await published_ballot(session, request.path_params["ballot"])
            record = await required_record(session, ballot)
            groups = await publishable_votes(session, ballot, record, self._votes)
        return pb_answer(record, groups, request)
