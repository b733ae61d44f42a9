"""After a result: how robust it is. The tally stands without it, and no other ballot waits for it."""

import asyncio
from datetime import timedelta

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballot_by_slug, law_of
from civic.kernel.children import run_module
from civic.kernel.context import Context
from civic.kernel.ids import new_ulid
from civic.kernel.leases import take_lease
from civic.kernel.logging import logger
from civic.kernel.security import pseudonym
from civic.residents.queries import said_relations
from civic.tallies.actions import keep_study
from civic.tallies.counting import LogCounting
from civic.tallies.gathering import Gathering, Relations
from civic.tallies.queries import ballots_to_study, draw_of, stored_tally
from civic.tallies.robustness.material import Material
from civic.tallies.robustness.types import Study
from civic.tallies.study import VERSION
from civic.votes.channels import LINE

PROGRAM = "civic.tallies.study"
WITHIN_S = 600.0
STUDYING = timedelta(minutes=20)
"""How long one study may take with its reading, and how long nobody tries again one that failed."""

PAGE = 1_000


async def study_results(context: Context) -> bool:
    """Study what was counted and not yet studied, or in an older way, or before a lot; True when any was."""
    async with context.database.reading() as session:
        due = await ballots_to_study(session, VERSION)
    return any([await _try_to_study(context, slug) for slug in due])


async def _try_to_study(context: Context, slug: str) -> bool:
    """A study that fails is told of and tried again later; the others go on."""
    try:
        return await _study(context, slug)
    except Exception as error:
        logger("studies").error("study_failed", ballot=slug, error=type(error).__name__, exc_info=error)
        return False


async def _study(context: Context, slug: str) -> bool:
    async with context.database.reading() as session:
        ballot_id = (await law_of(session, await ballot_by_slug(session, slug))).ballot_id
        draw = await draw_of(session, ballot_id)
    # The attempt holds the lease, not the worker: a failure is not repeated every few seconds.
    duty = f"study {slug} {VERSION} {'drawn' if draw and draw.drawn_at else 'counted'}"
    async with context.database.writing(shown=False) as session:
        if not await take_lease(session, duty, new_ulid(), context.clock(), STUDYING):
            return False
    # What was true when the reading began: a lot that is drawn meanwhile makes the study old.
    begun = context.clock()
    study = await fresh_study(context, slug)
    async with context.database.writing() as session:
        await keep_study(session, ballot_id, study, begun)
    return True


async def fresh_study(context: Context, slug: str) -> Study:
    """The study of a counted ballot, computed in a process of its own; nothing is kept.

    RuntimeError when the log is not the one that was counted.
    """
    async with context.database.reading() as session:
        material = await _material(context, session, slug)
    computed = await run_module(PROGRAM, [], msgspec.json.encode(material), WITHIN_S)
    return msgspec.json.decode(computed, type=Study)


async def _material(context: Context, session: AsyncSession, slug: str) -> Material:
    """A counted ballot's log as merged numbers."""
    law = await law_of(session, await ballot_by_slug(session, slug))
    tally, draw = await stored_tally(session, law.ballot_id), await draw_of(session, law.ballot_id)
    key = context.keys.find(slug)
    gathering = Gathering(law, key, await _relations(context, session, key) if key else {})
    counting = LogCounting(law)
    async for _, votes in counting.spans(session):
        gathering.add(votes)
    inputs_sha256 = counting.result().inputs_sha256
    if tally is None or tally.inputs_sha256 != inputs_sha256:
        raise RuntimeError(f"the log of {slug} is not the one that was counted")
    return gathering.material(inputs_sha256, draw.value if draw else None)


async def _relations(context: Context, session: AsyncSession, key: bytes) -> dict[bytes, Relations]:
    """By pseudonym what residents said about the area. It is held while a log is read, and written nowhere."""
    relations: dict[bytes, Relations] = {}
    known: dict[Relations, Relations] = {}
    after = 0
    while after >= 0:
        after, found = await said_relations(session, context.vault, after, PAGE)
        for account, said in found:
            # One object for all who said the same.
            relations[pseudonym(key, LINE, account)] = known.setdefault(tuple(said), tuple(said))
        await asyncio.sleep(0)
    return relations
