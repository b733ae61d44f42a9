"""Headers of every answer: what a browser may do with our pages, which is very little."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

_PRIVATE = ("/admin", "/r")


class SecurityHeaders:
    """Adds the headers that an answer does not set itself, and keeps private pages out of every cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; only the start of an HTTP answer is touched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_secured)


def secure(headers: MutableHeaders, path: str) -> None:
    """Set what is missing; an answer under /admin or /r is never stored."""
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    if any(path == private or path.startswith(f"{private}/") for private in _PRIVATE):
        headers["cache-control"] = "no-store"
