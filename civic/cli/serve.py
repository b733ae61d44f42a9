"""``civic serve``: the web server, with the worker inside on SQLite."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from civic.cli.running import guarded, settings_or_exit, with_context
from civic.kernel.errors import StartRefused
from civic.kernel.logging import configure_logging
from civic.kernel.settings import Settings, check_production
from civic.main import check_start, create_app

GRACE_S = 10

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    workers: Annotated[int, typer.Option(help="processes; more than one needs PostgreSQL")] = 1,
) -> None:
    """Web サーバーを動かします / run the web server (with the worker inside, on SQLite)."""
    settings = settings_or_exit()
    guarded(lambda: check_production(settings, workers))
    options = {
        "host": host,
        "port": port,
        "access_log": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": GRACE_S,
        "server_header": False,
        "proxy_headers": False,
    }
    if workers > 1:
        uvicorn.run("civic.cli.serve:app_from_environment", factory=True, workers=workers, **options)  # type: ignore[arg-type]
        return
    with _only_one(settings):
        uvicorn.run(_prepared_app(settings), **options)  # type: ignore[arg-type]


def app_from_environment() -> object:
    """The application for one of several server processes."""
    return _prepared_app(settings_or_exit())


def _prepared_app(settings: Settings) -> object:
    configure_logging()
    with_context(check_start, settings)
    return create_app(settings)


@contextlib.contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """On SQLite one server owns the data folder; a second one is told so instead of fighting for locks."""
    if not settings.is_sqlite:
        yield
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "serve.lock").open("w") as lock:
        guarded(lambda: _take(lock.fileno(), settings.data_dir))
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
