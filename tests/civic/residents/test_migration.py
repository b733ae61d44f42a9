"""Residents of a trial release cannot be opened any more: the upgrade says so before it changes anything."""

import pytest
import sqlalchemy as sa
from alembic import command
from support.migrating import migrate

from civic.kernel.db.engine import sync_url
from civic.kernel.errors import StartRefused

BEFORE, AFTER = "0009", "0010"
A_RESIDENT = sa.text(
    "insert into resident (id, line_id_hash, line_id_sealed, language, follows, follow_changed_ms) "
    "values (1, :keyed, :sealed, 'ja', :follows, 1)"
).bindparams(keyed=b"k", sealed=b"s" * 61, follows=True)


@pytest.fixture
def engine(empty_database_url):
    engine = sa.create_engine(sync_url(empty_database_url))
    migrate(engine, command.upgrade, BEFORE)
    yield engine
    engine.dispose()


def columns(engine):
    return {column["name"] for column in sa.inspect(engine).get_columns("resident")}


def test_with_residents_the_upgrade_is_refused_and_nothing_changes(engine):
    with engine.begin() as connection:
        connection.execute(A_RESIDENT)
    with pytest.raises(StartRefused, match="residents_sealed_before"):
        migrate(engine, command.upgrade, AFTER)
    assert "relations" not in columns(engine)
    with engine.begin() as connection:
        assert connection.scalar(sa.text("select count(*) from resident")) == 1
        connection.execute(sa.text("delete from resident"))
    migrate(engine, command.upgrade, AFTER)
    assert "relations" in columns(engine)


def test_the_way_back_begins_without_residents(engine):
    before = columns(engine)
    migrate(engine, command.upgrade, AFTER)
    migrate(engine, command.downgrade, BEFORE)
    assert columns(engine) == before
