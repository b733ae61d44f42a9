"""The migrations end in one place, and that place is what the code declares."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from civic.kernel.db.engine import sync_url
from civic.kernel.db.migrate import revisions, upgrade
from civic.schema import metadata


def test_there_is_one_head():
    config = Config()
    config.set_main_option("script_location", str(files("civic") / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


@pytest.fixture
def migrated(empty_database_url):
    """A synchronous engine on a database brought up by the migrations alone."""
    upgrade(empty_database_url)
    engine = sa.create_engine(sync_url(empty_database_url))
    yield engine
    engine.dispose()


def test_migrations_make_what_the_code_declares(migrated):
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(empty_database_url):
    upgrade(empty_database_url)
    upgrade(empty_database_url)
    present, wanted = revisions(empty_database_url)
    assert present == wanted is not None


def declared_rules(engine: sa.Engine) -> dict[str, set[str]]:
    """What the comparison above does not look at: CHECK constraints by table, and triggers."""
    inspector = sa.inspect(engine)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    checks = {
        name: {_plain(check["sqltext"]) for check in inspector.get_check_constraints(name)} for name in tables
    }
    with engine.connect() as connection:
        triggers = connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")).scalars()
        return {**checks, "triggers": {_plain(statement) for statement in triggers}}


def _plain(statement: str) -> str:
    return re.sub(r"\s+", " ", statement.replace('"', "")).strip()


def test_checks_and_triggers_are_migrated_too(tmp_path: Path):
    """SQLite is enough here: both dialects are written by the same lines of the migration."""
    made, migrated = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("made", "migrated"))
    upgrade(migrated)
    engines = [sa.create_engine(sync_url(url)) for url in (made, migrated)]
    metadata.create_all(engines[0])
    rules = [declared_rules(engine) for engine in engines]
    for engine in engines:
        engine.dispose()
    assert rules[0]["triggers"]
    assert rules[0] == rules[1]
