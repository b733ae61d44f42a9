"""Votes for a test: an opened ballot of the small programme, and operations through the real group commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

import pytest
from support.databases import DIALECTS, Installed
from support.installation import installation, load_programme
from support.small_programme import BALLOT, write_small_programme

from civic.ballots.actions import open_ballot
from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.kernel.clock import Clock, to_ms
from civic.kernel.context import Context
from civic.kernel.db.group_commit import GroupCommit, open_sink
from civic.kernel.ids import new_ulid
from civic.votes.operations import APPEND, Cast, OpenBallot, log_row


@asynccontextmanager
async def group_commit(context: Context, clock: Clock | None = None) -> AsyncIterator[GroupCommit]:
    """The group commit at work; ``clock`` gives the receive times."""
    commits = GroupCommit(open_sink(context.database, clock or context.clock))
    task = asyncio.create_task(commits.run())
    try:
        yield commits
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def open_now(context: Context, slug: str = BALLOT, *, at_once: bool = False) -> OpenBallot:
    """Open a loaded ballot; what recording a vote needs to know of it."""
    async with context.database.writing() as session:
        ballot = await open_ballot(session, "test", slug, context.clock(), context.keys, at_once=at_once)
        assert ballot.id is not None
        return OpenBallot(ballot.id, slug, context.keys.get(slug))


@pytest.fixture(params=DIALECTS)
def small_url(request: pytest.FixtureRequest, installed: Installed, tmp_path: Path) -> str:
    """The database of a prepared small installation: the test runs once on SQLite and once on PostgreSQL."""
    return installed(prepare_small, request.param, tmp_path)


@pytest.fixture
async def context(small_url: str, tmp_path: Path) -> AsyncIterator[Context]:
    """The small programme loaded, its ballots scheduled, at their opening instant."""
    async with installation(small_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def sqlite_context(installed: Installed, tmp_path: Path) -> AsyncIterator[Context]:
    """The same on SQLite only, for what does not depend on the database."""
    async with installation(installed(prepare_small, "sqlite", tmp_path), tmp_path) as opened:
        yield opened


async def prepare_small(url: str, folder: Path) -> None:
    """Load the small programme into an installation: a template for ``installed``."""
    async with installation(url, folder) as context:
        await load_programme(context, write_small_programme(folder / "small"))


def tap(account: str, op: str, *choices: str, at: datetime, event_id: str | None = None) -> Cast:
    """An operation of somebody in LINE, with a fresh event id unless one is given."""
    return Cast("line", account, op, choices, event_id or new_ulid(), to_ms(at))


async def cast(context: Context, ballot: OpenBallot, *taps: Cast) -> None:
    """Append operations; they are received at the context's present."""
    async with group_commit(context) as commits:
        await commits.append({APPEND: [log_row(ballot, one) for one in taps]})


async def current_law(context: Context, slug: str = BALLOT) -> Law:
    """The law of an opened ballot as it is now."""
    async with context.database.reading() as session:
        return await law_of(session, await ballot_by_slug(session, slug))
