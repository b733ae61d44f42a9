"""Whoever has the data deleted is gone: from tables, files, logs and what is exported."""

import base64
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from support.line import command, event, follow, person, postback, proposal_slug, tap, text

from civic.kernel.clock import now as wall_clock
from civic.kernel.clock import to_ms
from civic.programme_files.exporting import export_programme, write_folder
from civic.residents.accounts import ACCOUNT_HASH, Accounts
from civic.worker import build_queue

STAYS, LEAVES = person(1), person(2)


async def live_fully(place, user):
    """Everything that a resident can leave here: vote, link, settings, words, and an event that was put aside."""
    await place.handle(follow(user), command(user, "consent"), tap(user, proposal_slug(1)))
    await place.handle(postback(user, "c=relation&p=live&l=ja"), postback(user, "c=opt_out&p=result&l=ja"))
    await place.handle(text(user, "投票"), text(user, "こんにちは"), command(user, "browser", ballot="park-2026"))
    await place.handle(event(user, "beacon"), command(user, "stop"), command(user, "settings"))
    await place.send(text(user, "早すぎる", at_ms=to_ms(wall_clock()) + 120_000))


def traces(context, user):
    """The id in every writing that could stand somewhere."""
    bits = bytes.fromhex(user[1:])
    vault = context.vault
    sealed, keyed = Accounts(vault).seal(user), vault.keyed_hash(user, ACCOUNT_HASH)
    secrets = {"bits": bits, "sealed": sealed, "keyed": keyed}
    written = {
        f"{name} {form}": encode(value) for name, value in secrets.items() for form, encode in WRITINGS.items()
    }
    return {**written, "id": user.encode(), "id in UTF-16": user.encode("utf-16-le")}


WRITINGS = {
    "raw": bytes,
    "hex": lambda value: value.hex().encode(),
    "HEX": lambda value: value.hex().upper().encode(),
    "base64": lambda value: base64.b64encode(value).rstrip(b"="),
    "url": lambda value: base64.urlsafe_b64encode(value).rstrip(b"="),
}


def in_files(folder, looked_for):
    """The writings found in any file below a folder."""
    contents = [path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()]
    return {name for name, written in looked_for.items() if any(written in content for content in contents)}


async def in_tables(context, looked_for):
    """The writings found in any value of any table."""
    async with context.database.engine.connect() as connection:
        names = await connection.run_sync(lambda plain: sa.inspect(plain).get_table_names())
        found = [await connection.execute(sa.text(f'select * from "{name}"')) for name in names]
        values = [value for rows in found for row in rows for value in row]
    whole = b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
    return {name for name, written in looked_for.items() if written in whole}


async def pass_the_night(place):
    """The worker's jobs and duties of a night."""
    queue = build_queue(place.context, None)
    place.clock.advance(days=1)
    while await queue.run_due():
        pass
    await queue.duties["purge"][1]()


async def test_nothing_of_the_person_is_left(place, tmp_path, capfd):
    context = place.context
    await live_fully(place, STAYS)
    await live_fully(place, LEAVES)
    stored = {"sealed raw", "keyed raw"}
    assert await in_tables(context, traces(context, LEAVES)) == stored  # the scan finds what there is

    await place.handle(command(LEAVES, "delete_yes"))
    await pass_the_night(place)
    async with context.database.reading() as session:
        write_folder(tmp_path / "exported", await export_programme(session, "park", context.store))

    gone, kept = traces(context, LEAVES), traces(context, STAYS)
    assert await in_tables(context, gone) == set()
    assert await in_tables(context, kept) == stored
    assert in_files(tmp_path, gone) == set()
    assert in_files(tmp_path, kept) == (stored if context.database.is_sqlite else set())
    logged = "".join(capfd.readouterr()).encode()
    assert {name for name, written in (gone | kept).items() if written in logged} == set()


async def test_what_was_put_aside_of_a_person_is_erased_at_once(place):
    await live_fully(place, STAYS)
    await live_fully(place, LEAVES)
    aside = "select body from line_inbox where state = 'quarantined'"
    assert all(row["body"] for row in await place.rows(aside))
    await place.handle(command(LEAVES, "delete_yes"))
    assert sorted(bool(row["body"]) for row in await place.rows(aside)) == [False, True]


async def test_finished_events_and_replies_go_after_the_days_that_are_set(place):
    await place.handle(follow(person(1)), text(person(1), "投票"))
    queue = build_queue(place.context, None)
    purge = queue.duties["purge"][1]
    place.clock.advance(days=29)
    await queue.duties["housekeeping"][1]()
    await purge()
    assert (len(await place.inbox()), len(await place.rows("select * from outbox_reply"))) == (2, 2)
    place.clock.advance(days=2)
    await purge()
    assert (await place.inbox(), await place.rows("select * from outbox_reply")) == ([], [])


async def test_an_event_that_still_waits_is_never_removed(place):
    await place.send(text(person(1), "投票"))
    place.clock.advance(days=60)
    await build_queue(place.context, None).duties["purge"][1]()
    assert await place.inbox() == [("pending", None)]


async def test_an_event_with_an_odd_time_stays_as_long_as_any_other(place):
    await place.send({"type": "message", "webhookEventId": "01ODD", "timestamp": -5})
    purge = build_queue(place.context, None).duties["purge"][1]
    await purge()
    assert len(await place.inbox()) == 1
    place.clock.shift = timedelta(days=31)
    await purge()
    assert await place.inbox() == []
