"""``civic serve``, ``civic worker`` and ``civic doctor``: run it and look after it."""

import asyncio
import contextlib
import fcntl
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from civic.cli.running import guarded, settings_or_exit, tell, with_context
from civic.kernel.context import Context, open_context
from civic.kernel.db.migrate import revisions, upgrade
from civic.kernel.errors import StartRefused
from civic.kernel.logging import configure_logging
from civic.kernel.settings import Settings, check_production
from civic.main import check_start, create_app
from civic.worker import build_queue
from webhooks.line.channel import open_senders

GRACE_S = 10


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
        uvicorn.run("civic.cli.serving:app_from_environment", factory=True, workers=workers, **options)  # type: ignore[arg-type]
        return
    with _only_one(settings):
        uvicorn.run(guarded(lambda: _prepared_app(settings)), **options)  # type: ignore[arg-type]


def app_from_environment() -> object:
    """The application for one of several server processes."""
    return _prepared_app(settings_or_exit())


def worker() -> None:
    """ワーカーだけを動かします（PostgreSQL のとき） / run a worker process (with PostgreSQL)."""
    settings = settings_or_exit()
    if settings.is_sqlite:
        tell("SQLite では civic serve の中でワーカーが動きます。civic worker は PostgreSQL のときに使います。")
        raise typer.Exit(1)
    configure_logging()
    with_context(_work, settings)


def doctor() -> None:
    """この機械と設定を調べます / what is here, what is missing, and how to get it."""
    settings = settings_or_exit()
    present, wanted = guarded(lambda: revisions(settings.resolved_database_url))
    rows = [
        ("Python", sys.version.split()[0], True),
        ("CIVIC_MODE", settings.mode, True),
        ("database", "SQLite" if settings.is_sqlite else "PostgreSQL", True),
        ("schema", f"{present or '-'} (wanted {wanted})", present == wanted),
        ("CIVIC_LINE_CHANNEL_SECRET", "set" if settings.line_channel_secret else "-", True),
        ("CIVIC_LINE_CHANNEL_ACCESS_TOKEN", "set" if settings.line_channel_access_token else "-", True),
        ("disk", f"{shutil.disk_usage(_existing(settings.data_dir)).free // 2**20} MB free", True),
    ]
    for name, found, fine in rows:
        typer.echo(f"{'ok ' if fine else 'NO '} {name:<34} {found}")
    if not all(fine for _, _, fine in rows):
        tell("足りないものがあります。civic db upgrade を実行してください。")
        raise typer.Exit(1)


async def _work(context: Context) -> None:
    await check_start(context)
    senders = open_senders(context)
    task = asyncio.create_task(build_queue(context, senders).run())
    loop = asyncio.get_running_loop()
    for stop in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stop, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
    if senders is not None:
        await senders.client.close()


def _prepared_app(settings: Settings) -> object:
    configure_logging()
    if settings.is_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        upgrade(settings.resolved_database_url)
    return create_app(open_context(settings))


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


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.absolute().parent)
