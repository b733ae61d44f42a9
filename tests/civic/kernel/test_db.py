"""One contract for both databases: what a type stores comes back the same, and a transaction is all or nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import col, select

from civic.audit.actions import record
from civic.audit.tables import AuditEntry
from civic.kernel.db import Database, open_database
from civic.kernel.db.migrate import require_current, revisions, upgrade
from civic.kernel.errors import InvalidInput, StartRefused
from civic.kernel.leases import take_lease
from civic.outbox.tables import Campaign, DeliveryChunk
from civic.residents.tables import Resident
from civic.sites.tables import Site

NOW = datetime(2026, 10, 1, 0, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


async def test_instants_come_back_in_utc_whatever_zone_they_had(database: Database) -> None:
    jst = timezone(timedelta(hours=9))
    async with database.writing() as session:
        session.add(
            Campaign(id="c", kind="k", subject="s", planned_at=NOW.astimezone(jst), planned_by="p", recipients=1)
        )
    async with database.reading() as session:
        stored = await session.get_one(Campaign, "c")
    assert stored.planned_at == NOW
    assert stored.planned_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        async with database.writing() as session:
            session.add(Campaign(kind="k", subject="s", planned_at=datetime(2026, 1, 1), recipients=1))  # noqa: DTZ001


async def test_event_times_need_64_bits(database: Database) -> None:
    far = 2**53 - 1
    async with database.writing() as session:
        session.add(Resident(id=1, line_id_hash=b"h", line_id_sealed=b"s", follow_changed_ms=far))
    async with database.reading() as session:
        assert (await session.get_one(Resident, 1)).follow_changed_ms == far


async def test_text_is_stored_in_nfc(database: Database) -> None:
    async with database.writing() as session:
        record(session, "planner", "test", "か\u3099", NOW, title="e\u0301")
    async with database.reading() as session:
        entry = (await session.exec(select(AuditEntry))).one()
    assert (entry.subject, entry.data) == ("が", {"title": "é"})


@pytest.mark.parametrize("text", ["a\x00b", "half \ud83d"])
async def test_text_that_one_database_cannot_hold_is_refused_by_both(database: Database, text: str) -> None:
    for data in ({"subject": text}, {"data": {"key": [text]}}):
        fields = {"at": NOW, "actor": "a", "verb": "v", "subject": "s", "data": {}} | data
        with pytest.raises((InvalidInput, StatementError)):
            async with database.writing() as session:
                session.add(AuditEntry(**fields))
    async with database.reading() as session:
        assert (await session.exec(select(AuditEntry))).all() == []


async def test_a_word_outside_its_list_is_refused(database: Database) -> None:
    site = {"slug": "s", "title": {}, "boundary": b"", "ground_m": 0.0, "rules": {}, "files": {}}
    with pytest.raises((IntegrityError, StatementError)):
        async with database.writing() as session:
            session.add(Site(level="heaven", **site))


async def test_foreign_keys_are_kept(database: Database) -> None:
    chunk = {"language": "ja", "retry_key": "r", "people": 0, "body_sha256": "", "not_before": NOW}
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            session.add(DeliveryChunk(campaign_id="nobody", seq=0, **chunk))


async def test_the_audit_trail_cannot_be_rewritten(database: Database) -> None:
    async with database.writing() as session:
        record(session, "planner", "test", "s", NOW)
    for change in ("update audit_entry set actor = 'x'", "delete from audit_entry"):
        with pytest.raises(Exception, match="append-only"):
            async with database.writing() as session:
                await (await session.connection()).exec_driver_sql(change)
    async with database.reading() as session:
        assert [entry.actor for entry in await session.exec(select(AuditEntry))] == ["planner"]


async def test_a_block_that_raises_writes_nothing(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.writing() as session:
            record(session, "planner", "test", "s", NOW)
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_half_way()
    async with database.reading() as session:
        assert (await session.exec(select(AuditEntry))).all() == []


async def test_writers_of_one_process_take_turns(database: Database) -> None:
    async def add_one() -> None:
        async with database.writing() as session:
            found = (await session.exec(select(Resident).where(col(Resident.id) == 1).with_for_update())).one()
            found.follow_changed_ms += 1

    async with database.writing() as session:
        session.add(Resident(id=1, line_id_hash=b"h", line_id_sealed=b"s", follow_changed_ms=0))
    await asyncio.gather(*(add_one() for _ in range(20)))
    async with database.reading() as session:
        assert (await session.get_one(Resident, 1)).follow_changed_ms == 20


async def test_a_reader_sees_what_was_committed_before_it_began(database: Database) -> None:
    async with database.reading() as reader:
        assert (await reader.exec(select(AuditEntry))).all() == []
        async with database.writing() as session:
            record(session, "planner", "test", "s", NOW)
    async with database.reading() as reader:
        assert len((await reader.exec(select(AuditEntry))).all()) == 1


async def test_a_lease_has_one_holder_until_it_ends(database: Database) -> None:
    ttl = timedelta(seconds=10)

    async def take(holder: str, at: datetime) -> bool:
        async with database.writing() as session:
            return await take_lease(session, "sender", holder, at, ttl)

    assert await take("one", NOW)
    assert not await take("two", NOW + timedelta(seconds=9))
    assert await take("one", NOW + timedelta(seconds=9))
    assert not await take("two", NOW + timedelta(seconds=18))
    assert await take("two", NOW + timedelta(seconds=19))


async def test_commits_are_durable_and_said_to_be(database: Database) -> None:
    found = await database.check_durability()
    assert found in (
        {"journal_mode": "wal", "synchronous": "2"},
        {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"},
    )


async def test_a_weak_postgres_is_refused(postgres_url: str) -> None:
    opened = open_database(postgres_url)
    async with opened.engine.connect() as connection:
        await connection.exec_driver_sql("alter role current_user set synchronous_commit = off")
        await connection.commit()
    await opened.close()
    opened = open_database(postgres_url)
    try:
        with pytest.raises(StartRefused):
            await opened.check_durability()
    finally:
        async with opened.engine.connect() as connection:
            await connection.exec_driver_sql("alter role current_user reset synchronous_commit")
            await connection.commit()
        await opened.close()


def test_the_schema_must_be_the_one_of_this_release(empty_database_url: str) -> None:
    with pytest.raises(StartRefused):
        require_current(empty_database_url)
    upgrade(empty_database_url)
    upgrade(empty_database_url)
    require_current(empty_database_url)
    present, wanted = revisions(empty_database_url)
    assert present == wanted


@pytest.mark.parametrize("url", ["mysql://x", "sqlite:///x", "postgresql://x", "postgresql+asyncpg://x"])
def test_other_drivers_are_refused(url: str) -> None:
    with pytest.raises(StartRefused):
        open_database(url)


async def test_a_row_stays_readable_after_its_session(database: Database) -> None:
    async with database.writing() as session:
        session.add(Resident(id=1, line_id_hash=b"h", line_id_sealed=b"s", follow_changed_ms=1))
    async with database.reading() as session:
        resident = await session.get_one(Resident, 1)
    assert resident.follow_changed_ms == 1
