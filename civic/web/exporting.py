"""The files of a result as answers, the same for residents and staff: names, types, and who may have what when."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from civic.ballots.queries import law_of
from civic.ballots.tables import Ballot
from civic.exports.elections import ballots_pb, standing_options
from civic.exports.queries import result_record
from civic.exports.tallies import result_csv, result_json
from civic.exports.types import ResultRecord
from civic.kernel.canonical import sha256_hex
from civic.kernel.errors import NotFound
from civic.kernel.i18n import html_lang
from civic.tallies.again import SealedVotes
from civic.tallies.methods.types import BallotGroup
from civic.tallies.publishing import ballots_may_be_published
from civic.web.language import reader_of
from civic.web.representations import is_among

MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pb": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
}
_ETAG_DIGITS = 32


@dataclass(frozen=True)
class File:
    """A file for a reader: its name without the ending, and the ending."""

    stem: str
    ending: str

    @property
    def headers(self) -> dict[str, str]:
        """It is saved under its name, and never shown as a page of ours."""
        name = f"{self.stem}.{self.ending}"
        return {
            "content-type": MEDIA_TYPES[self.ending],
            "content-disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}",
            "content-security-policy": "default-src 'none'; sandbox",
        }


async def required_record(session: AsyncSession, ballot: Ballot) -> ResultRecord:
    """What the files say. NotFound until the ballot is sealed and counted."""
    record = await result_record(session, ballot)
    if record is None:
        raise NotFound(
            "results_not_published",
            "投票「{ballot}」の結果は、締め切りのあとに確定してから公開します。そのあとで、もう一度ためしてください。",
            ballot=ballot.slug,
        )
    return record


async def publishable_votes(
    session: AsyncSession, ballot: Ballot, record: ResultRecord, votes: SealedVotes
) -> tuple[BallotGroup, ...] | None:
    """The merged ballots of a sealed ballot; None when they could give a person away."""
    law = await law_of(session, ballot)
    groups = (await votes.of(session, law, record.inputs_sha256)).ballots
    return groups if ballots_may_be_published(groups, len(standing_options(record))) else None


def json_answer(record: ResultRecord) -> Response:
    """``{ballot}-result.json``."""
    return Response(result_json(record), headers=File(f"{record.ballot}-result", "json").headers)


def csv_answer(record: ResultRecord, request: Request) -> Response:
    """``{ballot}-result.csv`` with headings in the reader's language."""
    lang = html_lang(reader_of(request).lang)
    headers = {"content-language": lang, "vary": "accept-language"}
    return Response(result_csv(record, lang), headers=File(f"{record.ballot}-result", "csv").headers | headers)


def pb_answer(record: ResultRecord, groups: tuple[BallotGroup, ...] | None, request: Request) -> Response:
    """``{ballot}.pb``, streamed. NotFound, with the reason, when the ballots are not published."""
    if groups is None:
        raise NotFound(
            "ballots_not_published",
            "この投票では案が多く、一人ひとりの選びかたがほとんどちがいます。だれの票か分かるおそれがあるので、"
            "票の組は公開しません。案ごとの票の数は、結果のページにあります。",
        )
    etag = f'"{sha256_hex(result_json(record))[:_ETAG_DIGITS]}-pb"'
    headers = File(record.ballot, "pb").headers | {"etag": etag, "cache-control": "no-cache"}
    if is_among(etag.encode(), request.headers.get("if-none-match", "").encode()):
        return Response(status_code=304, headers={"etag": etag, "cache-control": "no-cache"})
    return StreamingResponse(ballots_pb(record, groups), headers=headers)
