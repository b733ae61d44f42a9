"""The fixtures every database test stands on."""

from __future__ import annotations

import socket

import psycopg
import pytest
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

DURABILITY = ("fsync", "synchronous_commit")


@pytest.mark.postgres
def test_a_killed_server_comes_back_with_what_was_committed(postgres_server, postgres_url):
    dbname = postgres_url.rsplit("/", 1)[1].split("?")[0]
    conninfo = postgres_server.conninfo(dbname)
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    postgres_server.kill9()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(conninfo)
    postgres_server.start()
    with psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


@pytest.mark.postgres
def test_the_server_is_as_durable_as_production(postgres_server):
    with psycopg.connect(postgres_server.conninfo()) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone()[0] for name in DURABILITY]
    assert settings == ["on", "on"]


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_gets_a_database_of_its_own(database_url, again):
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE mine (n int)"))
    await engine.dispose()


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_tests_reach_nobody_outside():
    """192.0.2.1 is an address kept for documentation (RFC 5737): it belongs to nobody."""
    with pytest.raises(SocketConnectBlockedError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
