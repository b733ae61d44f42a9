"""The load generator: a process of its own that sends prepared requests and reads the answers. Loopback only.

Plain sockets and one ``epoll`` loop, so that it costs far less than any server it measures. Run as
``python -m civic.bench.load`` with a ``Job`` as JSON on stdin; prints an ``Outcome`` as JSON.

The requests stand in a file, one after the other, with their lengths in front (4 bytes, big endian). ``rate`` 0
means as fast as the answers come (closed loop); else requests begin on a fixed timetable and the time of an answer
counts from when its request was due, so that a server which stalls cannot hide it (open loop).
"""

import itertools
import json
import select
import socket
import struct
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

LENGTH = struct.Struct(">I")
_READ = 262_144
_GIVE_UP_S = 30.0
_WITHOUT_BODY = (b"204", b"304")


@dataclass(frozen=True)
class Job:
    """What to send: a file of requests from the ``first`` on, over so many connections, for so many seconds."""

    port: int
    requests: str
    connections: int
    seconds: float
    first: int = 0
    most: int = 0
    rate: float = 0.0
    again: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came back. ``sent`` requests were taken from the file; times in milliseconds."""

    sent: int
    seconds: float
    statuses: dict[str, int]
    p50_ms: float
    p99_ms: float
    worst_ms: float

    @property
    def ok(self) -> int:
        """Requests answered 200 or 304."""
        return self.statuses.get("200", 0) + self.statuses.get("304", 0)

    @property
    def per_second(self) -> float:
        """Requests answered well, a second."""
        return self.ok / self.seconds


def write_requests(path: Path, requests: Iterable[bytes]) -> int:
    """Write a file of requests; returns how many."""
    number = 0
    with path.open("wb") as file:
        for request in requests:
            file.write(LENGTH.pack(len(request)) + request)
            number += 1
    return number


def post(path: str, body: bytes, headers: str = "") -> bytes:
    """A POST as it goes over the wire; ``headers`` are whole lines with their line ends."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def get(path: str, headers: str = "") -> bytes:
    """A GET as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()


class _Connection:
    """One keep-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due: float | None = None
        self._received = b""
        self._whole = 0

    def send(self, request: bytes, due: float) -> None:
        self.due = due
        self._received, self._whole = b"", 0
        self.socket.sendall(request)

    def answer(self) -> str | None:
        """The status once the whole answer is there, else None."""
        part = self.socket.recv(_READ)
        if not part:
            raise ConnectionError("the server closed a connection before its answer was whole")
        self._received += part
        self._whole = self._whole or _size(self._received)
        if not self._whole or len(self._received) < self._whole:
            return None
        if len(self._received) > self._whole:
            raise ConnectionError("an answer is longer than it says")
        return self._received[9:12].decode()


class _Connections:
    """All connections of a job: which are idle, and which have something to read."""

    def __init__(self, port: int, number: int) -> None:
        self._port = port
        self._poll = select.epoll()
        self._open: dict[int, _Connection] = {}
        self.idle = deque(self._connect() for _ in range(number))

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return len(self.idle) < len(self._open)

    def readable(self, wait_s: float) -> Iterator[_Connection]:
        """Those with a part of an answer. An idle one that the server closed, as it may, is replaced.

        ``select`` waits to the microsecond, ``epoll`` only to the millisecond: too coarse for a timetable.
        """
        select.select([self._poll], [], [], wait_s)
        for number, _ in self._poll.poll(0):
            connection = self._open[number]
            if connection.due is None:
                self._replace(connection)
            else:
                yield connection

    def finished(self, connection: _Connection) -> None:
        """The answer is whole: the connection is free for the next request."""
        connection.due = None
        self.idle.append(connection)

    def close(self) -> None:
        """Close all of them."""
        for connection in self._open.values():
            connection.socket.close()
        self._poll.close()

    def _connect(self) -> _Connection:
        connection = _Connection(self._port)
        self._open[connection.socket.fileno()] = connection
        self._poll.register(connection.socket, select.EPOLLIN)
        return connection

    def _replace(self, closed: _Connection) -> None:
        self.idle.remove(closed)
        del self._open[closed.socket.fileno()]
        closed.socket.close()
        self.idle.append(self._connect())


def run(job: Job) -> Outcome:
    """Send and read until the time is over or the requests are used up; then wait for what is under way.

    Raises:
        ConnectionError: the server closed a connection in the middle, or answered what cannot be read.
        TimeoutError: an answer did not come within half a minute after the end.
    """
    requests = _requests(job)
    tally = _Tally()
    with closing(_Connections(job.port, job.connections)) as connections:
        timetable = _Timetable(job)
        while True:
            _start(connections.idle, requests, timetable, tally)
            if not connections.busy and timetable.over(tally):
                return tally.outcome(time.perf_counter() - timetable.begin)
            for connection in connections.readable(timetable.wait(bool(connections.idle))):
                _take(connection, connections, tally)
            timetable.check()


class _Tally:
    """What was sent and what came back."""

    def __init__(self) -> None:
        self.sent = 0
        self.exhausted = False
        self._statuses: Counter[str] = Counter()
        self._times: list[float] = []

    def answered(self, status: str, seconds: float) -> None:
        self._statuses[status] += 1
        self._times.append(seconds)

    def outcome(self, seconds: float) -> Outcome:
        times = sorted(self._times) or [0.0]
        p50, p99 = (times[int((len(times) - 1) * part)] * 1000 for part in (0.5, 0.99))
        return Outcome(self.sent, seconds, dict(self._statuses), p50, p99, times[-1] * 1000)


class _Timetable:
    """When the next request is due, and when it is all over.

    With a rate, what is due before the end is sent also when no connection is free until after it: a server that
    stalls gets no request less.
    """

    def __init__(self, job: Job) -> None:
        self.begin = time.perf_counter()
        self._end = self.begin + job.seconds
        self._rate = job.rate
        self._planned = round(job.rate * job.seconds)
        self._begun = 0

    def due(self) -> float | None:
        """When the request to be sent now was due; None when it is too early, or too late for any."""
        now = time.perf_counter()
        if not self._rate:
            return now if now < self._end else None
        due = self._next()
        if now < due or self._begun == self._planned:
            return None
        self._begun += 1
        return due

    def wait(self, has_idle: bool) -> float:
        """How long to wait for an answer at most."""
        if has_idle and self._begun < self._planned:
            return max(0.0, self._next() - time.perf_counter())
        return 1.0

    def over(self, tally: _Tally) -> bool:
        finished = self._begun == self._planned if self._rate else time.perf_counter() >= self._end
        return finished or tally.exhausted

    def check(self) -> None:
        if time.perf_counter() > self._end + _GIVE_UP_S:
            raise TimeoutError("the server does not answer any more")

    def _next(self) -> float:
        return self.begin + self._begun / self._rate


def _start(idle: deque[_Connection], requests: Iterator[bytes], timetable: _Timetable, tally: _Tally) -> None:
    """Send what is due on the connections that are free."""
    while idle and not tally.exhausted and (due := timetable.due()) is not None:
        request = next(requests, None)
        if request is None:
            tally.exhausted = True
            return
        idle.popleft().send(request, due)
        tally.sent += 1


def _take(connection: _Connection, connections: _Connections, tally: _Tally) -> None:
    """Read a part of an answer; count it when it is whole."""
    status, due = connection.answer(), connection.due
    if status is not None and due is not None:
        tally.answered(status, time.perf_counter() - due)
        connections.finished(connection)


def _requests(job: Job) -> Iterator[bytes]:
    """The requests of the file from ``first`` on, at most ``most``; ``again`` repeats them for ever."""
    end = job.first + job.most if job.most else None
    chosen = itertools.islice(_read(Path(job.requests).read_bytes()), job.first, end)
    return itertools.cycle(chosen) if job.again else chosen


def _read(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        (length,) = LENGTH.unpack_from(data, at)
        yield data[at + LENGTH.size : at + LENGTH.size + length]
        at += LENGTH.size + length


def _size(received: bytes) -> int:
    """The length of a whole answer, once its head is there; 0 before. An answer without a length has no body."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = received[:end].lower() + b"\r\n"
    if b"\r\ntransfer-encoding:" in head:
        raise ConnectionError("an answer in chunks: its end cannot be told from its head")
    at = head.find(b"\r\ncontent-length:")
    if at < 0 or head[9:12] in _WITHOUT_BODY:
        return end + 4
    return end + 4 + int(head[at + 17 : head.find(b"\r", at + 17)])


if __name__ == "__main__":
    print(json.dumps(asdict(run(Job(**json.load(sys.stdin))))))  # noqa: T201 - the answer to who started us
