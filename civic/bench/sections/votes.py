"""Votes taken at POST /webhooks/line, next to a bare POST and to the same vote as tutorials write it.

The whole way of a vote runs: LINE's signature, sealing of the event, one inbox row and one row of the vote log,
and 200 only after the COMMIT. Every run stands between two runs of the bare endpoint, compared with their mean.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from civic.bench.installation import Installation, count_rows, make_installation, signed_votes, sqlite_url
from civic.bench.load import Outcome, write_requests
from civic.bench.measuring import Bench, Report, Series, require
from civic.bench.postgres import PostgresServer, cluster
from civic.bench.servers import Server, asgi_server, civic_server, tree_cpu_seconds

CONNECTIONS = 64
SECONDS = 2.0
VOTERS = 50_000
MOST_PER_SECOND = 12_000
"""Requests prepared for a second of a run; a server that answers more ends its run early, no more."""
FLAT_VOTES = 300_000
DRAINED_WITHIN_S = 120.0

BARE = "bare FastAPI POST"
SQLITE = "SQLite, votes alone"
SQLITE_WHOLE = "SQLite, with receipts meanwhile"
SQLITE_TUTORIAL = "SQLite, the tutorial way"
POSTGRES = "PostgreSQL"
POSTGRES_TWO = "PostgreSQL, 2 processes"
POSTGRES_TUTORIAL = "PostgreSQL, the tutorial way"


@dataclass(frozen=True)
class Run:
    """One run: what the load generator saw, and the CPU time of the servers, the database's included."""

    outcome: Outcome
    cpu_seconds: float

    @property
    def cpu_us(self) -> float:
        """CPU microseconds an answer."""
        return self.cpu_seconds / self.outcome.ok * 1e6


@dataclass
class Contestant:
    """A server that is asked the same thing again and again, with new events every time."""

    server: Server
    installation: Installation
    path: str
    check: Callable[[int], None]
    database_pid: int | None = None
    sent: int = 0

    def run(self, seconds: float, rate: float = 0.0) -> Run:
        """Votes for so many seconds; then what was answered 200 is compared with what was kept."""
        file = self.installation.folder / "requests"
        number = int((rate or MOST_PER_SECOND) * seconds) + CONNECTIONS
        write_requests(file, signed_votes(self.installation, number, VOTERS, first=self.sent, path=self.path))
        before = self._cpu()
        outcome = self.server.load(file, CONNECTIONS, seconds, rate=rate)
        cpu = self._cpu() - before
        every_200 = outcome.ok == outcome.sent > 0
        require(every_200, f"answers other than 200: {outcome.statuses}\n{self.server.last_words()}")
        self.sent += outcome.sent
        self.check(self.sent)
        return Run(outcome, cpu)

    def _cpu(self) -> float:
        return self.server.cpu_seconds() + (tree_cpu_seconds(self.database_pid) if self.database_pid else 0.0)


@dataclass(frozen=True)
class Compared:
    """A run of ours and the bare endpoint just before and just after it."""

    run: Run
    bare: tuple[Run, Run]

    @property
    def speed(self) -> float:
        """Answers a second over those of the bare endpoint."""
        return self.run.outcome.per_second / _mean(run.outcome.per_second for run in self.bare)

    @property
    def cpu(self) -> float:
        """CPU time an answer over that of the bare endpoint."""
        return self.run.cpu_us / _mean(run.cpu_us for run in self.bare)


def run(bench: Bench) -> Report:
    """All contestants in turns."""
    report = Report()
    seconds = max(SECONDS * bench.scale, 0.5)
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster())
        if postgres is None:
            report.notes.append("no PostgreSQL here: only SQLite was measured")
        bare, others = _contestants(stack, bench.folder, postgres)
        for contestant in (bare, *others.values()):
            contestant.run(0.3)
        runs = _in_turns(bare, others, bench.rounds, seconds)
        _write_speed(report, runs)
        _write_memory(report, others[SQLITE_WHOLE], bench)
    report.checked.append("after every run: votes in the log = votes answered 200")
    return report


def _contestants(
    stack: ExitStack, folder: Path, postgres: PostgresServer | None
) -> tuple[Contestant, dict[str, Contestant]]:
    bare, door, whole = (make_installation(folder / name, sqlite_url(folder / name)) for name in ("a", "b", "c"))
    found = {
        SQLITE: alone(stack, door),
        SQLITE_WHOLE: _whole(stack, whole),
        SQLITE_TUTORIAL: _tutorial(stack, bare, sqlite_url(bare.folder / "tutorial")),
    }
    if postgres is not None:
        one, two = (_on_postgres(folder / name, postgres, name) for name in ("one", "two"))
        postgres.execute("create database tutorial")
        found[POSTGRES] = _served(stack, one, postgres, workers=1)
        found[POSTGRES_TWO] = _served(stack, two, postgres, workers=2)
        found[POSTGRES_TUTORIAL] = _tutorial(stack, one, postgres.dsn("tutorial"), postgres)
    return bare_endpoint(stack, bare), found


def bare_endpoint(stack: ExitStack, made: Installation) -> Contestant:
    """The neighbour that does nothing; it is sent the same bodies."""
    server = stack.enter_context(asgi_server("civic.bench.bare:app", made.folder / "bare"))
    return Contestant(server, made, "/bare", lambda _: None)


def _on_postgres(folder: Path, postgres: PostgresServer, name: str) -> Installation:
    postgres.execute(f"create database {name}")
    return make_installation(folder, postgres.dsn(name))


def alone(stack: ExitStack, made: Installation) -> Contestant:
    """The application without the worker."""
    server = stack.enter_context(asgi_server("civic.bench.door:app", made.folder, made.env))
    return Contestant(server, made, "/webhooks/line", _log_holds(made))


def _whole(stack: ExitStack, made: Installation) -> Contestant:
    server = stack.enter_context(civic_server(made.folder, made.env))
    log_holds = _log_holds(made)

    def check(sent: int) -> None:
        log_holds(sent)
        wait_until_drained(made)

    return Contestant(server, made, "/webhooks/line", check)


def _served(stack: ExitStack, made: Installation, postgres: PostgresServer, workers: int) -> Contestant:
    server = stack.enter_context(civic_server(made.folder, made.env, workers))
    return Contestant(server, made, "/webhooks/line", _log_holds(made), postgres.pid)


def _tutorial(
    stack: ExitStack, made: Installation, url: str, postgres: PostgresServer | None = None
) -> Contestant:
    folder = made.folder / "tutorial"
    env = {"TUTORIAL_DATABASE_URL": url, "TUTORIAL_SECRET": made.secret}
    server = stack.enter_context(asgi_server("civic.bench.tutorial:app", folder, env))

    def check(sent: int) -> None:
        require(count_rows(url, "tutorialevent") == sent, "the tutorial's events are not those it answered 200")

    return Contestant(server, made, "/tutorial", check, postgres.pid if postgres else None)


def _log_holds(made: Installation) -> Callable[[int], None]:
    def check(sent: int) -> None:
        require(count_rows(made.database_url, "vote_log") == sent, "the vote log is not what was answered 200")

    return check


def wait_until_drained(made: Installation) -> None:
    """Wait until every event has its receipt, so that the next run has the machine for itself."""
    deadline = time.monotonic() + DRAINED_WITHIN_S
    while count_rows(made.database_url, "line_inbox", "state <> 'done'"):
        require(time.monotonic() < deadline, "receipts are not made")
        time.sleep(0.2)


def _in_turns(
    bare: Contestant, others: dict[str, Contestant], rounds: int, seconds: float
) -> dict[str, list[Compared]]:
    """Bare, ours, bare, ours, …: there and back again over the rounds."""
    found: dict[str, list[Compared]] = {name: [] for name in others}
    before = bare.run(seconds)
    for number in range(rounds):
        for name in list(others) if number % 2 == 0 else list(reversed(others)):
            ours = others[name].run(seconds)
            after = bare.run(seconds)
            found[name].append(Compared(ours, (before, after)))
            before = after
    return found


def _write_speed(report: Report, runs: dict[str, list[Compared]]) -> None:
    first = next(iter(runs.values()))
    report.line(BARE, "answers/s", [pair.bare[0].outcome.per_second for pair in first])
    report.line(f"{BARE}, CPU", "us", [pair.bare[0].cpu_us for pair in first])
    for name, pairs in runs.items():
        report.line(name, "votes/s", [pair.run.outcome.per_second for pair in pairs])
        report.line(f"{name}, CPU", "us/vote", [pair.run.cpu_us for pair in pairs])
    for name, limit in ((SQLITE, 0.8), (POSTGRES, 0.7)):
        if name in runs:
            report.at_least(f"{name}: votes/s over bare", limit, _series(pair.speed for pair in runs[name]))
            report.at_most(f"{name}: CPU a vote over bare", 1.2, _series(pair.cpu for pair in runs[name]))
    for ours, tutorial in ((SQLITE, SQLITE_TUTORIAL), (POSTGRES, POSTGRES_TUTORIAL)):
        if ours in runs:
            report.at_least(
                f"{ours}: votes/s over the tutorial way", 20, _speeds(runs, ours) / _speeds(runs, tutorial)
            )
    if POSTGRES_TWO in runs:
        costs = {name: _series(pair.run.cpu_us for pair in runs[name]) for name in (POSTGRES, POSTGRES_TWO)}
        report.at_most("2 PostgreSQL processes: CPU a vote over 1", 1.4, costs[POSTGRES_TWO] / costs[POSTGRES])


def _write_memory(report: Report, contestant: Contestant, bench: Bench) -> None:
    """Resident memory while votes pour in and receipts are made: the second half must add next to nothing."""
    seconds = max(5.0 * bench.scale, 1.0)
    goal = contestant.sent + bench.sized(FLAT_VOTES, 10_000)
    found: list[float] = []
    while contestant.sent < goal:
        contestant.run(seconds)
        found.append(contestant.server.rss_mb())
    report.line(f"memory over {bench.sized(FLAT_VOTES, 10_000):,} votes", "MB", found)
    growth = found[-1] / found[len(found) // 2]
    report.at_most("memory at the end over memory half-way", 1.1, Series((growth,)))


def _speeds(runs: dict[str, list[Compared]], name: str) -> Series:
    return _series(pair.run.outcome.per_second for pair in runs[name])


def _series(values: Iterator[float]) -> Series:
    return Series(tuple(values))


def _mean(values: Iterator[float]) -> float:
    first, second = values
    return (first + second) / 2
