"""Menus come to LINE once, whatever breaks on the way, and the ones of before go without anybody losing theirs."""

import hashlib
from contextlib import suppress

import pytest

from tests.webhooks.line.richmenu.line_menus import assert_complete, joined
from webhooks.line.richmenu.api import MenuCallFailed
from webhooks.line.richmenu.definition import MENU_LANGUAGES, menu
from webhooks.line.richmenu.publishing import forget_published, look
from webhooks.line.simulator.faults import FaultKind
from webhooks.line.simulator.menus import RichMenu

STEPS = ("list", "create", "download", "upload", "aliases", "alias", "default", "show_to_all")


def put_menu(line, lang, name):
    """A menu that is at LINE already, complete."""
    menu_id = "richmenu-" + hashlib.sha256(name.encode()).hexdigest()[:32]
    content = {"size": {"width": 2500, "height": 1000}, "selected": True, "chatBarText": "x", "areas": []}
    line.menus.menus[menu_id] = RichMenu(menu_id, {"name": name, **content}, menu(lang).picture)
    return menu_id


def former(lang):
    return f"attara {lang} {'0' * 64}"


async def test_all_are_published_and_a_second_time_nothing_is_done(place):
    async with joined(place) as line:
        before = await line.publish()
        assert (list(before.missing), dict(before.outdated)) == (list(MENU_LANGUAGES), {})
        assert_complete(line)
        line.recorder.sent.clear()
        again = await line.publish()
        assert (list(again.missing), dict(again.outdated)) == ([], {})
        assert_complete(line)
        changing = [path for path in line.calls if path.endswith(("/richmenu", "/alias"))]
        assert changing == ["/v2/bot/user/all/richmenu"]  # asked for, since nothing was posted


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.DROP])
async def test_it_may_end_anywhere_and_is_finished_the_next_time(sqlite_place, step, kind):
    """DROP does the work and loses the answer: the hardest case, since nobody knows that it was done.

    A lost answer to a mere question is asked for again by the HTTP client itself.
    """
    async with joined(sqlite_place) as line:
        line.fault(kind, step, next=1)
        with suppress(MenuCallFailed):
            await line.publish()
        await line.publish()
        assert_complete(line)


async def test_menus_of_others_stay(sqlite_place):
    async with joined(sqlite_place) as line:
        other = put_menu(line, "ja", "spring campaign")
        await line.publish()
        assert other in line.menus.menus
        assert len(line.menus.menus) == 4


async def test_who_had_a_former_menu_has_the_new_one_before_the_former_goes(sqlite_place):
    async with joined(sqlite_place) as line:
        old = put_menu(line, "en", former("en"))
        put_menu(line, "ja", former("ja"))
        line.menus.linked[line.account(1)] = old
        line.fault(FaultKind.ERROR, "delete", next=1)
        with pytest.raises(MenuCallFailed):
            await line.publish()
        assert line.seen_by(1) == menu("en").name
        assert line.seen_by(0) == menu("ja").name
        await line.publish()
        assert_complete(line)
        assert line.seen_by(1) == menu("en").name


async def test_looking_changes_nothing(sqlite_place):
    async with joined(sqlite_place) as line:
        old = put_menu(line, "en", former("en"))
        found = await look(line.client)
        assert (list(found.missing), dict(found.outdated)) == (list(MENU_LANGUAGES), {old: "en"})
        assert line.calls == ["/v2/bot/richmenu/list"]


async def test_the_worker_publishes_once_and_then_asks_line_nothing(place):
    async with joined(place) as line:
        await line.keeper.run_batch()
        assert_complete(line)
        line.recorder.sent.clear()
        for _ in range(3):
            place.clock.advance(minutes=2)
            await line.keeper.run_batch()
        assert line.calls == []


async def test_the_worker_waits_longer_after_each_failure_and_ends_well(sqlite_place):
    async with joined(sqlite_place) as line:
        line.fault(FaultKind.ERROR, "create", next=3)
        for _ in range(3):
            await line.keeper.run_batch()
            asked = len(line.calls)
            await line.keeper.run_batch()
            assert len(line.calls) == asked  # it is not yet time
            sqlite_place.clock.advance(minutes=11)
        await line.keeper.run_batch()
        assert_complete(line)


async def test_after_the_menus_were_forgotten_they_are_looked_at_anew(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.publish()
        line.menus.menus.clear()
        await forget_published(sqlite_place.context.database)
        await line.keeper.run_batch()
        assert_complete(line)


async def test_what_line_says_is_said_on(sqlite_place):
    async with joined(sqlite_place) as line:
        line.fault(FaultKind.RATE_LIMIT, "create", next=1)
        with pytest.raises(MenuCallFailed, match="429 The API rate limit"):
            await line.publish()
