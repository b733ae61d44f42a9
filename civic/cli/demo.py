"""``civic demo``: the whole of Attara on this machine, with West Shinjuku in it and a simulated LINE beside it.

The product and the simulator share one port but nothing else: the product calls LINE at CIVIC_LINE_API_URL, the
simulator calls the product's webhook, both over HTTP.
"""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from civic.ballots.queries import ballots_in_state
from civic.cli.demo_check import Walk
from civic.cli.output import say, tell
from civic.cli.running import guarded, settings_or_exit
from civic.cli.serve import only_one
from civic.jobs.ballots import advance_ballots
from civic.kernel.context import Context, open_context
from civic.kernel.db.migrate import revisions, upgrade
from civic.kernel.errors import StartRefused
from civic.kernel.logging import configure_logging
from civic.kernel.settings import Settings
from civic.main import build_app
from civic.programme_files.checking import check_document
from civic.programme_files.format import BallotPart
from civic.programme_files.loading import Loader
from civic.programme_files.reading import Document, read_document
from geodata.west_shinjuku import PROGRAMMES
from webhooks.line import inbox
from webhooks.line.simulator import SimulatorSettings, create_simulator

HOST = "127.0.0.1"
PORT = 8000
ACTOR = "demo"
DEMO_GRACE_S = 2
_SIMULATOR = "/demo/line"
_CHANNEL_SECRET = "demo-channel-secret"  # noqa: S105 - the simulator's, worth nothing anywhere else
_ACCESS_TOKEN = "demo-access-token"  # noqa: S105


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="port to listen on (8000)")] = None,
    check: Annotated[bool, typer.Option("--check", help="walk the whole flow over HTTP, then exit")] = False,
) -> None:
    """この機械だけで、はじめから終わりまで試せます / try the whole flow here, with a simulated LINE."""
    configure_logging("WARNING")
    if check:
        with tempfile.TemporaryDirectory(prefix="civic-demo-") as folder:
            settings = demo_settings(Path(folder), port or _free_port())
            ended_well = guarded(lambda: asyncio.run(_check(settings)))
        raise typer.Exit(0 if ended_well else 1)
    settings = demo_settings(settings_or_exit().data_dir / "demo", port or PORT)
    guarded(lambda: _require_free(port or PORT))
    settings.data_dir.parent.mkdir(parents=True, exist_ok=True)
    with only_one(settings.data_dir.with_name("demo.serving")), suppress(KeyboardInterrupt):
        guarded(lambda: asyncio.run(_serve(settings)))


def demo_settings(folder: Path, port: int) -> Settings:
    """Settings of a demo: everything in one folder, LINE at the simulator. The environment has no say in them."""
    base_url = f"http://{HOST}:{port}"
    return Settings(
        _env_file=None,
        mode="demo",
        data_dir=folder,
        keys_dir=folder / "keys",
        database_url=f"sqlite+aiosqlite:///{folder / 'civic.sqlite3'}",
        base_url=base_url,
        secret_key=None,
        line_channel_secret=(SecretStr(_CHANNEL_SECRET),),
        line_channel_access_token=SecretStr(_ACCESS_TOKEN),
        line_api_url=base_url + _SIMULATOR,
        organiser="西新宿あったらいいな事務局（デモ）",
    )


class DemoApp:
    """The product, and below /demo/line the simulator in LINE's place."""

    def __init__(self, product: ASGIApp, simulator: ASGIApp) -> None:
        self._product = product
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request to the one it is for."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == _SIMULATOR or path.startswith(_SIMULATOR + "/")):
            inner = dict(scope, root_path=scope.get("root_path", "") + _SIMULATOR)
            await self._simulator(inner, receive, send)
        else:
            await self._product(scope, receive, send)


async def running_demo(settings: Settings, work: Callable[[uvicorn.Server], Awaitable[bool]]) -> bool:
    """Load West Shinjuku, serve product and simulator on one port, and do the work meanwhile."""
    await _begin_anew_unless_open(settings)
    context = open_context(settings)
    await _load_unless_there(context)
    simulator = create_simulator(_simulator_settings(settings))
    app = DemoApp(build_app(context), simulator)
    port = int(settings.base_url.rpartition(":")[2])
    config = uvicorn.Config(app, host=HOST, port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn offers no event for it
            await asyncio.sleep(0.02)
        return await work(server)
    finally:
        server.should_exit = True
        await serving
        await simulator.state.simulator.aclose()


async def load_west_shinjuku(context: Context, now: datetime) -> None:
    """The two example programmes, all times moved by the same number of days, so that one ballot is open."""
    documents = [_for_demo(read_document(folder)) for folder in PROGRAMMES]
    shift = _shift([ballot for document in documents for ballot in document.content.ballots], now)
    checked = [check_document(document) for document in documents]
    async with context.database.writing() as session:
        for programme in checked:
            await Loader(session, ACTOR, programme, context.store, now, shift).load()


async def _serve(settings: Settings) -> None:
    async def until_stopped(server: uvicorn.Server) -> bool:
        url = f"{settings.base_url}/demo"
        tell("デモを始めました。ブラウザで {url} を開いてください。止めるには Ctrl-C を押します。", url=url)
        while not server.should_exit:  # noqa: ASYNC110 - set by uvicorn's signal handler
            await asyncio.sleep(0.2)
        return True

    await running_demo(settings, until_stopped)


async def _check(settings: Settings) -> bool:
    async def walk(_: uvicorn.Server) -> bool:
        return await Walk(settings, settings.line_api_url, say).run()

    return await running_demo(settings, walk)


async def _begin_anew_unless_open(settings: Settings) -> None:
    """A demo whose ballot is still open goes on; any other folder is emptied first."""
    folder = settings.data_dir
    if (folder / "civic.sqlite3").exists():
        context = open_context(settings)
        still_open = await _is_open(context)
        await context.database.close()
        if still_open:
            return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


async def _load_unless_there(context: Context) -> None:
    await asyncio.to_thread(upgrade, context.settings.resolved_database_url)
    if not await _is_open(context):
        await load_west_shinjuku(context, context.clock())
        while await advance_ballots(context, inbox.unfinished_before):
            pass


async def _is_open(context: Context) -> bool:
    """Whether a ballot is open; False also for a database of another release, which begins anew."""
    present, wanted = await asyncio.to_thread(revisions, context.settings.resolved_database_url)
    if present != wanted:
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


def _simulator_settings(settings: Settings) -> SimulatorSettings:
    return SimulatorSettings(
        webhook_url=f"{settings.base_url}/webhooks/line",
        channel_secret=_CHANNEL_SECRET,
        access_token=_ACCESS_TOKEN,
        public_url=settings.line_api_url,
        quota=5_000,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise StartRefused(
                "port_taken",
                "ポート {port} は使われています。--port で別の番号を指定してください（make demo PORT=8001）。",
                port=port,
            ) from None
