"""Headers of every answer: what a browser may do with our pages, which is very little."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LINE_SCRIPTS = "https://static.line-scdn.net"
LINE_CALLS = "https://access.line.me https://api.line.me https://liffsdk.line-scdn.net"


def content_security_policy(
    *, scenes: bool = False, frames: bool = False, framed: bool = False, line: bool = False
) -> str:
    """What a page may load: our own files only.

    ``scenes``: a 3D view, whose loader hands textures on as blob: and data: addresses. ``frames``: pages of ours
    inside the page. ``framed``: the page itself may stand inside another page of ours. ``line``: LINE's own
    script, which asks LINE who the reader is.
    """
    directives = {
        "default-src": "'none'",
        "script-src": f"'self' {LINE_SCRIPTS}" if line else "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:" if scenes else "'self'",
        "connect-src": f"'self' {LINE_CALLS}" if line else "'self' blob:" if scenes else "'self'",
        "worker-src": "'self'" if scenes else None,
        "frame-src": "'self'" if frames else None,
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'" if framed else "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items() if sources)


SECURITY_HEADERS = {
    "content-security-policy": content_security_policy(),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

_PRIVATE = re.compile(r"/(?:admin|c|login|r|b/[^/]+/(?:liff|login|vote))(?:/|$)")


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
    """Set what is missing; an answer to staff, or to one person's code, login or vote, is never stored."""
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    if _PRIVATE.match(path):
        headers["cache-control"] = "no-store"
