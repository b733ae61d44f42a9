"""The West Shinjuku example as an installation that has lived: one ballot is open, the other decided long ago."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from civic.ballots.actions import sealed_from
from civic.ballots.queries import all_ballots, options_of
from civic.ballots.tables import Ballot
from civic.cli.demo_data import load_west_shinjuku
from civic.jobs.ballots import advance_ballots
from civic.kernel.clock import to_ms
from civic.kernel.context import Context, open_context
from civic.kernel.db.migrate import upgrade
from civic.kernel.settings import Settings
from civic.programmes.queries import programme_by_number
from civic.tallies.actions import decide
from civic.votes.actions import log_late
from civic.votes.operations import Cast, OpenBallot
from webhooks.line import inbox

ACTOR = "bench"
VOTERS = 600
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Played:
    """The slugs of the two ballots, and of the programme of the open one."""

    programme: str
    open_ballot: str
    decided_ballot: str


def play_west_shinjuku(settings: Settings) -> Played:
    """Make it in an empty database."""
    upgrade(settings.resolved_database_url)
    return asyncio.run(_play(settings))


async def _play(settings: Settings) -> Played:
    context = open_context(settings)
    try:
        await load_west_shinjuku(context, context.clock())
        async with context.database.reading() as session:
            newer, older = await all_ballots(session)
            programme = await programme_by_number(session, newer.programme_id)
        await _decide(context, older)
        await _advance(context, context.clock())
        await _draw_nothing(context)
    finally:
        await context.database.close()
    return Played(programme.slug, newer.slug, older.slug)


async def _decide(context: Context, ballot: Ballot) -> None:
    """The whole life of a ballot, each step at its own time."""
    await _advance(context, ballot.opens_at)
    proposals = await _vote(context, ballot)
    await _advance(context, ballot.closes_at)
    sealed_at = sealed_from(ballot)
    await _advance(context, sealed_at)
    async with context.database.writing() as session:
        await decide(session, ACTOR, ballot.slug, proposals[-1:], "得票がいちばん多いため", sealed_at + SECOND)


async def _vote(context: Context, ballot: Ballot) -> list[str]:
    """Everybody approves one proposal, most of them the last; returns the proposals of the ballot."""
    opened = OpenBallot(ballot.id or 0, ballot.slug, context.keys.get(ballot.slug))
    at_ms = to_ms(ballot.opens_at + SECOND)
    async with context.database.writing() as session:
        proposals = [proposal.slug for _, proposal in await options_of(session, opened.id)]
        choices = [proposals[min(voter % 7, len(proposals) - 1)] for voter in range(VOTERS)]
        casts = [
            Cast("line", f"U{voter:032x}", "add", (choice,), f"E{voter}", at_ms)
            for voter, choice in enumerate(choices)
        ]
        await log_late(session, opened, dict.fromkeys(casts, at_ms))
    return proposals


async def _advance(context: Context, now: datetime) -> None:
    """Everything that the scheduler would have done by then."""
    then = replace(context, clock=lambda: now)
    while await advance_ballots(then, inbox.unfinished_before):
        pass


async def _draw_nothing(context: Context) -> None:
    """Pictures would be drawn in the middle of a measurement."""
    async with context.database.writing() as session:
        await (await session.connection()).execute(sa.text("update job set state = 'done'"))
