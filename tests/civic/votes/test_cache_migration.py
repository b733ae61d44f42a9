"""The cache of an earlier release is taken over: a recount of an old ballot must agree after the upgrade."""

import pytest
import sqlalchemy as sa
from alembic import command
from support.migrating import migrate

from civic.kernel.db.engine import sync_url

BEFORE, AFTER = "0004", "0005"
A_BALLOT_OF_STAGE_AND_BENCH = """
    insert into programme (id, slug, title, area, files, source) values (1, 'small', '{}', '', '{}', '');
    insert into proposal (id, programme_id, slug, position) values (8, 1, 'bench', 0), (9, 1, 'stage', 1);
    insert into ballot (id, programme_id, slug, title, method, method_options, max_approvals, audience, languages,
                        opens_at, closes_at, late_grace_s, position, plan, state)
    values (3, 1, 'nice', '{}', 'greedy', '{}', 2, 'friends', '[]',
            '2026-10-01', '2026-10-14', 600, 0, '{}', 'open');
    insert into ballot_option (ballot_id, position, proposal_id) values (3, 0, 9), (3, 1, 8)
"""


@pytest.fixture
def engine(empty_database_url):
    engine = sa.create_engine(sync_url(empty_database_url))
    yield engine
    engine.dispose()


def test_cached_votes_become_places_on_their_ballot_in_their_order(engine):
    migrate(engine, command.upgrade, BEFORE)
    before = sa.table("vote", *map(sa.column, ("ballot_id", "voter", "choices", "blank")))
    choices = {b"A": '["bench", "stage"]', b"B": '["stage"]', b"C": "[]"}
    with engine.begin() as connection:
        for statement in A_BALLOT_OF_STAGE_AND_BENCH.split(";"):
            connection.exec_driver_sql(statement)
        for voter, chosen in choices.items():
            as_json = sa.literal_column(f"'{chosen}'")
            row = {"ballot_id": 3, "voter": voter, "choices": as_json, "blank": sa.literal(chosen == "[]")}
            connection.execute(sa.insert(before).values(row))
    migrate(engine, command.upgrade, AFTER)
    with engine.connect() as connection:
        found = connection.execute(sa.text("select ballot_id, voter, choices from vote order by voter")).all()
    assert [tuple(row) for row in found] == [(3, b"A", "1 0"), (3, b"B", "0"), (3, b"C", "")]


def test_the_way_back_leaves_an_empty_cache(engine):
    migrate(engine, command.upgrade, AFTER)
    migrate(engine, command.downgrade, BEFORE)
    with engine.connect() as connection:
        assert connection.execute(sa.text("select choices, blank from vote")).all() == []
