"""The log learns of cards and keeps every row; a database that has used them does not go back."""

import pytest
import sqlalchemy as sa
from alembic import command
from support.migrating import migrate

from civic.kernel.db.engine import sync_url
from tests.civic.votes.test_log_migration import BALLOT, LOG, ROW

BEFORE, AFTER = "0012", "0013"


@pytest.fixture
def engine(empty_database_url):
    engine = sa.create_engine(sync_url(empty_database_url))
    yield engine
    engine.dispose()


def rows(engine) -> list[dict]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(LOG)).mappings()]


def insert(engine, row: dict) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(LOG).values(row))


def test_the_log_stays_whole_and_append_only_and_takes_votes_by_card(engine):
    migrate(engine, command.upgrade, BEFORE)
    with engine.begin() as connection:
        for statement in BALLOT.split(";"):
            connection.exec_driver_sql(statement)
    insert(engine, ROW)
    by_card = ROW | {"event_id": "01JCARD", "receipt": "AAAA-BBBB-CCCC-EEEE", "channel": "code"}
    with pytest.raises(sa.exc.IntegrityError):
        insert(engine, by_card)
    for way, revision in ((command.upgrade, AFTER), (command.downgrade, BEFORE), (command.upgrade, AFTER)):
        migrate(engine, way, revision)
        assert rows(engine) == [ROW]
    insert(engine, by_card)
    for forbidden in (sa.delete(LOG), sa.update(LOG).values(choices="stage")):
        with pytest.raises(sa.exc.DatabaseError, match="append"), engine.begin() as connection:
            connection.execute(forbidden)
    with pytest.raises(sa.exc.IntegrityError):
        insert(engine, by_card | {"event_id": "01JFAX", "receipt": "X", "channel": "fax"})
