"""One answer in the forms that a reader may ask for: as it is, brotli, gzip, each with its validator (RFC 9110).

All of it is made once: the bytes, the headers, and those of a 304. Giving an answer is then only a choice.
"""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import brotli
from starlette.datastructures import MutableHeaders
from starlette.types import Send

from civic.kernel.canonical import sha256_hex

IDENTITY, GZIP, BROTLI = b"", b"gzip", b"br"

# Of both the level behind which a second of time buys next to nothing: pages are built again while people wait.
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6
_ETAG_DIGITS = 32
_ABOUT_THE_BODY = frozenset({b"content-type", b"content-length", b"content-encoding"})

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """What the application said."""

    status: int
    headers: RawHeaders
    body: bytes

    @property
    def is_for_everybody(self) -> bool:
        """Whether others may get it too: what sets a cookie or must not be stored is somebody's own."""
        found = dict(self.headers)
        is_private = b"set-cookie" in found or b"no-store" in found.get(b"cache-control", b"")
        return self.status == 200 and not is_private

    async def send(self, send: Send, *, with_body: bool) -> None:
        """Give it as it is."""
        await _send(send, self.status, self.headers, self.body if with_body else b"")


@dataclass(frozen=True)
class Representation:
    """An answer in one content coding; ``unchanged`` are the headers of its 304."""

    etag: bytes
    headers: RawHeaders
    unchanged: RawHeaders
    body: bytes

    async def send(self, send: Send, if_none_match: bytes | None, *, with_body: bool) -> None:
        """Give it, or say that the reader has it."""
        if if_none_match is not None and is_among(self.etag, if_none_match):
            await _send(send, 304, self.unchanged, b"")
        else:
            await _send(send, 200, self.headers, self.body if with_body else b"")


@dataclass(frozen=True)
class Finished:
    """An answer in all its representations, by content coding."""

    answer: Answer
    representations: Mapping[bytes, Representation]

    def accepted(self, accept_encoding: bytes) -> Representation:
        """The smallest representation that a reader takes; the plain one is always taken."""
        for coding in (BROTLI, GZIP):
            if coding in self.representations and accepts(accept_encoding, coding):
                return self.representations[coding]
        return self.representations[IDENTITY]

    @property
    def size(self) -> int:
        """Bytes of all bodies; the plain one is the answer's own."""
        return sum(len(found.body) for found in self.representations.values())


def finish(answer: Answer) -> Finished:
    """Make every representation of an answer. A coding that makes it no smaller is left out."""
    digest = sha256_hex(answer.body)[:_ETAG_DIGITS]
    encoded = {
        IDENTITY: answer.body,
        GZIP: gzip.compress(answer.body, _GZIP_LEVEL, mtime=0),
        BROTLI: brotli.compress(answer.body, quality=_BROTLI_QUALITY),
    }
    return Finished(
        answer,
        {
            coding: _representation(answer, coding, body, digest)
            for coding, body in encoded.items()
            if coding == IDENTITY or len(body) < len(answer.body)
        },
    )


def accepts(accept_encoding: bytes, coding: bytes) -> bool:
    """Whether an Accept-Encoding header names a coding, and not with a weight of zero (RFC 9110, 12.5.3)."""
    for item in accept_encoding.lower().split(b","):
        name, _, weight = item.partition(b";")
        if name.strip() == coding:
            return weight.replace(b" ", b"").rstrip(b"0") not in (b"q=", b"q=0.")
    return False


def is_among(etag: bytes, if_none_match: bytes) -> bool:
    """Whether an If-None-Match header names an entity tag, by the weak comparison (RFC 9110, 13.1.2)."""
    if if_none_match in (etag, b"*"):
        return True
    return etag in (item.strip().removeprefix(b"W/") for item in if_none_match.split(b","))


def _representation(answer: Answer, coding: bytes, body: bytes, digest: str) -> Representation:
    """Representations are different bytes, so their strong tags differ too."""
    etag = f'"{digest}{"-" if coding else ""}{coding.decode()}"'.encode()
    headers = MutableHeaders(raw=list(answer.headers))
    headers.add_vary_header("accept-encoding")
    headers.setdefault("cache-control", "no-cache")
    headers["etag"] = etag.decode()
    headers["content-length"] = str(len(body))
    if coding:
        headers["content-encoding"] = coding.decode()
    unchanged = [(name, value) for name, value in headers.raw if name not in _ABOUT_THE_BODY]
    return Representation(etag, headers.raw, unchanged, body)


async def _send(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
