"""A real PostgreSQL for the tests: one throw-away cluster a test process, one fresh database a test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.requirements import require

from civic.bench.postgres import PostgresServer, cluster

WHERE_TO_GET_IT = "no PostgreSQL server found (Debian: apt install postgresql)"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """This test process's own running cluster."""
    with cluster() as server:
        if server is None:
            require("postgres", WHERE_TO_GET_IT)
        yield server


_numbers = itertools.count(1)


@contextmanager
def database(server: PostgresServer, template: str = "template1") -> Iterator[str]:
    """The name of a database of its own for the block: a copy of ``template``, an empty one without."""
    name = f"test_{next(_numbers)}"
    server.start()
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield name
    server.start()
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
