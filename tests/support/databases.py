"""Databases for the tests: empty ones, ones with the schema, and copies of whole installations.

The migrations, and what many tests begin with, run once a test process; each test then gets a copy of its own.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import make_url
from support.postgres import PostgresServer, database

from civic.kernel.db.migrate import upgrade

DIALECTS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
"""The parameters of a fixture that lets its tests run once on each database."""

Prepare = Callable[[str, Path], Coroutine[Any, Any, None]]
"""Prepares an installation: the URL of a database with the schema, a folder for everything else."""

Installed = Callable[[Prepare, str, Path], str]


def sqlite_url(folder: Path) -> str:
    """The URL of the SQLite database of a folder."""
    return f"sqlite+aiosqlite:///{folder / 'civic.sqlite3'}"


def new_sqlite(folder: Path) -> str:
    """A SQLite database with the schema and without any row, in a folder; its URL."""
    give_schema(sqlite_url(folder))
    return sqlite_url(folder)


def give_schema(url: str) -> None:
    """Let a SQLite database that is not there yet begin with the schema; all others have it from their fixture."""
    file = Path(make_url(url).database or "")
    if url.startswith("sqlite") and not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(_migrated_file())


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_migrated: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with the schema and without any row."""
    with database(postgres_server, postgres_migrated) as name:
        yield postgres_server.dsn(name)


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with the schema: the test runs once on SQLite and once on PostgreSQL."""
    return new_sqlite(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with database(postgres_server) as name:
        yield postgres_server.dsn(name)


@pytest.fixture(params=DIALECTS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same empty, without any table: for the tests of the migrations themselves."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture(scope="session")
def postgres_migrated(postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database with the schema, to be copied; it goes with the cluster."""
    postgres_server.start()
    postgres_server.execute("CREATE DATABASE migrated")
    upgrade(postgres_server.dsn("migrated"))
    return "migrated"


@dataclass
class Templates:
    """The finished installations of this test process: a folder each, and on PostgreSQL a database."""

    factory: pytest.TempPathFactory
    folders: dict[Prepare, Path] = field(default_factory=dict)
    databases: dict[Prepare, tuple[str, Path]] = field(default_factory=dict)

    def on_sqlite(self, prepare: Prepare) -> Path:
        """The folder, with the database in it; prepared when it is asked for the first time."""
        if prepare not in self.folders:
            folder = self.factory.mktemp("template")
            finish(prepare(new_sqlite(folder), folder))
            self.folders[prepare] = folder
        return self.folders[prepare]

    def on_postgres(self, prepare: Prepare, server: PostgresServer, migrated: str) -> tuple[str, Path]:
        """The database's name and the folder."""
        if prepare not in self.databases:
            name, folder = f"template_{len(self.databases)}", self.factory.mktemp("template")
            server.start()
            server.execute(f"CREATE DATABASE {name} TEMPLATE {migrated}")
            finish(prepare(server.dsn(name), folder))
            self.databases[prepare] = name, folder
        return self.databases[prepare]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """What was prepared in this test process."""
    return Templates(tmp_path_factory)


@pytest.fixture
def installed(request: pytest.FixtureRequest, templates: Templates) -> Iterator[Installed]:
    """``installed(prepare, "sqlite" or "postgres", folder)``: a copy of what ``prepare`` made; its URL."""
    with ExitStack() as stack:

        def copy(prepare: Prepare, dialect: str, folder: Path) -> str:
            if dialect == "sqlite":
                shutil.copytree(templates.on_sqlite(prepare), folder, dirs_exist_ok=True)
                return sqlite_url(folder)
            server: PostgresServer = request.getfixturevalue("postgres_server")
            name, prepared = templates.on_postgres(prepare, server, request.getfixturevalue("postgres_migrated"))
            shutil.copytree(prepared, folder, dirs_exist_ok=True)
            return server.dsn(stack.enter_context(database(server, name)))

        yield copy


def finish(preparing: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: whoever asks may stand in an event loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, preparing).result()


@cache
def _migrated_file() -> bytes:
    with TemporaryDirectory() as folder:
        upgrade(sqlite_url(Path(folder)))
        return (Path(folder) / "civic.sqlite3").read_bytes()
