"""``civic worker``: everything that happens without a request, in a process of its own."""

import asyncio
import contextlib
import signal

import typer

from civic.cli.output import tell
from civic.cli.running import settings_or_exit, with_context
from civic.kernel.context import Context
from civic.kernel.logging import configure_logging
from civic.start import check_start
from civic.worker import build_queue
from webhooks.line.channel import open_senders

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def worker() -> None:
    """ワーカーだけを動かします（PostgreSQL のとき） / run a worker process (with PostgreSQL)."""
    settings = settings_or_exit()
    if settings.is_sqlite:
        tell("SQLite では civic serve の中でワーカーが動きます。civic worker は PostgreSQL のときに使います。")
        raise typer.Exit(1)
    configure_logging()
    with_context(_work, settings)


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
