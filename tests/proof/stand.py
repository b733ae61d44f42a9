"""An installation with an open ballot and all its processes, and what is found in it when a storm is over."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from support.line import BALLOT, prepared, programme, settings_for
from support.rush import Rush
from support.servers import CivicServer, civic_worker, environment
from support.storm import Storm, count_apart

from civic.ballots.actions import close_ballot
from civic.jobs.ballots import advance_ballots
from civic.kernel.context import open_context
from civic.kernel.db import open_database
from civic.tallies.queries import Recount, published_tally, recount
from webhooks.line import inbox

PHONES = 16
READY_S = 3.0
READY_SMALL_S = 10.0
"""At small size: it runs on machines that do other things meanwhile, and starting is work for the processor."""
HEALED_S = 5.0
DRAINED_S = 120.0
MOST_APPROVALS = 2
AWAY = {"503", "ServerDisconnectedError", "ClientOSError", "ClientConnectorError", "ConnectionResetError"}
"""What may be answered while a server or its database is gone; a 503 without Retry-After is not among it."""

_LINE_ID = re.compile(r"U[0-9a-f]{32}")


@dataclass
class Stand:
    """``civic serve`` and, on PostgreSQL, two processes of it and a worker of its own."""

    url: str
    env: Mapping[str, str]
    folder: Path
    server: CivicServer
    _worker: ExitStack = field(default_factory=ExitStack)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.url.startswith("sqlite")

    def start(self) -> float:
        """Start all processes; the seconds until the server was ready."""
        began = time.perf_counter()
        self.server.start()
        ready_s = time.perf_counter() - began
        if not self.is_sqlite:
            self._worker.enter_context(civic_worker(self.env, self.folder))
        return ready_s

    def kill(self) -> None:
        """kill -9 every process of the installation (not the database server)."""
        self._worker.close()
        self.server.kill()

    def restart(self) -> float:
        """kill -9 and start; the seconds until it was ready again."""
        self.kill()
        return self.start()

    async def rows(self, statement: str) -> list[Mapping[str, Any]]:
        """What a plain SQL query finds."""
        database = open_database(self.url)
        try:
            async with database.engine.connect() as connection:
                return [dict(row) for row in (await connection.execute(sa.text(statement))).mappings()]
        finally:
            await database.close()

    async def working(self) -> None:
        """Wait until a worker has taken up a duty for the first time: from then on it has to go on by itself."""
        async with asyncio.timeout(DRAINED_S):
            while not await self.rows("select name from lease"):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.1)

    async def at_rest(self) -> None:
        """Wait until no picture is left to draw: that work came with the programme, not with the votes."""
        drawing = "select 1 as one from job where state = 'queued' and name like 'draw%' limit 1"
        async with asyncio.timeout(DRAINED_S):
            while await self.rows(drawing):  # noqa: ASYNC110 - another process draws
                await asyncio.sleep(0.2)

    async def drained(self) -> None:
        """Wait until no event waits in the inbox; TimeoutError when that takes two minutes."""
        async with asyncio.timeout(DRAINED_S):
            while await self.rows("select 1 as one from line_inbox where state = 'pending' limit 1"):  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    async def result(self) -> tuple[Mapping[str, Any], Recount]:
        """Close the ballot and count it as the worker does; the stored result, and the recount of the log."""
        context = open_context(settings_for(self.folder / "data", self.url))
        try:
            async with context.database.writing() as session:
                await close_ballot(session, "proof", BALLOT, context.clock(), at_once=True)
            while await advance_ballots(context, inbox.unfinished_before):
                pass
            async with context.database.reading() as session:
                tally = await published_tally(session, BALLOT)
                assert tally is not None
                return tally.report, await recount(session, BALLOT)
        finally:
            await context.database.close()


@asynccontextmanager
async def standing(database_url: str, folder: Path, **variables: str) -> AsyncIterator[Stand]:
    """A running installation in a folder, with further variables; all its processes are gone after the block."""
    data = folder / "data"
    async with prepared(settings_for(data, database_url), programme(grace_s=0)):
        pass
    env = environment(data, database_url, **variables)
    workers = () if database_url.startswith("sqlite") else ("--workers", "2")
    stand = Stand(database_url, env, folder, CivicServer(env, folder / "serve.log", arguments=workers))
    try:
        await asyncio.to_thread(stand.start)
        await stand.working()
        yield stand
    finally:
        stand.kill()


async def seconds_until_taken(storm: Storm, calls: int = PHONES) -> float:
    """How long it takes until as many further events are answered 200 (20 s at most)."""
    began = time.perf_counter()
    async with asyncio.timeout(20):
        await storm.until(acked=calls)
    return time.perf_counter() - began


@dataclass(frozen=True)
class Judgement:
    """What came of a storm: the log next to what was answered, and the tally next to a count written apart."""

    acked: int
    doubled: int
    replayed: int
    lost: int
    duplicated: int
    unknown: int
    wrong: int
    unfinished: int
    replies: int
    answered_twice: int
    names_in_logs: int

    def __str__(self) -> str:
        return (
            f"{self.acked} votes acked ({self.doubled} calls doubled, {self.replayed} replayed): "
            f"{self.lost} lost, {self.duplicated} duplicated, {self.wrong} wrong; {self.replies} replies"
        )

    def require_lawful(self) -> None:
        """AssertionError unless every law held."""
        laws = ("lost", "duplicated", "unknown", "wrong", "unfinished", "answered_twice", "names_in_logs")
        broken = {law: getattr(self, law) for law in laws}
        assert not any(broken.values()), broken


async def judge(stand: Stand, storm: Storm | Rush) -> Judgement:
    """Redeliver half of what was not answered, let the inbox run dry, close the ballot, count and recount."""
    await storm.deliver_again(sorted(set(storm.sent) - storm.acked)[::2])
    await stand.drained()
    stand.kill()
    logged = Counter(row["event_id"] for row in await stand.rows("select event_id from vote_log"))
    (aside,) = await stand.rows("select count(*) as number from line_inbox where state <> 'done'")
    (owed,) = await stand.rows("select count(*) as number from outbox_reply")
    return Judgement(
        acked=len(storm.acked),
        doubled=storm.doubled,
        replayed=storm.replayed,
        lost=len(storm.acked - logged.keys()),
        duplicated=logged.total() - len(logged),
        unknown=len(logged.keys() - storm.sent.keys()),
        wrong=await _differences(stand, [storm.sent[event] for event in logged if event in storm.sent]),
        unfinished=aside["number"] - storm.put_aside,
        replies=owed["number"],
        answered_twice=max(0, owed["number"] - len(logged)),
        names_in_logs=sum(len(_LINE_ID.findall(log.read_text())) for log in stand.folder.glob("*.log")),
    )


async def _differences(stand: Stand, taps: list[dict[str, Any]]) -> int:
    """How many numbers of the tally differ from the count written apart, and one when the recount does."""
    report, recounted = await stand.result()
    expected = count_apart(taps, most=MOST_APPROVALS)
    counted = {**report["approvals"], "voters": report["voters"], "blank": report["blank"], "late": report["late"]}
    apart = {**expected.approvals, "voters": expected.voters, "blank": expected.blank, "late": 0}
    wrong = sum(counted.get(name, 0) != apart.get(name, 0) for name in counted.keys() | apart.keys())
    return wrong + (not recounted.agrees)
