"""The web application: every entry point mounted on one app, with the embedded worker on SQLite."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import civic
from civic import admin, public, web
from civic.api import v1
from civic.kernel.context import Context, open_context
from civic.kernel.settings import Settings
from civic.start import check_start
from webhooks.line import inbox
from webhooks.line.announcing import Announcer, ask_line
from webhooks.line.channel import open_senders, open_webhook
from webhooks.line.previewing import Previews
from webhooks.line.router import PATH


def create_app(settings: Settings) -> FastAPI:
    """The whole application of an installation. On SQLite it does the worker's work too."""
    return build_app(open_context(settings))


def build_app(context: Context, *, with_worker: bool | None = None) -> FastAPI:
    """The application over an opened installation; with the worker's work inside on SQLite, or as told."""
    arrived = asyncio.Event()
    webhook = open_webhook(context, arrived.set)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await check_start(context)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(_running(webhook.commits.run()))
            if context.database.is_sqlite if with_worker is None else with_worker:
                await stack.enter_async_context(embedded_worker(context, arrived))
            yield
        await context.database.close()

    health = [Route("/healthz", _healthz), Route("/readyz", _readyz(context))]
    app = Attara(webhook, lifespan=lifespan, routes=health)
    web.install(app, context, [*public.SHARED, *v1.SHARED])
    app.include_router(public.router(context))
    if context.settings.mode == "demo":
        app.include_router(public.demo_router(context))
    quarantine = admin.Quarantine(inbox.quarantined, inbox.run_again)
    app.include_router(admin.router(context, quarantine, open_messaging(context)))
    app.include_router(v1.router(context))
    return app


def open_messaging(context: Context) -> admin.Messaging:
    """What the staff pages need of LINE."""
    return admin.Messaging(partial(ask_line, context), Announcer(context, None), Previews(context))


class Attara(FastAPI):
    """The application. A vote is answered before the framework's routing, which would cost as much as the vote."""

    def __init__(self, webhook: ASGIApp, **options: Any) -> None:
        super().__init__(title="Attara", version=civic.__version__, docs_url=None, redoc_url=None, **options)
        self._webhook = webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """LINE's calls go to the webhook, everything else to the pages and the API."""
        if scope["type"] == "http" and scope["path"] == PATH:
            await self._webhook(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def settle(app: FastAPI) -> FastAPI:
    """What is loaded by now stays for good: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    return app


@asynccontextmanager
async def embedded_worker(context: Context, arrived: asyncio.Event) -> AsyncIterator[None]:
    """A worker in this process, for as long as the block lasts; ``arrived`` wakes it for new events."""
    # Not above: it brings the drawing of pictures along, without which a web process starts sooner.
    from civic.worker import build_queue

    senders = open_senders(context)
    queue = build_queue(context, senders, arrived)
    try:
        async with _running(queue.run()):
            yield
    finally:
        if senders is not None:
            await senders.client.close()


@asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _healthz(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


READY_WITHIN_S = 1.5


def _readyz(context: Context) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def readyz(_: Request) -> JSONResponse:
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                # Shielded: the driver would answer a cancellation by waiting for the database once more.
                durability = await asyncio.shield(context.database.check_durability())
        except Exception as error:
            return JSONResponse({"status": "not ready", "reason": type(error).__name__}, 503)
        return JSONResponse({"status": "ready", "version": civic.__version__, "durability": durability})

    return readyz
