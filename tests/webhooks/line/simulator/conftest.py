"""A small bot and the simulator, both on real sockets of 127.0.0.1, joined as product and LINE would be."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from support.serving import serving

from webhooks.line.simulator import Simulator, SimulatorSettings, create_simulator

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
TOKEN = "demo-access-token"


class FakeClock:
    """Milliseconds that move only when told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000_000

    def __call__(self) -> int:
        return self.now


class TickingClock(FakeClock):
    """A millisecond later at each look, so that no two acts happen at the same time."""

    def __call__(self) -> int:
        self.now += 1
        return self.now


class Bot:
    """The product's place: keeps every webhook call and answers as told."""

    def __init__(self) -> None:
        self.calls: list[tuple[bytes, dict[str, str]]] = []
        self.statuses: list[int] = []
        self.delay_s = 0.0
        self.on_event: Callable[[dict[str, Any]], Awaitable[None]] | None = None
        self.url = ""
        self._called = asyncio.Condition()

    async def wait_for_calls(self, count: int) -> None:
        async with asyncio.timeout(5), self._called:
            await self._called.wait_for(lambda: len(self.calls) >= count)

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        async with self._called:
            self.calls.append((body, dict(request.headers)))
            self._called.notify_all()
        await asyncio.sleep(self.delay_s)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200 and self.on_event is not None:
            for event in json.loads(body)["events"]:
                await self.on_event(event)
        return Response(status_code=status)

    @property
    def events(self) -> list[Any]:
        return [event for body, _ in self.calls for event in json.loads(body)["events"]]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ticking_clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = Starlette(routes=[Route("/webhooks/line", bot.receive, methods=["POST"])])
    async with serving(app) as url:
        bot.url = f"{url}/webhooks/line"
        yield bot


@pytest.fixture
def settings(bot: Bot) -> SimulatorSettings:
    return SimulatorSettings(
        webhook_url=bot.url, channel_secret=SECRET, access_token=TOKEN, public_url="http://127.0.0.1:1"
    )


Served = tuple[Simulator, str]


@pytest.fixture
def serve_simulator() -> Callable[..., Any]:
    """``async with serve_simulator(settings, clock) as (simulator, url)``."""

    @asynccontextmanager
    async def serve(settings: SimulatorSettings, *clock: FakeClock) -> AsyncIterator[Served]:
        app = create_simulator(settings, *clock)
        async with serving(app) as url:
            yield app.state.simulator, url

    return serve


@pytest.fixture
def serve_app() -> Callable[..., Any]:
    """``async with serve_app(app) as url``."""
    return serving


@pytest.fixture
async def application(settings: SimulatorSettings, clock: FakeClock) -> AsyncIterator[Starlette]:
    application = create_simulator(settings, clock)
    yield application
    await application.state.simulator.aclose()


@pytest.fixture
def simulator(application: Starlette) -> Simulator:
    """The inside of the application; it listens on a socket only when ``http`` or ``line`` is asked for."""
    simulator: Simulator = application.state.simulator
    return simulator


@pytest.fixture
async def url(application: Starlette) -> AsyncIterator[str]:
    async with serving(application) as url:
        yield url


@pytest.fixture
async def line(url: str) -> AsyncIterator[AsyncMessagingApi]:
    """The official client, pointed at the simulator."""
    async with AsyncApiClient(Configuration(host=url, access_token=TOKEN)) as client:
        yield AsyncMessagingApi(client)


@pytest.fixture
async def http(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A bare client with the simulator as its base URL."""
    async with aiohttp.ClientSession(base_url=url) as session:
        yield session


@pytest.fixture
def line_specification() -> Path:
    """The folder with LINE's OpenAPI files; skips by name when the shared test data is absent."""
    shared = os.environ.get("CIVIC_TEST_SHARED")
    root = Path(shared) if shared else Path(__file__).resolve().parents[5] / "shared"
    folder = root / "line"
    if not folder.is_dir():
        pytest.skip("shared/line (LINE's OpenAPI files) is not there: set CIVIC_TEST_SHARED")
    return folder
