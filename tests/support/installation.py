"""One installation for a test: a database, a data folder, and a clock that stands until it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession
from support.databases import new_sqlite

from civic.jobs.ballots import advance_ballots
from civic.kernel.context import Context, open_context
from civic.kernel.settings import Settings
from civic.programme_files.checking import check_document
from civic.programme_files.loading import Loaded, Loader
from civic.programme_files.placing import Placing
from civic.programme_files.reading import read_document

START = datetime(2026, 10, 1, 0, 0, tzinfo=UTC)


class TestClock:
    """A clock that moves only when told to."""

    __test__ = False  # not a test class, whatever its name begins with

    def __init__(self, present: datetime = START) -> None:
        self.present = present

    def __call__(self) -> datetime:
        return self.present

    def pass_by(self, **duration: float) -> datetime:
        """Let time pass (``seconds=1``, ``days=2`` …); returns the new present."""
        self.present += timedelta(**duration)
        return self.present


def settings_for(database_url: str | None, data_dir: Path) -> Settings:
    """Development settings that look at no environment file."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        mode="development",
        data_dir=data_dir,
        database_url=database_url,
        secret_key="only-for-tests-" + "x" * 32,  # type: ignore[arg-type]
    )


@asynccontextmanager
async def installation(
    database_url: str | None, tmp_path: Path, clock: TestClock | None = None
) -> AsyncIterator[Context]:
    """An opened installation on a database with the schema; None as URL is SQLite in the data folder."""
    settings = settings_for(database_url, tmp_path / "data")
    settings.data_dir.mkdir(exist_ok=True)
    if database_url is None:
        new_sqlite(settings.data_dir)
    context = open_context(settings, clock or TestClock())
    try:
        yield context
    finally:
        await context.database.close()


async def load_programme(context: Context, path: Path, shift: timedelta = timedelta(0)) -> Loaded:
    """Check and load a programme folder, as ``civic programme load`` does."""
    checked = check_document(read_document(path))
    async with context.database.reading() as session:
        reports = await Placing(session, checked, context.store, context.clock()).reports()
    async with context.database.writing() as session:
        return await Loader(session, "test", checked, reports, context.store, context.clock(), shift).load()


async def run_jobs(context: Context, waiting: int = 0) -> None:
    """Let the ballots advance as far as the clock allows, while ``waiting`` events are unfinished."""

    async def unfinished(_session: AsyncSession, _instant: datetime) -> int:
        return waiting

    while await advance_ballots(context, unfinished):
        pass
