"""Votes pour in while the desk is at work: no voter waits, and what was answered 200 is counted."""

import asyncio
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from support.line import BALLOT, prepared, programme, settings_for
from support.servers import civic_server, environment, run_civic
from support.storm import Storm, count_apart

from civic.kernel.db import open_database

PHONES = 6


async def rows(url: str, statement: str) -> list[Any]:
    database = open_database(url)
    try:
        async with database.engine.connect() as connection:
            return list((await connection.execute(sa.text(statement))).mappings())
    finally:
        await database.close()


def tally_of(env: dict[str, str], folder: Path) -> dict[str, Any]:
    ended = run_civic(env, folder, "ballot", "tally", BALLOT, "--json")
    assert ended.code == 0, ended.err
    report: dict[str, Any] = json.loads(ended.out)
    return report


def counted(report: dict[str, Any]) -> dict[str, int]:
    return {proposal: number for proposal, number in report["approvals"].items() if number}


async def test_an_admin_who_holds_the_database_and_a_closing_cost_no_voter_anything(tmp_path):
    folder = tmp_path / "data"
    url = f"sqlite+aiosqlite:///{tmp_path / 'civic.sqlite3'}"
    async with prepared(settings_for(folder, url), programme()):
        pass
    env = environment(folder, url)
    with civic_server(env, tmp_path) as server:
        storm = Storm([server.url], chatting=0.2)
        async with storm.blowing(PHONES):
            await storm.until(acked=100)
            await asyncio.to_thread(hold_write_lock, tmp_path / "civic.sqlite3", 0.5)
            await storm.until(acked=50)
            closed = await asyncio.to_thread(run_civic, env, tmp_path, "ballot", "close", BALLOT)
            assert closed.code == 0, closed.err
            await storm.until(acked=100)
        assert set(storm.statuses) == {"200"}
        assert storm.slowest_s["200"] < 1.5, f"{storm.statuses.total()} answers, the slowest: {storm.slowest_s}"
        assert server.stop() < 0
    (ballot,) = await rows(url, "select strftime('%s', closes_at) * 1000 as s, closes_at from ballot")
    closes_ms = ballot["s"] + int(ballot["closes_at"][20:23])
    taps = [event for event in storm.sent.values() if event["type"] == "postback"]
    late = [event for event in taps if event["timestamp"] >= closes_ms]
    assert late
    report = tally_of(env, tmp_path)
    expected = count_apart(taps, most=2, before_ms=closes_ms)
    assert counted(report) == dict(expected.approvals)
    assert (report["voters"], report["blank"], report["late"]) == (expected.voters, expected.blank, len(late))


def hold_write_lock(path: Path, seconds: float) -> None:
    """What an admin's long transaction does, from another connection."""
    with sqlite3.connect(path, isolation_level=None, timeout=10) as admin:
        admin.execute("begin immediate")
        admin.execute("update ballot set position = position")
        time.sleep(seconds)
        admin.execute("commit")
    admin.close()
