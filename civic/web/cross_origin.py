"""What is published may be read by the pages of others too: CORS for reading, without credentials."""

import re

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PUBLISHED = re.compile(r"/api/v1/.*|/files/models/[^/]*\.glb")
_READS = ("GET", "HEAD")
_ANYBODY = {"access-control-allow-origin": "*", "access-control-expose-headers": "etag"}
_LEAVE_TO_READ = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "if-none-match",
    "access-control-max-age": "86400",
    "allow": "GET, HEAD, OPTIONS",
}


class CrossOriginReads:
    """Lets a script of any origin read the API and the models that it names, nothing else, and change nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what a browser asks before it reads; mark what was read as open to everybody."""
        if scope["type"] != "http" or not _PUBLISHED.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_LEAVE_TO_READ)(scope, receive, send)
        elif scope["method"] in _READS:
            await self._app(scope, receive, _opening(send))
        else:
            await self._app(scope, receive, send)


def _opening(send: Send) -> Send:
    async def send_open(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_ANYBODY)
        await send(message)

    return send_open
