"""An ASGI application on a real socket of 127.0.0.1, in this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


class PromptServer(uvicorn.Server):
    """Tells when it listens, and stops at once; uvicorn looks every tenth of a second and waits another."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stop = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)  # sets the headers that every answer has
        self.ready.set()
        await self.stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in [*self.servers, *(sockets or [])]:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.gather(*self.server_state.tasks)
        await asyncio.sleep(0.01)
        await self.lifespan.shutdown()


@asynccontextmanager
async def serving(app: ASGIApp, sock: socket.socket | None = None) -> AsyncIterator[str]:
    """The application on a bound socket, or on a free port; gives its base URL."""
    listening = sock or free_socket()
    config = uvicorn.Config(app, log_level="critical", access_log=False, ws="none")
    server = PromptServer(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    await server.ready.wait()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.stop.set()
        await task


def free_socket() -> socket.socket:
    """A bound socket that nobody else has."""
    # Said to be TCP: only then asyncio sends small answers at once, not 40 ms later.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    return listening
