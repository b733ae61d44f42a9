"""A message to a whole city: planned, and sent to an endpoint of this machine next to LINE's own SDK.

Planning finds and freezes the recipients and writes the chunks down; sending is what the worker does, with every
attempt noted before it is made and every answer noted after it. The SDK is given the same messages, a ballot of
twelve cards, and lists of the same length; it plans nothing and notes nothing.
"""

import asyncio
import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy as sa

from civic.bench.installation import Installation, count_rows, make_installation, sqlite_url
from civic.bench.measuring import Bench, Report, interleave, require
from civic.bench.multicasts import CHUNK, Job, Sent
from civic.bench.servers import Server, do_apart, line_end
from civic.kernel.context import Context, open_context
from civic.kernel.db.fixed import Fixed, run_fixed
from civic.residents.accounts import ACCOUNT_HASH, Accounts

PEOPLE = 1_000_000
OF_THE_SDK = 100_000
"""The SDK takes so much longer that a tenth is long enough to be measured."""

PLANNED_WITHIN_S = 10.0
GOAL = 8.0
MOST_MB = 300.0
_LANGUAGES = ("ja",) * 90 + ("en",) * 7 + ("ja@easy",) * 3
_FOLLOWS = (
    "insert into resident (line_id_hash, line_id_sealed, language, follows, follow_changed_ms, messages_stopped, "
    "relations) values (?, ?, ?, 1, 0, 0, '[]')"
)
_FRIENDS = Fixed(sqlite=_FOLLOWS, postgresql="")
_FORGOTTEN = ("campaign_letter", "delivery_chunk", "campaign")


@dataclass(frozen=True)
class City:
    """An installation with all its friends, and what stands for LINE."""

    made: Installation
    people: int
    line: Server

    @property
    def url(self) -> str:
        """Where LINE stands."""
        return f"http://127.0.0.1:{self.line.port}"

    def ours(self) -> Sent:
        """Plan and send; then everybody must have been written to once."""
        sent = _sent(Job("ours", str(self.made.folder), self.made.database_url, self.url))
        (self.made.folder / "body").write_bytes(self._told("first"))
        require(sent.people == self.people, "not everybody was planned")
        self._require_once(sent)
        _forget(self.made)
        return sent

    def sdk(self) -> Sent:
        """The same messages by LINE's SDK, to lists of the same length."""
        body = (self.made.folder / "body").read_text()
        people = min(OF_THE_SDK, self.people)
        sent = _sent(Job("sdk", "", "", self.url, body, people))
        theirs, ours = json.loads(self._told("first")), json.loads(body)
        require(theirs["messages"] == ours["messages"], "the SDK did not send the same messages")
        self._require_once(sent)
        return sent

    def _require_once(self, sent: Sent) -> None:
        taken = json.loads(self._told("taken"))
        once = taken["recipients"] == taken["different"] == sent.people
        require(once and taken["keys"] == taken["requests"], f"not everybody was written to once: {taken}")

    def _told(self, what: str) -> bytes:
        with urlopen(f"{self.url}/{what}", timeout=60) as answer:  # noqa: S310 - our own process
            return bytes(answer.read())


def run(bench: Bench) -> Report:
    """Seed once, then plan and send in turns with the SDK."""
    report = Report()
    people = bench.sized(PEOPLE, 20_000)
    with ExitStack() as stack:
        city = City(_settled(bench.folder, people), people, stack.enter_context(line_end(bench.folder)))
        city.ours()
        contestants = {"ours": city.ours}
        if find_spec("linebot") is not None:
            contestants["sdk"] = city.sdk
        else:
            report.notes.append("line-bot-sdk is not installed: nothing to compare with (a development package)")
        found = interleave(contestants, bench.rounds)
    _tell(report, people, found)
    return report


def _tell(report: Report, people: int, found: dict[str, list[Sent]]) -> None:
    ours = found["ours"]
    planned = report.line(f"{people:,} recipients planned", "s", [sent.plan_s for sent in ours])
    report.line("of it CPU time", "s", [sent.plan_cpu_s for sent in ours])
    report.line("of it with the database locked", "s", [sent.locked_s for sent in ours])
    speed = report.line("sent by us", "people/s", [sent.people / sent.send_s for sent in ours])
    report.line("CPU time of a request", "ms", [_request_ms(sent) for sent in ours])
    memory = report.line("most memory, planning and sending", "MB", [sent.peak_mb for sent in ours])
    report.at_most(f"seconds to plan {people:,}", PLANNED_WITHIN_S, planned)
    report.at_most("most memory in MB", MOST_MB, memory)
    if "sdk" in found:
        theirs = report.line("sent by line-bot-sdk", "people/s", [s.people / s.send_s for s in found["sdk"]])
        report.line("CPU time of a request of the SDK", "ms", [_request_ms(sent) for sent in found["sdk"]])
        report.at_least("people a second / line-bot-sdk", GOAL, speed / theirs)
    report.checked.append("after every run: everybody written to once, each chunk under a key of its own")


def _request_ms(sent: Sent) -> float:
    return sent.send_cpu_s / (sent.people / CHUNK) * 1000


def _settled(folder: Path, people: int) -> Installation:
    """An installation in which so many people are friends, in three languages, as if at random."""
    made = make_installation(folder / "city", sqlite_url(folder / "city"))
    asyncio.run(_befriend(made, people))
    return made


async def _befriend(made: Installation, people: int) -> None:
    context = open_context(made.settings)
    try:
        async with context.database.writing() as session:
            await run_fixed(session, _FRIENDS, list(_friends(context, people)))
    finally:
        await context.database.close()


def _friends(context: Context, people: int) -> Iterator[tuple[bytes, bytes, str]]:
    accounts, dice = Accounts(context.vault), random.Random(people)  # noqa: S311 - repeatable on purpose
    for number in range(people):
        account = f"U{number:032x}"
        yield context.vault.keyed_hash(account, ACCOUNT_HASH), accounts.seal(account), dice.choice(_LANGUAGES)


def _forget(made: Installation) -> None:
    """The campaign must be done; then it is as if it had never been, and can be planned again."""
    require(count_rows(made.database_url, "campaign", "state = 'done'") == 1, "the campaign is not done")
    asyncio.run(_erase(made))


async def _erase(made: Installation) -> None:
    context = open_context(made.settings)
    try:
        async with context.database.writing() as session:
            for table in _FORGOTTEN:
                await (await session.connection()).execute(sa.text(f"delete from {table}"))  # noqa: S608 - ours
    finally:
        await context.database.close()


def _sent(job: Job) -> Sent:
    return Sent(**do_apart("civic.bench.multicasts", asdict(job)))
