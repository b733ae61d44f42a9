"""The one application of ``civic demo``: the product, the simulated LINE below /demo/line, and starting again.

Product and simulator share a port but nothing else: the product calls LINE at CIVIC_LINE_API_URL, the simulator
calls the product's webhook, both over HTTP.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from civic.ballots.queries import ballots_in_state
from civic.cli.demo_data import open_demo
from civic.cli.demo_people import PEOPLE
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, Conflict
from civic.kernel.i18n import frontend_dir
from civic.kernel.settings import Settings
from civic.main import build_app
from civic.web import Pages, reader_of
from civic.web.assets import read_assets
from civic.web.errors import ErrorAnswers
from civic.web.forms import require_own_page
from webhooks.line.richmenu.publishing import forget_published
from webhooks.line.simulator import Simulator, SimulatorSettings, Taste, create_simulator, send_crowd

CROWD = 200
CROWD_OVER_S = 20.0
CROWD_TASTE = Taste("p=shade-bench")
"""The model case's winner was a space kind to people, pets and the town."""

SIMULATOR_PATH = "/demo/line"
_UNDER_WAY_S = 5.0
_WAIT = HTMLResponse(
    '<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
    '<meta name="viewport" content="width=device-width"><title>準備しています</title>'
    "<p>はじめからの準備をしています。数秒で、ひとりでに開きます。</p>"
    '<p lang="en">The demo is starting again. This page opens by itself in a few seconds.</p></html>',
    503,
    {"cache-control": "no-store", "content-security-policy": "default-src 'none'", "retry-after": "2"},
)


@dataclass
class Stage:
    """What is being played now: it goes as a whole when the demo starts again."""

    context: Context
    product: ASGIApp
    line: Starlette
    open: AsyncExitStack
    crowd: asyncio.Task[object] | None = None

    @property
    def simulator(self) -> Simulator:
        """The people with their phones."""
        simulator: Simulator = self.line.state.simulator
        return simulator

    async def close(self, late: Collection[asyncio.Task[object]]) -> None:
        """End the crowd, the chats, the requests that take too long, and the product, in this order.

        Nothing is cut off in the middle of a write transaction: its connection would keep the database locked
        until the garbage collector finds it.
        """
        if self.crowd is not None:
            await _cancelled([self.crowd])
        await self.simulator.aclose()
        async with self.context.database.write_lock:
            await _cancelled(late)
            await self.open.aclose()


class DemoHost:
    """Serves the stage that is set; while there is none it asks for a little patience (503)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._errors = ErrorAnswers(Pages(settings))
        self._stage: Stage | None = None
        self._under_way: set[asyncio.Task[object]] = set()
        self._changing = asyncio.Lock()
        self._deeds = {"/demo/again": self._again, "/demo/crowd": self._crowd}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """A stage is set for as long as the block lasts."""
        self._stage = await self._set_stage()
        try:
            yield
        finally:
            async with self._changing:
                await self._clear_stage()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request to the one it is for."""
        deed = self._deeds.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if deed is not None:
            await self._answer(deed, scope, receive, send)
        elif self._stage is None:
            await _WAIT(scope, receive, send)
        else:
            await self._serve(self._stage, scope, receive, send)

    def end_waiting(self) -> None:
        """Answer those who wait for news, so that a server can stop at once."""
        if self._stage is not None:
            self._stage.simulator.closing.set()

    async def befriend(self) -> None:
        """Everybody adds the account as a friend, by real webhooks: to be called once the port is listened on."""
        stage = self._stage
        if stage is not None:
            await asyncio.gather(*(stage.simulator.follow(index) for index in range(len(PEOPLE))))

    async def start_again(self) -> None:
        """Play from the beginning, in the same process; who asks meanwhile waits for the same new beginning."""
        if self._changing.locked():
            async with self._changing:
                return
        async with self._changing:
            await self._clear_stage()
            self._stage = await self._set_stage(anew=True)
        await self.befriend()

    async def _set_stage(self, *, anew: bool = False) -> Stage:
        context = await open_demo(self._settings, anew=anew)
        await forget_published(context.database)  # the simulated LINE begins without a menu
        product = build_app(context)
        running = AsyncExitStack()
        await running.enter_async_context(product.router.lifespan_context(product))
        return Stage(context, product, create_simulator(_simulator_settings(self._settings)), running)

    async def _clear_stage(self) -> None:
        """No new requests; those under way get a few seconds to end; then everything is closed."""
        stage, self._stage = self._stage, None
        if stage is None:
            return
        stage.simulator.closing.set()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_UNDER_WAY_S)
        await stage.close(list(self._under_way))

    async def _serve(self, stage: Stage, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            path = scope["path"]
            if path == SIMULATOR_PATH or path.startswith(f"{SIMULATOR_PATH}/"):
                inner = dict(scope, root_path=scope.get("root_path", "") + SIMULATOR_PATH)
                await stage.line(inner, receive, send)
            else:
                await stage.product(scope, receive, send)
        finally:
            self._under_way.discard(task)

    async def _answer(
        self, deed: Callable[[Request], Awaitable[Response]], scope: Scope, receive: Receive, send: Send
    ) -> None:
        request = Request(scope, receive)
        try:
            require_own_page(request, self._settings.base_url)
            response = await deed(request)
        except CivicError as refusal:
            response = self._errors.answer(request, refusal)
        await response(scope, receive, send)

    async def _again(self, request: Request) -> Response:
        """POST /demo/again."""
        await self.start_again()
        return RedirectResponse(reader_of(request).link("/demo"), 303)

    async def _crowd(self, request: Request) -> Response:
        """POST /demo/crowd: 200 people vote over twenty seconds; pressed again meanwhile, nothing is added."""
        stage = self._stage
        if stage is None:
            return _WAIT
        async with stage.context.database.reading() as session:
            open_now = await ballots_in_state(session, "open")
        if not open_now:
            raise Conflict(
                "demo_nothing_open",
                "投票はもう締め切られています。「はじめから」を押すと、もう一度投票できます。",
            )
        if stage.crowd is None or stage.crowd.done():
            stage.crowd = asyncio.create_task(_people_vote(stage.simulator))
        return RedirectResponse(reader_of(request).link(f"/admin/ballots/{open_now[0].slug}"), 303)


async def _cancelled(tasks: Collection[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _people_vote(simulator: Simulator) -> object:
    return await send_crowd(
        simulator,
        count=CROWD,
        seed=simulator.settings.seed,
        concurrency=10,
        over_s=CROWD_OVER_S,
        taste=CROWD_TASTE,
    )


def _simulator_settings(settings: Settings) -> SimulatorSettings:
    (secret,), token = settings.line_channel_secret, settings.line_channel_access_token
    assert token is not None
    return SimulatorSettings(
        webhook_url=f"{settings.base_url}/webhooks/line",
        channel_secret=secret.get_secret_value(),
        access_token=token.get_secret_value(),
        public_url=settings.line_api_url,
        quota=5_000,
        people=PEOPLE,
        script_url=read_assets(frontend_dir()).url("chat"),
    )
