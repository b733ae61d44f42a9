"""Whoever chooses a language sees its menu a moment later; whoever leaves has none of ours."""

import pytest
from support.line import command, follow, postback

from tests.webhooks.line.richmenu.line_menus import joined
from webhooks.line.channel import open_drain
from webhooks.line.richmenu.definition import menu
from webhooks.line.richmenu.links import expire_owed_menus
from webhooks.line.simulator.faults import FaultKind


async def test_choosing_a_language_changes_the_menu(place):
    async with joined(place) as line:
        await line.publish()
        me = line.account(0)
        await place.handle(follow(me))
        assert await line.owed() == []  # Japanese is what everybody sees
        for lang in ("en", "ja@easy", "ja"):
            await place.handle(command(me, "language", lang=lang))
            await line.links.run_batch()
            assert (line.seen_by(0), await line.owed()) == (menu(lang).name, [])
        assert me not in line.menus.linked


async def test_a_new_friend_with_an_english_phone_gets_the_english_menu(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.publish()
        sqlite_place.drain = open_drain(sqlite_place.context, line.client)
        line.simulator.channel.residents[0].language = "en-GB"
        await line.simulator.follow(0)
        await sqlite_place.handle(follow(line.account(0)))
        await line.links.run_batch()
        assert line.seen_by(0) == menu("en").name


async def test_the_answer_does_not_wait_for_a_menu_that_is_not_published(sqlite_place):
    async with joined(sqlite_place) as line:
        (reply,) = await sqlite_place.handle(command(line.account(0), "language", lang="en"))
        assert reply
        await line.links.run_batch()
        assert await line.owed() == ["en"]
        await line.publish()
        sqlite_place.clock.advance(seconds=3)
        await line.links.run_batch()
        assert line.seen_by(0) == menu("en").name


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.RATE_LIMIT, FaultKind.DROP])
async def test_it_is_tried_again(sqlite_place, kind):
    async with joined(sqlite_place) as line:
        await line.publish()
        await sqlite_place.handle(command(line.account(0), "language", lang="en"))
        line.fault(kind, "link", next=2)
        for _ in range(3):
            await line.links.run_batch()
            sqlite_place.clock.advance(minutes=11)
        assert (line.seen_by(0), await line.owed()) == (menu("en").name, [])


async def test_the_last_wish_counts(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.publish()
        me = line.account(0)
        for lang in ("en", "ja", "ja@easy"):
            await sqlite_place.handle(command(me, "language", lang=lang))
        assert await line.owed() == ["ja@easy"]
        await line.links.run_batch()
        assert line.seen_by(0) == menu("ja@easy").name


async def test_a_wish_made_while_another_is_sent_is_not_lost(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.publish()
        me = line.account(0)
        await sqlite_place.handle(command(me, "language", lang="en"))

        async def change_again(sent):
            if sent.path.startswith(f"/v2/bot/user/{me}/richmenu/"):
                line.recorder.on_request = None
                await sqlite_place.handle(command(me, "language", lang="ja@easy"))

        line.recorder.on_request = change_again
        await line.links.run_batch()
        assert await line.owed() == ["ja@easy"]
        await line.links.run_batch()
        assert line.seen_by(0) == menu("ja@easy").name


async def test_a_menu_that_somebody_removed_comes_back(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.keeper.run_batch()
        line.menus.remove(next(one.id for one in line.menus.menus.values() if " en " in one.content["name"]))
        await sqlite_place.handle(command(line.account(0), "language", lang="en"))
        for _ in range(2):
            await line.links.run_batch()
            await line.keeper.run_batch()
            sqlite_place.clock.advance(minutes=11)
        assert (line.seen_by(0), await line.owed()) == (menu("en").name, [])


async def test_whoever_deletes_the_data_loses_the_menu(place):
    async with joined(place) as line:
        await line.publish()
        me = line.account(0)
        await place.handle(follow(me), command(me, "language", lang="en"))
        await line.links.run_batch()
        await place.handle(postback(me, "c=delete_yes&l=en"))
        await line.links.run_batch()
        assert (me in line.menus.linked, await line.owed()) == (False, [])


async def test_an_account_that_line_does_not_know_is_given_up(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.publish()
        await sqlite_place.handle(command("U" + "0" * 32, "language", lang="en"))
        await line.links.run_batch()
        assert await line.owed() == []


async def test_nobody_is_owed_anything_for_longer_than_a_day(sqlite_place):
    async with joined(sqlite_place) as line:
        await sqlite_place.handle(command(line.account(0), "language", lang="en"))
        for hours, owed in ((23, ["en"]), (2, [])):
            sqlite_place.clock.advance(hours=hours)
            async with sqlite_place.context.database.writing() as session:
                await expire_owed_menus(session, sqlite_place.clock())
            assert await line.owed() == owed
