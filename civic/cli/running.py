"""What the commands on an installation share: opening it, and turning a refusal into exit 1."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError

from civic.cli.output import say, tell
from civic.kernel.context import Context, open_context
from civic.kernel.db.migrate import require_current, upgrade
from civic.kernel.errors import CivicError
from civic.kernel.i18n import STAFF_LANGUAGES
from civic.kernel.logging import configure_logging
from civic.kernel.settings import Settings, check_production

ACTOR = "cli"
T = TypeVar("T")


def settings_or_exit() -> Settings:
    """The settings; exit 1 naming the variable that cannot be read."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "CIVIC_" + "_".join(str(part) for part in problem["loc"]).upper()
            tell("設定 {name} が読めません: {problem}", name=name, problem=problem["msg"])
        raise typer.Exit(1) from None


def with_context(work: Callable[[Context], Awaitable[T]], settings: Settings | None = None) -> T:
    """Open the installation (bringing an embedded database up to date), do the work, close.

    Exit 1 with a sentence in both languages when it is refused.
    """
    configure_logging("WARNING")
    return guarded(lambda: asyncio.run(_opened(settings or settings_or_exit(), work)))


def guarded(work: Callable[[], T]) -> T:
    """Do the work; a refusal becomes its sentence and exit 1."""
    try:
        return work()
    except CivicError as refused:
        refuse(refused)
    except DatabaseError as error:
        tell(
            "データベースにつながりません（{reason}）。動いているか、アドレスが正しいか確かめてください。",
            reason=str(error.orig),
        )
        raise typer.Exit(1) from None


def refuse(refused: CivicError) -> NoReturn:
    """Say why, in both languages, and exit 1."""
    for language in STAFF_LANGUAGES:
        say(f"{refused.sentence(language)} [{refused.code}]")
    raise typer.Exit(1)


def make_current(settings: Settings) -> None:
    """Bring an embedded database to this release; StartRefused when a shared one is of another release."""
    if settings.is_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        upgrade(settings.resolved_database_url)
    else:
        require_current(settings.resolved_database_url)


async def _opened(settings: Settings, work: Callable[[Context], Awaitable[T]]) -> T:
    check_production(settings)
    await asyncio.to_thread(make_current, settings)
    context = open_context(settings)
    try:
        return await work(context)
    finally:
        await context.database.close()
