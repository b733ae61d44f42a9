"""The load generator against a small real server: everything sent once, every answer counted, a timetable."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pytest

from civic.bench.load import Job, get, post, run, write_requests

Answer = Callable[[socket.socket, int], bool | None]
LONG = 30.0


class TinyServer:
    """Keeps every request; ``answer(connection, number of the request)`` writes what it likes, False closes."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[bytes] = []
        self._answer = answer
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return self._listening.getsockname()[1]

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as incoming:
            while request := _read_request(incoming):
                with self._lock:
                    self.requests.append(request)
                    number = len(self.requests)
                if self._answer(connection, number) is False:
                    return


def _read_request(incoming: BinaryIO) -> bytes:
    """One request as it came; empty when the client has closed."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = incoming.readline()
        if not line:
            return b""
        head += line
    length = next((int(line[15:]) for line in head.splitlines() if line.startswith(b"Content-Length:")), 0)
    return head + incoming.read(length)


@contextmanager
def serving(answer: Answer) -> Iterator[TinyServer]:
    server = TinyServer(answer)
    try:
        yield server
    finally:
        server.close()


def saying(status: int, body: bytes = b"ok", head: str = "") -> bytes:
    return f"HTTP/1.1 {status} -\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def ok(connection: socket.socket, _number: int) -> None:
    connection.sendall(saying(200))


@pytest.fixture
def requests(tmp_path):
    """A file with a hundred different requests."""
    path = tmp_path / "requests"
    assert write_requests(path, (post(f"/{n}", b"%d" % n * n, "X-Kind: test\r\n") for n in range(100))) == 100
    return path


def test_every_request_arrives_once_and_whole(requests):
    with serving(ok) as server:
        outcome = run(Job(server.port, str(requests), connections=7, seconds=LONG))
    assert (outcome.sent, outcome.statuses, outcome.ok) == (100, {"200": 100}, 100)
    assert sorted(server.requests) == sorted(
        b"POST /%d HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Kind: test\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (n, len(b"%d" % n * n), b"%d" % n * n)
        for n in range(100)
    )


def test_what_takes_long_is_seen_in_the_rate(requests):
    def slowly(connection, _number):
        time.sleep(0.01)
        connection.sendall(saying(200))

    with serving(slowly) as server:
        outcome = run(Job(server.port, str(requests), connections=1, seconds=LONG, most=20))
    assert outcome.seconds >= 0.2
    assert outcome.per_second <= 100
    assert 10 <= outcome.p50_ms <= outcome.p99_ms <= outcome.worst_ms


def test_a_part_of_the_file_is_sent(requests):
    with serving(ok) as server:
        outcome = run(Job(server.port, str(requests), connections=1, seconds=LONG, first=30, most=5))
    assert outcome.sent == 5
    assert [request.split()[1] for request in server.requests] == [b"/30", b"/31", b"/32", b"/33", b"/34"]


def test_the_same_again_until_the_time_is_over(tmp_path):
    path = tmp_path / "requests"
    write_requests(path, [get("/page", "Accept-Encoding: br\r\n")])
    with serving(ok) as server:
        outcome = run(Job(server.port, str(path), connections=2, seconds=0.3, again=True))
    assert outcome.sent == outcome.ok == len(server.requests) > 2
    assert set(server.requests) == {b"GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n\r\n"}


def test_nothing_to_send_ends_at_once(tmp_path):
    path = tmp_path / "requests"
    write_requests(path, [])
    with serving(ok) as server:
        outcome = run(Job(server.port, str(path), connections=2, seconds=LONG, again=True))
    assert (outcome.sent, outcome.statuses, outcome.p99_ms) == (0, {}, 0.0)


def test_statuses_are_counted_apart(requests):
    def by_turns(connection, number):
        connection.sendall(saying((200, 401, 503, 200)[number % 4]))

    with serving(by_turns) as server:
        outcome = run(Job(server.port, str(requests), connections=3, seconds=LONG))
    assert outcome.statuses == {"200": 50, "401": 25, "503": 25}
    assert outcome.ok == 50


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 2000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Content-Length: 9\r\ncontent-length: 2\r\nX-Last: 1\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_the_end_of_an_answer_is_told_from_its_head(requests, answer):
    with serving(lambda connection, _: connection.sendall(answer)) as server:
        outcome = run(Job(server.port, str(requests), connections=2, seconds=LONG))
    assert outcome.ok == 100


def test_an_answer_may_come_in_pieces(requests):
    def in_pieces(connection, _number):
        for byte in saying(200, b"x" * 20):
            connection.sendall(bytes([byte]))
            time.sleep(0.0001)

    with serving(in_pieces) as server:
        outcome = run(Job(server.port, str(requests), connections=4, seconds=LONG, most=20))
    assert outcome.statuses == {"200": 20}


def test_an_answer_may_be_larger_than_one_read(requests):
    with serving(lambda connection, _: connection.sendall(saying(200, b"x" * 1_000_000))) as server:
        outcome = run(Job(server.port, str(requests), connections=2, seconds=LONG, most=5))
    assert outcome.statuses == {"200": 5}


def test_with_a_rate_requests_go_out_by_the_timetable(requests):
    with serving(ok) as server:
        outcome = run(Job(server.port, str(requests), connections=4, seconds=0.5, rate=80))
    assert outcome.sent == outcome.ok == 40
    assert outcome.seconds >= 39 / 80


def test_a_stalling_server_gets_no_request_less_and_cannot_hide_it(requests):
    """One connection, and the first answer takes 0.3 s: those that waited for it took long as well."""

    def stalling(connection, number):
        time.sleep(0.3 if number == 1 else 0)
        connection.sendall(saying(200))

    with serving(stalling) as server:
        outcome = run(Job(server.port, str(requests), connections=1, seconds=0.4, rate=20))
    assert outcome.sent == outcome.ok == 8
    assert outcome.worst_ms >= 300
    assert outcome.p50_ms >= 95  # the fifth was due 0.1 s before the first answer came


def test_a_server_may_close_what_is_idle(requests):
    def once(connection, _number):
        connection.sendall(saying(200))
        return False

    with serving(once) as server:
        outcome = run(Job(server.port, str(requests), connections=1, seconds=0.9, rate=5, most=4))
    assert outcome.ok == 4


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "before its answer was whole"),
        (b"", "before its answer was whole"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok", "longer than it says"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "in chunks"),
    ],
)
def test_a_broken_answer_is_no_answer(requests, answer, complaint):
    def broken(connection, _number):
        connection.sendall(answer)
        return False

    with serving(broken) as server, pytest.raises(ConnectionError, match=complaint):
        run(Job(server.port, str(requests), connections=1, seconds=LONG))
