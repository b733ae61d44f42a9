"""A corrected decision is a new version: what was said before stays, and so does what has begun to be built."""

import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import col, select
from support.migrating import migrate
from support.small_programme import BALLOT

from civic.audit.tables import AuditEntry
from civic.ballots.queries import ballot_by_slug
from civic.installations.actions import adopt, report_status
from civic.installations.queries import installations_of, standing_in
from civic.kernel.db.engine import sync_url
from civic.kernel.errors import Conflict, InvalidInput, NotFound
from civic.tallies.actions import correct_decision, decide, record_poll, retract_poll
from civic.tallies.queries import decision_of, decisions_of, memo_of, outside_polls
from civic.tallies.rules import Correction, PollDraft, Words
from tests.civic.tallies.story import vote_and_seal
from tests.civic.votes.test_log_migration import BALLOT as LOGGED_BALLOT

POLL = PollDraft("会場のシール", "フェスタ会場", "2026-10-10", {"bench": 12, "その他": 3})


@pytest.fixture
async def decided(context):
    """Bench on the plaza and mist on the deck won, were decided and adopted."""
    await vote_and_seal(context, {"U1": "add bench, add mist"})
    async with context.database.writing() as session:
        words = Words("許可がおりること", "説明会", "相手と話した")
        decision = await decide(session, "planner", BALLOT, ["bench", "mist"], "票が多い", context.clock(), words)
        await adopt(session, "planner", decision, context.clock())
    return context


async def correct(context, *proposals, of_version=1, because="強度が足りない"):
    async with context.database.writing() as session:
        correction, now = Correction(of_version, proposals, because), context.clock()
        decision = await correct_decision(session, "boss", BALLOT, correction, "安全のため", now)
        await adopt(session, "boss", decision, now)
        return decision


async def installed(context):
    async with context.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
        return [(i.id, i.place, i.status) for i in await installations_of(session, ballot.id)]


async def test_every_version_stays_and_the_newest_stands(decided):
    assert (await correct(decided, "bench", "swing")).differs
    async with decided.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
        newest, first = await decisions_of(session, ballot.id)
        assert await decision_of(session, ballot.id) is newest
        assert (await memo_of(session, newest), await memo_of(session, first)) == ("", "相手と話した")
        taken = await standing_in(session, ballot.programme_id)
        entries = await session.exec(select(AuditEntry).where(col(AuditEntry.verb) == "ballot.decided"))
        told = [(entry.actor, entry.data.get("version"), "相手" in str(entry.data)) for entry in entries]
    assert (first.version, first.reason, first.conditions, first.changed_because) == (
        1,
        "票が多い",
        "許可がおりること",
        "",
    )
    assert (newest.version, newest.conditions, newest.changed_because) == (2, "", "強度が足りない")
    assert told == [("planner", None, False), ("boss", 2, False)]
    # What stays keeps its installation; what was taken out is no longer followed, and its place is free.
    assert await installed(decided) == [(1, ("bench", "plaza"), "adopted"), (3, ("swing", "deck"), "adopted")]
    assert taken == {("bench", "plaza"), ("swing", "deck")}
    await correct(decided, "mist", of_version=2)
    assert await installed(decided) == [(2, ("mist", "deck"), "adopted")]


async def test_what_has_begun_cannot_be_taken_out(decided):
    async with decided.database.writing() as session:
        await report_status(session, "planner", 2, "permit", "", decided.clock())
    with pytest.raises(Conflict) as refused:
        await correct(decided, "bench")
    assert refused.value.code == "installation_begun"
    assert "mist" in refused.value.sentence("ja")
    assert (await correct(decided, "mist")).version == 2


async def test_a_correction_needs_a_reason_and_the_version_it_was_made_for(decided):
    with pytest.raises(InvalidInput) as refused:
        await correct(decided, "bench", because=" ")
    assert refused.value.code == "reason_missing"
    for version in (0, 2):
        with pytest.raises(Conflict) as refused:
            await correct(decided, "bench", of_version=version)
        assert refused.value.code == "decision_changed"


async def test_nothing_that_was_recorded_can_be_changed_or_deleted(decided):
    async with decided.database.writing() as session:
        poll = await record_poll(session, "planner", BALLOT, POLL, decided.clock())
        await retract_poll(session, "planner", BALLOT, poll.id, "二重", decided.clock())
    changes = {"decision": "reason = ''", "outside_poll": "note = ''", "outside_poll_retraction": "reason = ''"}
    for table, change in changes.items():
        for statement in (f"update {table} set {change}", f"delete from {table}"):
            with pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
                async with decided.database.writing() as session:
                    await (await session.connection()).execute(sa.text(statement))


async def test_polls_stand_beside_the_result_until_they_are_retracted(decided):
    async with decided.database.writing() as session:
        now = decided.clock()
        first = await record_poll(session, "planner", BALLOT, POLL, now)
        second = await record_poll(session, "planner", BALLOT, POLL, now)
        await retract_poll(session, "planner", BALLOT, first.id, "二重", now)
        polls = await outside_polls(session, second.ballot_id)
        assert [(poll.id, poll.counts) for poll in polls] == [(second.id, {"bench": 12, "その他": 3})]
        with pytest.raises(NotFound):
            await retract_poll(session, "planner", BALLOT, first.id, "また", now)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": ""}, "poll_line"),
        ({"source": "あ" * 201}, "poll_line"),
        ({"counts": {}}, "poll_counts"),
        ({"counts": {"a": 2**53}}, "poll_counts"),
        ({"held_on": "2099-01-01"}, "poll_day"),
        ({"held_on": "きのう"}, "poll_day"),
    ],
)
async def test_a_poll_that_says_too_little_is_refused(decided, wrong, code):
    poll = PollDraft(**{**vars(POLL), **wrong})
    with pytest.raises(InvalidInput) as refused:
        async with decided.database.writing() as session:
            await record_poll(session, "planner", BALLOT, poll, decided.clock())
    assert refused.value.code == code


DECIDED = """
    insert into decision (id, ballot_id, decided_at, actor, selected, reason, differs)
    values (7, 3, '2026-10-20', 'planner', '[]', '票が多い', false);
    insert into installation (id, decision_id, proposal, site, status) values (5, 7, 'bench', 'plaza', 'adopted')
"""


def test_decisions_of_before_become_the_first_version_and_come_back(empty_database_url):
    """With what points at them: foreign keys are asked for while the table is made again."""
    engine = sa.create_engine(sync_url(empty_database_url))
    migrate(engine, command.upgrade, "0018")
    with engine.begin() as connection:
        for statement in f"{LOGGED_BALLOT};{DECIDED}".split(";"):
            connection.exec_driver_sql(statement)
    for way, revision in ((command.upgrade, "0019"), (command.downgrade, "0018"), (command.upgrade, "0019")):
        migrate(engine, way, revision)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("select id, version, reason, conditions, changed_because from decision"))
        assert [tuple(row) for row in rows] == [(7, 1, "票が多い", "", "")]
        assert connection.execute(sa.text("select decision_id from installation")).scalars().all() == [7]
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text("delete from decision"))
    engine.dispose()
