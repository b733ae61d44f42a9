"""The simulator as an ASGI application: LINE's API, the control API, the chat page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from webhooks.line.simulator.api import LineApi
from webhooks.line.simulator.chat import Chat
from webhooks.line.simulator.control import Control
from webhooks.line.simulator.settings import Clock, SimulatorSettings, wall_clock
from webhooks.line.simulator.simulator import Simulator

OWN_PAGES = (b"same-origin", b"none")


class RefuseForeignPages:
    """A page of another site that the visitor has open must not act for the residents (``Sec-Fetch-Site``)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what a browser marks as coming from elsewhere, except reading."""
        headers = dict(scope.get("headers", []))
        if scope.get("method") == "POST" and headers.get(b"sec-fetch-site", b"none") not in OWN_PAGES:
            message = {
                "message_ja": "ほかのサイトのページからは操作できません。デモの画面から操作してください。",
                "message_en": "Pages of other sites cannot act here. Use the demo's own page.",
            }
            await JSONResponse(message, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def create_simulator(settings: SimulatorSettings, clock: Clock = wall_clock) -> Starlette:
    """One channel at one base URL, alone or mounted under any prefix; ``app.state.simulator`` is its inside.

    Served alone it closes its connections at shutdown. An application that mounts it does not run that, so it
    calls ``await app.state.simulator.aclose()`` itself.
    """
    simulator = Simulator(settings, clock)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with simulator:
            yield

    routes = [*LineApi(simulator).routes(), *Control(simulator).routes(), *Chat(simulator).routes()]
    app = Starlette(routes=routes, middleware=[Middleware(RefuseForeignPages)], lifespan=lifespan)
    app.state.simulator = simulator
    return app
