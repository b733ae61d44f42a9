"""Fixed SQL does the same on both databases, inside the transaction of the session."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from civic.kernel.db import Database, open_database
from civic.kernel.db.fixed import Fixed, fetch_apart, fetch_fixed, fetch_for_keys, run_fixed, stored_time
from civic.outbox.tables import Reply

NOW = datetime(2026, 10, 1, 0, 0, 0, 123456, tzinfo=UTC)
OWE = Fixed(
    sqlite="insert into outbox_reply (id, state, expires_at, token) values (?, 'pending', ?, ?)",
    postgresql="insert into outbox_reply (id, state, expires_at, token) "
    "select id, 'pending', at, token from unnest(%s::text[], %s::timestamptz[], %b::bytea[]) as x (id, at, token)",
)
BY_TOKEN = Fixed(
    sqlite="select id from outbox_reply where state = ? and token = ?",
    postgresql="select id from outbox_reply where state = %s and token = any(%b::bytea[])",
)
ALL = Fixed(*["select id, token from outbox_reply order by id"] * 2)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


async def write(database: Database, *replies: tuple[str, bytes | None]) -> None:
    async with database.writing() as session:
        await run_fixed(session, OWE, [(name, stored_time(session, NOW), token) for name, token in replies])


async def test_rows_and_missing_values_come_back_as_they_were_written(database: Database) -> None:
    await write(database, ("a", b"\x00\xff'\\"), ("b", None))
    await write(database)
    async with database.reading() as session:
        assert list(await fetch_fixed(session, ALL)) == [("a", b"\x00\xff'\\"), ("b", None)]
        assert list(await fetch_apart(session, ALL)) == await fetch_fixed(session, ALL)


async def test_rows_are_found_by_any_of_the_keys(database: Database) -> None:
    await write(database, ("a", b"1"), ("b", b"2"), ("c", b"3"))
    async with database.reading() as session:
        assert sorted(await fetch_for_keys(session, BY_TOKEN, [b"3", b"1", b"9"], "pending")) == [("a",), ("c",)]
        assert await fetch_for_keys(session, BY_TOKEN, [b"1"], "sent") == []
        assert await fetch_for_keys(session, BY_TOKEN, [], "pending") == []


async def test_an_instant_is_stored_as_the_column_type_stores_it(database: Database) -> None:
    japan = NOW.astimezone(timezone(timedelta(hours=9)))
    async with database.writing() as session:
        await run_fixed(session, OWE, [("fixed", stored_time(session, japan), b"t")])
        session.add(Reply(id="mapped", expires_at=japan, token=b"t"))
    async with database.reading() as session:
        stored = [await session.get_one(Reply, name) for name in ("fixed", "mapped")]
        same = Fixed(*["select count(distinct expires_at) from outbox_reply"] * 2)
        assert list(await fetch_fixed(session, same)) == [(1,)]
    assert [reply.expires_at for reply in stored] == [NOW, NOW]


async def test_what_was_written_goes_with_its_transaction(database: Database) -> None:
    async with database.writing() as session:
        await run_fixed(session, OWE, [("a", stored_time(session, NOW), b"1")])
        await session.rollback()
    async with database.writing() as session:
        await run_fixed(session, OWE, [("b", stored_time(session, NOW), b"2")])
        with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
            async with session.begin_nested():
                await run_fixed(session, OWE, [(name, stored_time(session, NOW), b"3") for name in "cb"])
    async with database.reading() as session:
        assert list(await fetch_fixed(session, ALL)) == [("b", b"2")]
