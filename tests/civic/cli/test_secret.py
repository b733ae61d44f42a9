"""``civic secret rotate``: beside what is there, again without harm, and never without a second key."""

import asyncio
import json

import pytest
import structlog
from support.databases import new_sqlite
from support.line import person
from typer.testing import CliRunner

from civic.cli import app
from civic.kernel.db import open_database
from civic.kernel.security import Vault
from civic.residents.actions import follow
from civic.residents.queries import accounts_of

OLD, NEW = "o" * 32, "n" * 32


@pytest.fixture(autouse=True)
def logging_as_before():
    """A command binds the log to its own stderr, which is closed when it has run here."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def folder(tmp_path):
    """A data folder with three residents, sealed with the old key."""
    new_sqlite(tmp_path)
    asyncio.run(on_database(tmp_path, befriend))
    return tmp_path


async def on_database(folder, work):
    database = open_database(f"sqlite+aiosqlite:///{folder / 'civic.sqlite3'}")
    try:
        async with database.writing() as session:
            return await work(session)
    finally:
        await database.close()


async def befriend(session):
    for number in range(3):
        await follow(session, Vault(OLD), person(number), 1_000)


def rotate(folder, keys):
    env = {
        "CIVIC_DATA_DIR": str(folder),
        "CIVIC_MODE": "development",
        "CIVIC_DATABASE_URL": None,
        "CIVIC_SECRET_KEY": keys,
    }
    return CliRunner().invoke(app, ["secret", "rotate", "--json"], env=env)


def test_rotating_seals_everybody_with_the_newest_key(folder):
    done = rotate(folder, f"{NEW}, {OLD}")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"residents": 3, "resealed": 3}
    assert "7 日たったら" in done.stderr

    async def opened(session):
        return await accounts_of(session, Vault(NEW), [1, 2, 3])

    assert asyncio.run(on_database(folder, opened)) == [person(number) for number in range(3)]
    assert json.loads(rotate(folder, f"{NEW},{OLD}").stdout) == {"residents": 3, "resealed": 0}


@pytest.mark.parametrize(
    ("keys", "code"), [(OLD, "secret_only_one"), (f"{NEW},{'x' * 32}", "sealed_with_other_key")]
)
def test_without_both_keys_nothing_happens(folder, keys, code):
    refused = rotate(folder, keys)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert code in refused.stderr
