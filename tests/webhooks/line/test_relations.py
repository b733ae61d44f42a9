"""What residents decide about themselves in the chat: relation to the area, settings, stopping, leaving."""

import json

import pytest
from support.line import BALLOT, command, follow, offered, person, postback, proposal_slug, tap, text, words

from civic.residents.queries import recipients
from tests.webhooks.line.openapi import validator
from webhooks.line.messages import check_messages

LANGUAGES = ("ja", "ja@easy", "en")


async def answer(place, event):
    (reply,) = await place.handle(event)
    check_messages(reply)
    assert validator("ReplyMessageRequest").is_valid({"replyToken": "t", "messages": reply})
    return reply


async def hears(place, kind="announcement"):
    async with place.context.database.reading() as session:
        return len(await recipients(session, kind, 0, 100))


async def resident(place):
    (row,) = await place.rows("select * from resident")
    return row


def chosen(row):
    return json.loads(row["relations"]) if isinstance(row["relations"], str) else row["relations"]


def relation(user, value, lang="ja"):
    return postback(user, f"c=relation&p={value}&l={lang}")


async def test_the_relation_is_asked_once_after_the_first_consent(place):
    await place.handle(follow(person(1)))
    first = await answer(place, command(person(1), "consent"))
    assert {"c=relation&p=live&l=ja", "c=relation_done&l=ja"} <= set(offered(first))
    again = await answer(place, command(person(1), "consent"))
    assert not any("c=relation&" in data for data in offered(again))


async def test_several_relations_can_be_chosen_and_taken_back(place):
    await place.handle(follow(person(1)))
    for value in ("visit", "live", "work", "live"):
        reply = await answer(place, relation(person(1), value))
    assert "c=relation&p=not-work&l=ja" in offered(reply)
    reply = await answer(place, relation(person(1), "not-work"))
    assert chosen(await resident(place)) == ["live", "visit"]
    assert ("✓ 住む" in words(reply), "✓ 働く" in words(reply)) == (True, False)
    assert "住む、訪れる" in words(await answer(place, command(person(1), "relation_done")))


async def test_who_would_rather_not_say_is_kept_with_nothing(place):
    await place.handle(follow(person(1)), relation(person(1), "study"))
    assert "答えていません" in words(await answer(place, relation(person(1), "unsaid")))
    assert chosen(await resident(place)) == []


async def test_an_unknown_relation_changes_nothing(place):
    await place.handle(follow(person(1)))
    await answer(place, relation(person(1), "rule"))
    assert chosen(await resident(place)) == []


async def test_who_stops_hears_nothing_but_answers_until_resuming(place):
    await place.handle(follow(person(1)), command(person(1), "consent"))
    reply = await answer(place, command(person(1), "stop"))
    assert {"c=resume&l=ja", "c=delete&l=ja"} <= set(offered(reply))
    assert await hears(place) == 0
    assert "v=add" in words(await answer(place, text(person(1), "投票")))
    row = await resident(place)
    assert (row["consented_at"] is not None, row["language"]) == (True, "ja")
    assert "c=resume&l=ja" in offered(await answer(place, command(person(1), "settings")))
    await answer(place, command(person(1), "resume"))
    assert await hears(place) == 1


async def test_an_older_wish_to_hear_that_comes_late_does_not_undo_a_newer_stop(place):
    await place.handle(follow(person(1), at_ms=1_000))
    stop, resume = command(person(1), "stop"), command(person(1), "resume")
    resume["timestamp"] = stop["timestamp"] - 1
    await answer(place, stop)
    assert "c=resume&l=ja" in offered(await answer(place, resume))  # told how it is: stopped
    assert await hears(place) == 0


async def test_a_kind_of_message_can_be_refused_by_itself(place):
    await place.handle(follow(person(1)))
    refuse = postback(person(1), "c=opt_out&p=last_chance&l=ja")
    again = postback(person(1), "c=opt_out&p=last_chance&l=ja")
    await answer(place, refuse)
    await answer(place, again)
    assert (await hears(place, "last_chance"), await hears(place, "result")) == (0, 1)
    assert "c=opt_in&p=last_chance&l=ja" in offered(await answer(place, command(person(1), "settings")))
    await answer(place, postback(person(1), "c=opt_in&p=last_chance&l=ja"))
    assert await hears(place, "last_chance") == 1


async def test_what_is_no_kind_of_message_shows_the_settings(place):
    await place.handle(follow(person(1)))
    await answer(place, postback(person(1), "c=opt_out&p=weather&l=ja"))
    assert await place.rows("select * from resident_opt_out") == []


async def test_deleting_tells_first_and_then_withdraws_open_votes(place):
    await place.handle(follow(person(1)), tap(person(1), proposal_slug(1)), tap(person(2), proposal_slug(2)))
    told = await answer(place, command(person(1), "delete"))
    assert f"{BALLOT} の投票" in words(told)
    assert "c=delete_yes&l=ja" in offered(told)
    assert len(await place.rows("select * from resident")) == 1
    done = await answer(place, command(person(1), "delete_yes"))
    assert sorted(operation for _, operation, _ in await place.log()) == ["add", "add", "withdraw"]
    (row,) = await place.rows("select receipt from vote_log where op = 'withdraw'")
    assert row["receipt"] in words(done)
    assert [held["choices"] for held in await place.rows("select choices from vote")] == ["1"]
    assert await place.rows("select * from resident") == []


async def test_a_second_tap_on_delete_withdraws_nothing_more(place):
    await place.handle(follow(person(1)), tap(person(1), proposal_slug(1)))
    await answer(place, command(person(1), "delete_yes"))
    await answer(place, command(person(1), "delete_yes"))
    assert sum(operation == "withdraw" for _, operation, _ in await place.log()) == 1


async def test_a_vote_in_a_closed_ballot_stays(place):
    await place.handle(follow(person(1)), tap(person(1), proposal_slug(1)))
    place.clock.advance(days=1)
    late = command(person(1), "delete_yes")
    late["timestamp"] += 86_400_000
    assert "受付番号" not in words(await answer(place, late))
    assert [operation for _, operation, _ in await place.log()] == ["add"]
    assert await place.rows("select * from resident") == []


async def test_who_comes_back_starts_anew_with_a_number_of_their_own(place):
    await place.handle(follow(person(1)), command(person(1), "consent"), relation(person(1), "live"))
    before = await resident(place)
    await place.handle(command(person(1), "delete_yes"), follow(person(1)))
    after = await resident(place)
    assert after["id"] > before["id"]
    assert (after["consented_at"], chosen(after)) == (None, [])


async def test_a_stranger_who_stops_or_deletes_is_not_written_down(place):
    for name in ("stop", "delete", "delete_yes", "settings", "relation_done"):
        await answer(place, command(person(1), name))
    await answer(place, postback(person(1), "c=opt_out&p=result&l=ja"))
    assert await place.rows("select * from resident") == []


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_answer_is_one_that_line_takes_in_each_language(sqlite_place, lang):
    await sqlite_place.handle(follow(person(1)), tap(person(1), proposal_slug(1), lang=lang))
    for name in ("consent", "settings", "relation", "relation_done", "stop", "resume", "delete", "delete_yes"):
        await answer(sqlite_place, command(person(1), name, lang=lang))
    for name, value in (("relation", "live"), ("relation", "unsaid"), ("opt_out", "result"), ("opt_in", "result")):
        await answer(sqlite_place, postback(person(1), f"c={name}&p={value}&l={lang}"))


@pytest.mark.parametrize("said", ["場所 mizu", "s=mizu", "ばしょ　ｍｉｚｕ", "Place: mizu", " 場所  MIZU "])
async def test_the_code_of_a_poster_is_greeted_by_its_place_and_counted(place, said):
    reply = await answer(place, text(person(1), said))
    assert "水の広場のポスターからですね" in words(reply)
    assert "c=consent&l=ja" in offered(reply)
    (row,) = await place.rows("select place, count from place_arrival")
    assert (row["place"], row["count"]) == ("mizu", 1)
    assert await place.rows("select * from resident") == []


async def test_who_has_agreed_is_not_greeted_twice(place):
    await place.handle(follow(person(1)), command(person(1), "consent"), text(person(1), "場所 mizu"))
    reply = await answer(place, text(person(1), "場所 mizu"))
    assert "c=consent&l=ja" not in offered(reply)
    assert "c=ballot&l=ja" in offered(reply)
    assert [row["count"] for row in await place.rows("select count from place_arrival")] == [2]


async def test_a_code_without_a_place_is_not_counted(place):
    await answer(place, text(person(1), "場所 nowhere"))
    assert await place.rows("select * from place_arrival") == []
