"""``civic demo``: the whole of Attara on this machine, with West Shinjuku in it and a simulated LINE beside it."""

import asyncio
import socket
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import SecretStr

from civic.cli.demo_check import Walk
from civic.cli.demo_data import DATABASE, database_url
from civic.cli.demo_host import SIMULATOR_PATH, DemoHost
from civic.cli.output import say, tell
from civic.cli.running import guarded, settings_or_exit
from civic.cli.serve import only_one
from civic.kernel.errors import StartRefused
from civic.kernel.logging import configure_logging
from civic.kernel.settings import Settings

HOST = "127.0.0.1"
PORT = 8000
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
        database_url=database_url(folder / DATABASE),
        base_url=base_url,
        secret_key=(),
        line_channel_secret=(SecretStr(_CHANNEL_SECRET),),
        line_channel_access_token=SecretStr(_ACCESS_TOKEN),
        line_api_url=base_url + SIMULATOR_PATH,
        organiser="西新宿あったらいいな事務局（デモ）",
    )


async def running_demo(settings: Settings, work: Callable[[uvicorn.Server], Awaitable[bool]]) -> bool:
    """Load West Shinjuku, serve product and simulator on one port, and do the work meanwhile."""
    host = DemoHost(settings)
    port = int(settings.base_url.rpartition(":")[2])
    # The host runs the product's lifespan itself, since that begins anew with each new beginning of the demo.
    config = uvicorn.Config(host, host=HOST, port=port, lifespan="off", log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    async with host.running():
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn offers no event for it
                await asyncio.sleep(0.02)
            await host.befriend()
            return await work(server)
        finally:
            server.should_exit = True
            host.end_waiting()
            await serving


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
