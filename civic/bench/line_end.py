"""What stands for LINE when delivery is measured: it takes multicasts, and tells afterwards who was in them.

A process of its own (``python -m civic.bench.line_end --port N``) that does as little as can be for a request, so
that the sender is what is measured. ``GET /taken`` answers how many requests, recipients and different recipients
there were, and forgets them; ``GET /first`` gives the first body.
"""

import argparse
import asyncio
import json
from dataclasses import dataclass, field

_ID = 36
"""A LINE user id with its quotes and its comma."""


@dataclass
class Taken:
    """The recipients and retry keys of all requests so far."""

    keys: set[bytes] = field(default_factory=set)
    lists: list[bytes] = field(default_factory=list)
    first: bytes = b"{}"

    def take(self, head: bytes, body: bytes) -> None:
        """Keep a request."""
        start = head.index(b"x-line-retry-key:") + 17
        self.keys.add(head[start : head.index(b"\r", start)].strip())
        if not self.lists:
            self.first = body
        begin = body.index(b'"to"')
        self.lists.append(body[body.index(b"[", begin) + 1 : body.index(b"]", begin)])

    def told(self) -> bytes:
        """The sums, as JSON; then nothing is known any more."""
        people = [quoted for listed in self.lists for quoted in listed.replace(b" ", b"").split(b",")]
        told = {"requests": len(self.lists), "recipients": len(people), "different": len(set(people))}
        told["keys"] = len(self.keys)
        self.keys, self.lists = set(), []
        return json.dumps(told).encode()


class Connection(asyncio.Protocol):
    """One keep-alive connection: a request is answered as soon as it is whole."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connects."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """A part of a request, or several requests."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._received[:end]).lower() + b"\r\n"
            whole = end + 4 + _length(head)
            if len(self._received) < whole:
                return
            body = bytes(self._received[end + 4 : whole])
            del self._received[:whole]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        content = b"{}"
        if head.startswith(b"post"):
            self._taken.take(head, body)
        elif head.startswith(b"get /taken"):
            content = self._taken.told()
        elif head.startswith(b"get /first"):
            content = self._taken.first
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-line-request-id: measured\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(content), content)
        )


def _length(head: bytes) -> int:
    at = head.find(b"\r\ncontent-length:")
    return int(head[at + 17 : head.index(b"\r", at + 17)]) if at >= 0 else 0


async def serve(port: int) -> None:
    """Until the process ends."""
    taken = Taken()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(taken), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    asyncio.run(serve(options.parse_args().port))
