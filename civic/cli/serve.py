"""``civic serve``: the web server, with the worker inside on SQLite."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlalchemy.engine import make_url

from civic.cli.running import guarded, settings_or_exit, with_context
from civic.kernel.errors import StartRefused
from civic.kernel.logging import configure_logging
from civic.kernel.settings import Settings, check_production
from civic.start import check_start

GRACE_S = 10
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    workers: Annotated[int, typer.Option(help="processes; more than one needs PostgreSQL")] = 1,
) -> None:
    """Web サーバーを動かします / run the web server (with the worker inside, on SQLite)."""
    settings = settings_or_exit()
    guarded(lambda: check_served(settings, host, workers))
    options = {
        "host": host,
        "port": port,
        "access_log": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": GRACE_S,
        "server_header": False,
        "proxy_headers": False,
    }
    with_context(check_start, settings)
    if workers > 1:
        uvicorn.run("civic.cli.serve:app_from_environment", factory=True, workers=workers, **options)  # type: ignore[arg-type]
        return
    with _only_one(settings):
        uvicorn.run(_app(settings), workers=1, **options)  # type: ignore[arg-type]


def app_from_environment() -> object:
    """The application for one of several server processes."""
    return _app(settings_or_exit())


def check_served(settings: Settings, host: str, workers: int) -> None:
    """StartRefused on unsafe settings, and on a demo that others could reach."""
    check_production(settings, workers)
    if settings.mode == "demo" and host not in LOOPBACK:
        raise StartRefused(
            "demo_is_local",
            "デモは、この機械の中だけで動きます。--host を外すか、CIVIC_MODE を production にしてください。",
        )


def _app(settings: Settings) -> object:
    # Here and not above: the parent of several processes runs none of it, and need not wait for it to load.
    from civic.main import create_app, settle

    configure_logging()
    return settle(create_app(settings))


@contextlib.contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """On SQLite one server owns the database; a second one is told so instead of fighting for locks."""
    if not settings.is_sqlite:
        yield
        return
    database = Path(make_url(settings.resolved_database_url).database or "")
    database.parent.mkdir(parents=True, exist_ok=True)
    with only_one(database.with_name(f"{database.name}.serving")):
        yield


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold a lock file for as long as the block lasts; exit 1 when another process has it."""
    with path.open("w") as lock:
        guarded(lambda: _take(lock.fileno(), path.parent))
        yield


def _take(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StartRefused(
            "already_serving",
            "{folder} では、もう civic serve が動いています。そちらを止めるか、CIVIC_DATA_DIR を変えてください。",
            folder=str(folder),
        ) from None
