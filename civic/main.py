"""The web application: every entry point mounted on one app, with the embedded worker on SQLite."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import civic
from civic import admin, public, web
from civic.api import v1
from civic.ballots.queries import ballots_in_state
from civic.kernel.context import Context, open_context
from civic.kernel.db.migrate import require_current
from civic.kernel.settings import Settings
from civic.worker import build_queue
from webhooks.line import inbox
from webhooks.line.announcing import ask_line
from webhooks.line.channel import open_senders, open_webhook


def create_app(settings: Settings) -> FastAPI:
    """The whole application of an installation. On SQLite it does the worker's work too."""
    return build_app(open_context(settings))


def build_app(context: Context) -> FastAPI:
    """The application over an opened installation."""
    arrived = asyncio.Event()
    webhook = open_webhook(context, arrived.set)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await check_start(context)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(_running(webhook.commits.run()))
            if context.database.is_sqlite:
                await stack.enter_async_context(embedded_worker(context, arrived))
            yield
        await context.database.close()

    app = FastAPI(
        title="Attara",
        version=civic.__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        routes=[
            Route("/webhooks/line", webhook, methods=["POST"]),
            Route("/healthz", _healthz),
            Route("/readyz", _readyz(context)),
        ],
    )
    web.install(app, context)
    app.include_router(public.router(context))
    if context.settings.mode == "demo":
        app.include_router(public.demo_router(context))
    quarantine = admin.Quarantine(inbox.quarantined, inbox.run_again)
    app.include_router(admin.router(context, quarantine, partial(ask_line, context)))
    app.include_router(v1.router(context))
    return app


async def check_start(context: Context) -> None:
    """StartRefused unless schema, durability and the keys of open ballots are as they must be."""
    await asyncio.to_thread(require_current, context.settings.resolved_database_url)
    await context.database.check_durability()
    async with context.database.reading() as session:
        open_now = await ballots_in_state(session, "open", "closed")
    context.keys.require([ballot.slug for ballot in open_now])


@asynccontextmanager
async def embedded_worker(context: Context, arrived: asyncio.Event) -> AsyncIterator[None]:
    """A worker in this process, for as long as the block lasts; ``arrived`` wakes it for new events."""
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


def _readyz(context: Context) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def readyz(_: Request) -> JSONResponse:
        try:
            durability = await context.database.check_durability()
        except Exception as error:
            return JSONResponse({"status": "not ready", "reason": type(error).__name__}, 503)
        return JSONResponse({"status": "ready", "version": civic.__version__, "durability": durability})

    return readyz
