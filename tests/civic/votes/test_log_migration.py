"""The vote log lives through its change of shape: every row as it was, still append-only, and back again."""

import pytest
import sqlalchemy as sa
from alembic import command
from support.migrating import migrate

from civic.kernel.db.engine import sync_url

BEFORE, AFTER = "0005", "0006"
BALLOT = """
    insert into programme (id, slug, title, area, files, source) values (1, 'small', '{}', '', '{}', '');
    insert into ballot (id, programme_id, slug, title, method, method_options, max_approvals, audience, languages,
                        opens_at, closes_at, late_grace_s, position, plan, state)
    values (3, 1, 'nice', '{}', 'greedy', '{}', 2, 'friends', '[]',
            '2026-10-01', '2026-10-14', 600, 0, '{}', 'open')
"""
ROW = {
    "ballot_id": 3,
    "event_id": "01JEVENT",
    "voter": b"voter",
    "at_ms": 1_790_000_000_001,
    "channel": "line",
    "op": "add",
    "choices": "bench",
    "record": b"{}",
    "salt": b"salt",
    "receipt": "AAAA-BBBB-CCCC-DDDD",
    "received_ms": 1_790_000_000_002,
}
LOG = sa.table("vote_log", *map(sa.column, ROW))


@pytest.fixture
def engine(empty_database_url):
    engine = sa.create_engine(sync_url(empty_database_url))
    yield engine
    engine.dispose()


def test_the_log_stays_whole_and_append_only_there_and_back(engine):
    migrate(engine, command.upgrade, BEFORE)
    with engine.begin() as connection:
        for statement in BALLOT.split(";"):
            connection.exec_driver_sql(statement)
        connection.execute(sa.insert(LOG).values(ROW))
    for way, revision in ((command.upgrade, AFTER), (command.downgrade, BEFORE), (command.upgrade, AFTER)):
        migrate(engine, way, revision)
        with engine.connect() as connection:
            assert [dict(row) for row in connection.execute(sa.select(LOG)).mappings()] == [ROW]
        for forbidden in (sa.delete(LOG), sa.update(LOG).values(choices="stage")):
            with pytest.raises(sa.exc.DatabaseError, match="append"), engine.begin() as connection:
                connection.execute(forbidden)
