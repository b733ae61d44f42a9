"""Servers in processes of their own: ready when given, measured as a whole tree, gone afterwards."""

import socket

import pytest
from support.servers import free_port

from civic.bench.load import Job, get, post, write_requests
from civic.bench.measuring import CannotMeasure
from civic.bench.servers import asgi_server, civic_server, load

BARE = "civic.bench.bare:app"


@pytest.fixture
def requests(tmp_path):
    path = tmp_path / "requests"
    write_requests(path, [post("/bare", b'{"events":[]}'), get("/bare"), get("/nowhere")])
    return path


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_answers_is_measured_and_is_gone(tmp_path, requests, workers):
    with asgi_server(BARE, tmp_path / "bare", workers=workers) as server:
        before = server.cpu_seconds()
        outcome = server.load(requests, connections=4, seconds=0.5, again=True)
        assert server.cpu_seconds() > before > 0
        assert server.rss_mb() > 10 * workers
    assert set(outcome.statuses) == {"200", "404"}
    assert outcome.ok >= outcome.sent // 2
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


def test_a_server_sees_only_the_variables_it_is_given(tmp_path, monkeypatch):
    """The tutorial's server wants two: those of the caller do not reach it, and its log says what is missing."""
    monkeypatch.setenv("TUTORIAL_SECRET", "of the caller")
    monkeypatch.setenv("TUTORIAL_DATABASE_URL", "sqlite+aiosqlite://")
    with (
        pytest.raises(CannotMeasure, match="TUTORIAL_SECRET"),
        asgi_server("civic.bench.tutorial:app", tmp_path / "tutorial"),
    ):
        pass


def test_an_installation_is_served_when_it_is_ready(tmp_path):
    path = tmp_path / "requests"
    write_requests(path, [get("/readyz")])
    env = {"CIVIC_MODE": "development", "CIVIC_DATA_DIR": str(tmp_path / "data")}
    with civic_server(tmp_path / "data", env) as server:
        assert server.load(path, connections=1, seconds=30).statuses == {"200": 1}


def test_a_load_on_nobody_says_so(requests):
    with pytest.raises(CannotMeasure, match="ConnectionRefusedError"):
        load(Job(free_port(), str(requests), connections=1, seconds=1))
