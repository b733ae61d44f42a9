"""Campaigns of an earlier release keep their counts; what they had not sent is given up."""

import pytest
import sqlalchemy as sa
from alembic import command
from support.migrating import migrate

from civic.kernel.db.engine import sync_url

BEFORE, AFTER = "0010", "0011"
CHUNK = (
    "insert into delivery_chunk (id, campaign_id, seq, retry_key, messages, residents, body_sha256, state, "
    "not_before, attempts) "
    "values ('{id}', 'c', {seq}, '{id}', :messages, '{residents}', '', '{state}', '2026-10-01 00:00:00', 1)"
)
SENT = {"id": "one", "seq": 0, "residents": [1, 2], "state": "sent"}
WAITING = {"id": "two", "seq": 1, "residents": [3], "state": "pending"}


@pytest.fixture
def engine(empty_database_url):
    engine = sa.create_engine(sync_url(empty_database_url))
    migrate(engine, command.upgrade, BEFORE)
    yield engine
    engine.dispose()


def columns(engine):
    return {column["name"] for column in sa.inspect(engine).get_columns("delivery_chunk")}


def test_counts_stay_and_what_waited_is_given_up(engine):
    with engine.begin() as connection:
        values = "values ('c', 'announcement', 'b', '2026-10-01 00:00:00', 3)"
        connection.execute(sa.text(f"insert into campaign (id, kind, subject, planned_at, recipients) {values}"))
        for chunk in (SENT, WAITING):
            connection.execute(sa.text(CHUNK.format(**chunk)), {"messages": b"[]"})
    migrate(engine, command.upgrade, AFTER)
    with engine.connect() as connection:
        chunks = connection.execute(sa.text("select people, state, residents from delivery_chunk order by seq"))
        assert [tuple(chunk) for chunk in chunks] == [(2, "sent", None), (1, "refused", None)]
        assert connection.scalar(sa.text("select state from campaign")) == "done"


def test_the_way_back_has_the_earlier_columns(engine):
    before = columns(engine)
    migrate(engine, command.upgrade, AFTER)
    migrate(engine, command.downgrade, BEFORE)
    assert columns(engine) == before
