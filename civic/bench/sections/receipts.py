"""Receipts made for votes: how fast a backlog is worked off, and whether they keep up while votes pour in.

A receipt is made when the event has left the inbox, the voter's cached vote is refreshed and the reply stands in
the outbox, all in one transaction. Voters come back and choose as if at random, so that few receipts are alike.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from ulid import ULID

from civic.bench.installation import (
    BALLOT,
    Installation,
    count_rows,
    make_installation,
    signed_votes,
    sqlite_url,
)
from civic.bench.load import Outcome, write_requests
from civic.bench.measuring import Bench, Report, interleave, require
from civic.bench.postgres import PostgresServer, cluster
from civic.bench.servers import Server, asgi_server, civic_server, civic_worker, tree_cpu_seconds
from civic.kernel.clock import now
from civic.kernel.context import open_context
from civic.tallies.queries import recount
from webhooks.line.channel import open_drain

GOAL = 0.4
BACKLOG = 10_000
SECONDS = 3.0
LEAST_SECONDS = 1.5
"""A worker of its own looks into an empty inbox twice a second."""

CONNECTIONS = 64
VOTERS = 20_000
MOST_PER_SECOND = 12_000
"""Requests prepared for a second; a server that answers more ends its run early, which changes nothing."""

DRAINED_WITHIN_S = 50.0
"""Replies are owed for less than a minute: what takes longer could not be told to anybody."""


@dataclass(frozen=True)
class Drained:
    """A backlog worked off: receipts, seconds, CPU seconds of the worker and of the database's own processes."""

    receipts: int
    seconds: float
    worker_cpu: float
    database_cpu: float


@dataclass(frozen=True)
class Rush:
    """What the load generator saw, and the receipts made at the same time."""

    outcome: Outcome
    receipts: int

    @property
    def receipts_per_second(self) -> float:
        """Receipts made a second while votes came in."""
        return self.receipts / self.outcome.seconds


@dataclass
class Voting:
    """An installation with a server to which votes are sent, every time new ones."""

    made: Installation
    server: Server
    postgres: PostgresServer | None = None
    sent: int = 0

    def send(self, number: int, seconds: float) -> Outcome:
        """Up to so many votes for so long, as fast as the answers come; all of them must be taken."""
        file = self.made.folder / "requests"
        write_requests(file, signed_votes(self.made, number, VOTERS, first=self.sent))
        outcome = self.server.load(file, CONNECTIONS, seconds)
        require(outcome.ok == outcome.sent > 0, f"answers other than 200: {outcome.statuses}")
        self.sent += outcome.sent
        return outcome

    def check(self) -> None:
        """As many receipts as votes answered 200, and the cached votes are what the log says."""
        url = self.made.database_url
        require(count_rows(url, "vote_log") == self.sent, "the vote log is not what was answered 200")
        require(count_rows(url, "line_inbox", "state = 'done'") == self.sent, "not every event is finished")
        require(count_rows(url, "outbox_reply") == self.sent, "not every vote has its receipt, and only one")
        require(asyncio.run(_cache_is_fold(self.made)), "the cached votes are not the fold of the log")


def run(bench: Bench) -> Report:
    """Backlogs first, then receipts during the rush."""
    report = Report()
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster())
        if postgres is None:
            report.notes.append("no PostgreSQL here: only SQLite was measured")
        with ExitStack() as doors:
            backlogs = _places(bench.folder / "backlog", postgres, partial(_door, doors))
            _measure_backlogs(bench, report, backlogs)
        rushes = _places(bench.folder / "rush", postgres, partial(_served, stack))
        _measure_rushes(bench, report, rushes)
    report.checked.append(
        "after every run: one receipt for each vote answered 200; cached votes = fold of the log"
    )
    return report


def _places(
    folder: Path, postgres: PostgresServer | None, opened: Callable[[Installation, PostgresServer | None], Voting]
) -> dict[str, Voting]:
    """One installation on SQLite and, where there is PostgreSQL, one on that."""
    found = {"SQLite": opened(make_installation(folder / "sqlite", sqlite_url(folder / "sqlite")), None)}
    if postgres is not None:
        postgres.execute(f"create database {folder.name}")
        found["PostgreSQL"] = opened(make_installation(folder / "pg", postgres.dsn(folder.name)), postgres)
    return found


def _door(stack: ExitStack, made: Installation, postgres: PostgresServer | None) -> Voting:
    """Votes are taken, and nobody makes receipts."""
    return Voting(made, stack.enter_context(asgi_server("civic.bench.door:app", made.folder, made.env)), postgres)


def _served(stack: ExitStack, made: Installation, postgres: PostgresServer | None) -> Voting:
    """As in service: the worker inside the one process on SQLite, beside it on PostgreSQL."""
    server = stack.enter_context(civic_server(made.folder, made.env))
    if postgres is not None:
        stack.enter_context(civic_worker(made.folder, made.env))
    return Voting(made, server, postgres)


def _measure_backlogs(bench: Bench, report: Report, places: Mapping[str, Voting]) -> None:
    votes = bench.sized(BACKLOG, 1_000)
    runs = interleave({name: partial(_backlog, place, votes) for name, place in places.items()}, bench.rounds)
    for name, drained in runs.items():
        report.line(f"{name}, a backlog", "receipts/s", [one.receipts / one.seconds for one in drained])
        cost = [one.worker_cpu / one.receipts * 1e6 for one in drained]
        report.line(f"{name}, CPU of the worker", "us/receipt", cost)
        if places[name].postgres is not None:
            cost = [one.database_cpu / one.receipts * 1e6 for one in drained]
            report.line(f"{name}, CPU of the database", "us/receipt", cost)


def _backlog(place: Voting, votes: int) -> Drained:
    """Let votes pile up, then work them off in this process; what is loaded only once is loaded before."""
    place.send(CONNECTIONS, 60.0)
    asyncio.run(_drain(place, CONNECTIONS))
    place.send(votes, 60.0)
    drained = asyncio.run(_drain(place, votes))
    place.check()
    return drained


async def _drain(place: Voting, votes: int) -> Drained:
    context = open_context(place.made.settings)
    database = _database_cpu(place)
    wall, worker = time.perf_counter(), time.process_time()
    try:
        await open_drain(context).run_dry()
        # Now, as the CPU time of the database's process for us goes with it.
        wall, worker = time.perf_counter() - wall, time.process_time() - worker
        return Drained(votes, wall, worker, _database_cpu(place) - database)
    finally:
        await context.database.close()


def _measure_rushes(bench: Bench, report: Report, places: Mapping[str, Voting]) -> None:
    seconds = max(SECONDS * bench.scale, LEAST_SECONDS)
    for place in places.values():
        _rush(place, 0.3)
    runs = interleave({name: partial(_rush, place, seconds) for name, place in places.items()}, bench.rounds)
    for name, rushes in runs.items():
        taken = report.line(f"{name}, votes taken", "votes/s", [rush.outcome.per_second for rush in rushes])
        made = report.line(
            f"{name}, receipts meanwhile", "receipts/s", [rush.receipts_per_second for rush in rushes]
        )
        report.line(f"{name}, p99 of the votes", "ms", [rush.outcome.p99_ms for rush in rushes])
        report.at_least(f"{name}: receipts per vote at the same time", GOAL, made / taken)


def _rush(place: Voting, seconds: float) -> Rush:
    """Votes as fast as they are taken; when it is over, the receipts that are still owed are waited for."""
    outcome = place.send(int(MOST_PER_SECOND * seconds), seconds)
    end = now()
    _wait_until_drained(place)
    made = _replies_between(place, end - timedelta(seconds=outcome.seconds), end)
    place.check()
    return Rush(outcome, made)


def _wait_until_drained(place: Voting) -> None:
    deadline = time.monotonic() + DRAINED_WITHIN_S
    while count_rows(place.made.database_url, "line_inbox", "state = 'done'") < place.sent:
        require(time.monotonic() < deadline, "receipts are not made")
        time.sleep(0.2)


def _replies_between(place: Voting, begin: datetime, end: datetime) -> int:
    """Replies by the time in their ids: to count them while they are made would slow them."""
    first, last = (str(ULID.from_datetime(moment))[:10] for moment in (begin, end))
    return count_rows(place.made.database_url, "outbox_reply", f"id >= '{first}' and id < '{last}'")


def _database_cpu(place: Voting) -> float:
    return tree_cpu_seconds(place.postgres.pid) if place.postgres is not None else 0.0


async def _cache_is_fold(made: Installation) -> bool:
    context = open_context(made.settings)
    try:
        async with context.database.reading() as session:
            return (await recount(session, BALLOT)).agrees
    finally:
        await context.database.close()
