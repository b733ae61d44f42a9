"""What a demo stands on: a folder with West Shinjuku in it, its times moved so that one ballot is open now."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
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
from civic.programme_files.placing import Placing
from civic.programme_files.reading import Document, read_document
from geodata.west_shinjuku import PROGRAMMES
from webhooks.line import inbox

ACTOR = "demo"
DATABASE = "civic.sqlite3"
DEMO_GRACE_S = 2
_FILES = "files"
_NEXT = "next.sqlite3"
_BUSY_S = 15.0


async def open_demo(settings: Settings, *, anew: bool = False) -> Context:
    """The installation in the demo's folder with an open ballot: the one there, else (or ``anew``) a new one.

    ``anew`` is for a process that has played already. What was drawn of the same models is taken over.
    """
    if anew:
        await _replace(settings, await _known_drawings(settings))
    elif not await _is_open(settings):
        known = await _known_drawings(settings)
        await asyncio.to_thread(empty, settings.data_dir)
        await _make(settings, known)
    return open_context(settings)


def database_url(path: Path) -> str:
    """A SQLite file as the setting ``CIVIC_DATABASE_URL``."""
    return f"sqlite+aiosqlite:///{path}"


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
    limits = context.settings.gate_limits
    checked = await asyncio.to_thread(lambda: [check_document(document, limits) for document in documents])
    async with context.database.reading() as session:
        placed = [(one, await Placing(session, one, context.store, now).reports()) for one in checked]
    async with context.database.writing() as session:
        # The open one first: its pictures are drawn first.
        for programme, reports in reversed(placed):
            await Loader(session, ACTOR, programme, reports, context.store, now, shift).load()


async def _make(settings: Settings, known: Mapping[str, Drawn]) -> None:
    """A new database with West Shinjuku in it and its ballot opened."""
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    async with _opened(settings) as context:
        await load_west_shinjuku(context, context.clock())
        while await advance_ballots(context, inbox.unfinished_before):
            pass
        await take_over(context, known)


async def _replace(settings: Settings, known: Mapping[str, Drawn]) -> None:
    """A new database in the place of the one that was played; keys and stored files stay.

    It is made beside the old one and copied over it in one transaction, by SQLite's own backup: removing a file
    that some connection may still know is how SQLite databases break. A kill leaves either the old or the new one.
    """
    beside = settings.data_dir / _NEXT
    _remove_database(beside)
    await _make(settings.model_copy(update={"database_url": database_url(beside)}), known)
    await asyncio.to_thread(_copy_over, beside, settings.data_dir / DATABASE)
    _remove_database(beside)


def _copy_over(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as new, closing(sqlite3.connect(target, timeout=_BUSY_S)) as old:
        new.backup(old)


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


async def _known_drawings(settings: Settings) -> Mapping[str, Drawn]:
    if not await _is_current(settings):
        return {}
    async with _opened(settings) as context:
        return await known_drawings(context)


async def _is_open(settings: Settings) -> bool:
    if not await _is_current(settings):
        return False
    async with _opened(settings) as context, context.database.reading() as session:
        return bool(await ballots_in_state(session, "open"))


async def _is_current(settings: Settings) -> bool:
    """Whether there is a database of this release; one of another release begins anew."""
    if not (settings.data_dir / DATABASE).exists():
        return False
    present, wanted = await asyncio.to_thread(revisions, settings.resolved_database_url)
    return present == wanted


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Context]:
    context = open_context(settings)
    try:
        yield context
    finally:
        await context.database.close()


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
