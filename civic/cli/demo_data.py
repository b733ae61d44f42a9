"""What a demo stands on: a folder with West Shinjuku in it, its times moved so that one ballot is open now."""

import asyncio
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from civic.ballots.queries import ballots_in_state
from civic.drawings.actions import Drawn
from civic.jobs.ballots import advance_ballots
from civic.jobs.drawings import known_drawings, take_over
from civic.kernel.context import Context, open_context
from civic.kernel.db.migrate import revisions, upgrade
from civic.kernel.settings import Settings
from civic.programme_files.checking import check_document
from civic.programme_files.format import BallotPart
from civic.programme_files.loading import Loader
from civic.programme_files.reading import Document, read_document
from geodata.west_shinjuku import PROGRAMMES
from webhooks.line import inbox

ACTOR = "demo"
DATABASE = "civic.sqlite3"
DEMO_GRACE_S = 2
_FILES = "files"


async def open_demo(settings: Settings, *, anew: bool = False) -> Context:
    """The installation in the demo's folder with an open ballot: the one there, else (or ``anew``) a new one."""
    known = await _begin_anew(settings, anew)
    context = open_context(settings)
    try:
        await _load_unless_there(context)
        await take_over(context, known)
    except BaseException:
        await context.database.close()
        raise
    return context


def empty(folder: Path) -> None:
    """Remove everything but the stored files, whose names are their content, so that nothing is drawn twice.

    The database goes first: a folder without one is emptied at the next start, so being killed here does no harm.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATABASE).unlink(missing_ok=True)
    for entry in folder.iterdir():
        if entry.name == _FILES:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)


async def load_west_shinjuku(context: Context, now: datetime) -> None:
    """The two example programmes, all times moved by the same number of days, so that one ballot is open."""
    documents = [_for_demo(read_document(folder)) for folder in PROGRAMMES]
    shift = _shift([ballot for document in documents for ballot in document.content.ballots], now)
    # Apart, since who asks meanwhile is to be told to wait: the models take a second or two.
    checked = await asyncio.to_thread(lambda: [check_document(document) for document in documents])
    async with context.database.writing() as session:
        # The open one first: its pictures are drawn first.
        for programme in reversed(checked):
            await Loader(session, ACTOR, programme, context.store, now, shift).load()


async def _begin_anew(settings: Settings, anew: bool) -> Mapping[str, Drawn]:
    """A demo whose ballot is still open may go on; any other folder is emptied. Gives the drawings it had."""
    known: Mapping[str, Drawn] = {}
    if (settings.data_dir / DATABASE).exists():
        context = open_context(settings)
        try:
            if not anew and await _is_open(context):
                return known
            known = await _drawings_of(context)
        finally:
            await context.database.close()
    await asyncio.to_thread(empty, settings.data_dir)
    return known


async def _load_unless_there(context: Context) -> None:
    await asyncio.to_thread(upgrade, context.settings.resolved_database_url)
    if not await _is_open(context):
        await load_west_shinjuku(context, context.clock())
        while await advance_ballots(context, inbox.unfinished_before):
            pass


async def _drawings_of(context: Context) -> Mapping[str, Drawn]:
    return await known_drawings(context) if await _is_current(context) else {}


async def _is_current(context: Context) -> bool:
    """Whether the database is of this release; one of another release begins anew."""
    present, wanted = await asyncio.to_thread(revisions, context.settings.resolved_database_url)
    return present == wanted


async def _is_open(context: Context) -> bool:
    if not await _is_current(context):
        return False
    async with context.database.reading() as session:
        return bool(await ballots_in_state(session, "open"))


def _for_demo(document: Document) -> Document:
    """The same file with the short grace of a demo, so that a result is there seconds after the close."""
    content = document.content
    ballots = tuple(b.model_copy(update={"late_grace_s": DEMO_GRACE_S}) for b in content.ballots)
    return Document(
        document.path, content.model_copy(update={"ballots": ballots}), document.source, document.lines
    )


def _shift(ballots: list[BallotPart], now: datetime) -> timedelta:
    """Whole days, so that the ballot that opens last has opened less than a day ago."""
    opens_at = max(ballot.opens_at for ballot in ballots)
    return timedelta(days=(now - opens_at) // timedelta(days=1))
