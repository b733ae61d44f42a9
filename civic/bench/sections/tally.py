"""Counting a million votes: from the cache of folded votes next to numpy, and from the log itself.

The cache holds a million votes with one to ten of fifty choices each. Its neighbour reads the same rows through
the plain driver and counts them with ``numpy.bincount``; the database's own GROUP BY is shown beside both. The log
holds a million operations of a quarter as many voters, each with the record that its receipt stands for. Equal
shares are raised for a million voters and fifty proposals, and counted from a file of 90,000 voters and 160
proposals.
"""

import asyncio
import hashlib
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
import psycopg
from sqlalchemy.engine import make_url

from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.bench.installation import BALLOT, Installation, make_installation, proposal_slug, sqlite_url
from civic.bench.measuring import Bench, Report, Series, interleave, require
from civic.bench.postgres import PostgresServer, cluster
from civic.bench.refold import Refold, refold
from civic.bench.shares import shared
from civic.kernel.clock import now, to_ms
from civic.kernel.context import Context, open_context
from civic.kernel.db.group_commit import open_sink
from civic.tallies.counting import Approvals, count_cache
from civic.votes.actions import cache_votes
from civic.votes.operations import APPEND, Row, Step, voter_row
from civic.votes.rules import Folded

MILLION = 1_000_000
OPTIONS = 50
MOST_CHOICES = 10
GROUP = 5_000
WITHIN_S = 10.0
MEMORY_MB = 1_000.0
TIMES_NUMPY = 3.0
SHARES_WITHIN_S = 5.0
FILE_VOTERS = 90_000
FILE_WITHIN_S = 3.0

_CHOICES = "select choices from vote"
_GROUPED = {
    "SQLite": "select value, count(*) from vote, json_each('[' || replace(choices, ' ', ',') || ']') group by 1",
    "PostgreSQL": "select place::int, count(*) "
    "from vote, unnest(string_to_array(choices, ' ')) as place group by place",
}

Numbers = Mapping[int, int]
"""Voters by the place of what they chose on the ballot."""


@dataclass(frozen=True)
class Logged:
    """What the log was filled with: operations, and the votes that the last one of each voter leaves."""

    operations: int
    voters: int
    blank: int


@dataclass(frozen=True)
class Filled:
    """An installation with a full cache and a full log; ``numbers`` is what was put into the cache."""

    dialect: str
    made: Installation
    numbers: Numbers
    logged: Logged


def run(bench: Bench) -> Report:
    """SQLite, and PostgreSQL where there is one."""
    report = Report()
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster())
        if postgres is None:
            report.notes.append("no PostgreSQL here: only SQLite was measured")
        for made, dialect in _installations(bench, postgres):
            filled = asyncio.run(_fill(dialect, made, bench.sized(MILLION, 20_000)))
            _measure_cache(bench, report, filled)
            _measure_log(bench, report, filled)
    _measure_shares(bench, report)
    report.checked.append("after every run: the same numbers from the cache, numpy and GROUP BY, as were put in")
    report.checked.append("after every refold: voters and blank votes as were put in, and every record fits")
    report.checked.append("after every count by equal shares: there are winners, and they fit the budget")
    return report


def _installations(bench: Bench, postgres: PostgresServer | None) -> Iterator[tuple[Installation, str]]:
    folder = bench.folder / "sqlite"
    yield make_installation(folder, sqlite_url(folder), OPTIONS), "SQLite"
    if postgres is not None:
        postgres.execute("create database tally")
        yield make_installation(bench.folder / "pg", postgres.dsn("tally"), OPTIONS), "PostgreSQL"


def _measure_cache(bench: Bench, report: Report, filled: Filled) -> None:
    contestants: dict[str, Callable[[], float]] = {
        "tally from the cache": partial(_seconds_of_tally, filled),
        "read and numpy.bincount": partial(_seconds_of, _read_and_count, filled),
        "GROUP BY in the database": partial(_seconds_of, _group_by, filled),
    }
    series = {
        name: report.line(f"{filled.dialect}, {name}", "s", seconds)
        for name, seconds in interleave(contestants, bench.rounds).items()
    }
    ours, numpys, _ = series.values()
    report.at_most(f"{filled.dialect}: tally from the cache / read and numpy.bincount", TIMES_NUMPY, ours / numpys)


def _measure_log(bench: Bench, report: Report, filled: Filled) -> None:
    refolds = interleave({"refold": partial(_checked_refold, filled)}, bench.rounds)["refold"]
    millions = filled.logged.operations / MILLION
    report.line(f"{filled.dialect}, refold of the log", "s", [one.seconds for one in refolds])
    report.line(f"{filled.dialect}, CPU of the refold", "s", [one.cpu_seconds for one in refolds])
    a_million = Series(tuple(one.seconds / millions for one in refolds))
    memory = report.line(f"{filled.dialect}, peak memory of the refold", "MB", [one.peak_mb for one in refolds])
    report.at_most(f"{filled.dialect}: seconds to refold a million operations", WITHIN_S, a_million)
    report.at_most(f"{filled.dialect}: MB of memory for that", MEMORY_MB, memory)


def _measure_shares(bench: Bench, report: Report) -> None:
    found = interleave(
        {
            "memory": partial(shared, "memory", bench.sized(MILLION, 20_000), bench.folder),
            "file": partial(shared, "file", bench.sized(FILE_VOTERS, 2_000), bench.folder),
        },
        bench.rounds,
    )
    seconds = report.line(
        "mes with raised shares, a million voters × 50", "s", [one.seconds for one in found["memory"]]
    )
    memory = report.line("peak memory of that", "MB", [one.peak_mb for one in found["memory"]])
    file = report.line("mes from a .pb, 90,000 voters × 160", "s", [one.seconds for one in found["file"]])
    report.at_most("seconds of mes with raised shares", SHARES_WITHIN_S, seconds)
    report.at_most("MB of memory for that", MEMORY_MB, memory)
    report.at_most("seconds to read and count a .pb by mes", FILE_WITHIN_S, file)


def _checked_refold(filled: Filled) -> Refold:
    found = refold(filled.made)
    require(
        (found.voters, found.blank) == (filled.logged.voters, filled.logged.blank), "other votes than were cast"
    )
    require((found.uncounted, found.misfits) == (0, 0), "operations that do not count, or records that do not fit")
    return found


def _seconds_of_tally(filled: Filled) -> float:
    """The product's own way, with the connection open and the ballot known."""
    seconds, found = asyncio.run(_tally(filled.made))
    approvals = {proposal_slug(place): voters for place, voters in filled.numbers.items()}
    require(found.approvals == approvals, "the tally from the cache is not what was put in")
    return seconds


async def _tally(made: Installation) -> tuple[float, Approvals]:
    context = open_context(made.settings)
    try:
        async with context.database.reading() as session:
            law = await law_of(session, await ballot_by_slug(session, BALLOT))
            begun = time.perf_counter()
            found = await count_cache(session, law)
            return time.perf_counter() - begun, found
    finally:
        await context.database.close()


Connection = sqlite3.Connection | psycopg.Connection


def _seconds_of(count: Callable[[Connection, str], Numbers], filled: Filled) -> float:
    with closing(_connect(filled.made)) as connection:
        begun = time.perf_counter()
        found = count(connection, filled.dialect)
        seconds = time.perf_counter() - begun
    require(found == filled.numbers, "numpy or GROUP BY counts something else than was put in")
    return seconds


def _connect(made: Installation) -> Connection:
    url = make_url(made.database_url)
    if url.get_backend_name() == "sqlite":
        return sqlite3.connect(url.database or "")
    return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))


def _read_and_count(connection: Connection, _dialect: str) -> Numbers:
    rows = connection.execute(_CHOICES).fetchall()
    places = np.fromstring(" ".join([choices for (choices,) in rows]), dtype=np.int64, sep=" ")
    return {place: int(voters) for place, voters in enumerate(np.bincount(places)) if voters}


def _group_by(connection: Connection, dialect: str) -> Numbers:
    return dict(connection.execute(_GROUPED[dialect]).fetchall())


async def _fill(dialect: str, made: Installation, size: int) -> Filled:
    context = open_context(made.settings)
    try:
        async with context.database.reading() as session:
            law = await law_of(session, await ballot_by_slug(session, BALLOT))
        numbers = await _fill_cache(context, law.ballot_id, size)
        logged = await _fill_log(context, law, size)
    finally:
        await context.database.close()
    return Filled(dialect, made, numbers, logged)


async def _fill_cache(context: Context, ballot_id: int, size: int) -> Numbers:
    numbers: Counter[int] = Counter()
    votes = _votes(size)
    while part := dict(islice(votes, GROUP)):
        async with context.database.writing() as session:
            await cache_votes(session, ballot_id, {voter: _vote(places) for voter, places in part.items()})
        numbers.update(place for places in part.values() for place in places)
    return numbers


async def _fill_log(context: Context, law: Law, size: int) -> Logged:
    last: dict[bytes, str] = {}
    sink = open_sink(context.database, context.clock)
    operations = _operations(law.ballot_id, to_ms(law.opens_at), size)
    while rows := list(islice(operations, GROUP)):
        await sink.write({APPEND: rows})
        last |= {voter: op for _, _, voter, _, _, op, *_ in rows}
    await sink.close()
    left = Counter(last.values())
    return Logged(size, left["add"] + left["none"], left["none"])


def _votes(number: int) -> Iterator[tuple[bytes, list[int]]]:
    """Voters in the order in which a count of the log would keep them, and the places of what they chose."""
    chance = random.Random(50)  # noqa: S311 - the same votes every time
    for voter in sorted(_voter(voter) for voter in range(number)):
        yield voter, chance.sample(range(OPTIONS), chance.randint(1, MOST_CHOICES))


def _vote(places: list[int]) -> Folded:
    return Folded(tuple(proposal_slug(place) for place in places), blank=False)


def _operations(ballot_id: int, from_ms: int, number: int) -> Iterator[Row]:
    """Taps in the order of their times, of voters at random; all in time, all valid."""
    chance = random.Random(4)  # noqa: S311 - the same history every time
    step_ms = (to_ms(now()) - from_ms) / number
    for event in range(number):
        op = chance.choices(("add", "none", "withdraw"), (90, 5, 5))[0]
        choices = (proposal_slug(chance.randrange(OPTIONS)),) if op == "add" else ()
        step = Step("line", op, choices, f"01JBENCH{event:018d}", from_ms + int(event * step_ms))
        yield voter_row(ballot_id, BALLOT, _voter(chance.randrange(number // 4)), step)


def _voter(number: int) -> bytes:
    """A pseudonym: as evenly spread as the real ones, which are HMACs."""
    return hashlib.blake2b(b"%d" % number, digest_size=16).digest()
