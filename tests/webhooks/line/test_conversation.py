"""The chat besides voting: follow and leave, asking for the ballot in many spellings, looking at the own vote."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from support.line import (
    BALLOT,
    buttons,
    command,
    event,
    follow,
    offered,
    person,
    prepared,
    programme,
    proposal_slug,
    settings_for,
    standing,
    tap,
    text,
    unfollow,
    words,
)

from tests.webhooks.line.openapi import validator
from webhooks.line.messages import check_messages


async def answer(place, event):
    """The one reply to an event; it is also what LINE would take."""
    (reply,) = await place.handle(event)
    check_messages(reply)
    assert validator("ReplyMessageRequest").is_valid({"replyToken": "t", "messages": reply})
    return reply


def options(reply):
    """The proposals that can be voted for in a reply, in order."""
    return [parse_qs(data)["p"][0] for data in offered(reply) if data.startswith("v=add")]


async def followers(place):
    return {row["id"]: bool(row["follows"]) for row in await place.rows("select id, follows from resident")}


async def test_a_new_friend_is_greeted_with_purpose_consent_and_the_other_language(place):
    reply = await answer(place, follow(person(1)))
    assert "LINE のアカウント1つにつき1票です" in words(reply)
    assert {"c=consent&l=ja", "c=ballot&l=ja", "c=language&l=en"} <= set(offered(reply))
    assert any("English" in button["label"] for button in buttons(reply))
    assert list((await followers(place)).values()) == [True]


async def test_leaving_and_coming_back_is_one_person(place):
    for number in range(20):
        await place.handle(follow(person(number), at_ms=1_000), unfollow(person(number), at_ms=2_000))
    assert list((await followers(place)).values()) == [False] * 20
    await place.handle(follow(person(1), at_ms=3_000, follow={"isUnblocked": True}))
    assert sorted((await followers(place)).values()) == [False] * 19 + [True]


async def test_an_older_follow_that_comes_late_does_not_undo_the_leaving(place):
    await place.handle(follow(person(1), at_ms=1_000))
    await place.handle(unfollow(person(1), at_ms=3_000))
    await place.handle(follow(person(1), at_ms=2_000))
    assert list((await followers(place)).values()) == [False]


async def test_a_stranger_who_leaves_is_not_written_down(place):
    await place.handle(unfollow(person(1)))
    assert await followers(place) == {}


@pytest.mark.parametrize(
    "said",
    [
        "投票",
        " 投票 ",
        "「投票」",
        "投票。",
        "投票！",
        "投票する",
        "とうひょう",
        "トウヒョウ",
        "ﾄｳﾋｮｳ",
        "\u3000投票\n",
    ],
)
async def test_asking_in_japanese_shows_the_ballot(sqlite_place, said):
    reply = await answer(sqlite_place, text(person(1), said))
    assert sorted(options(reply)) == [proposal_slug(number) for number in range(1, 5)]
    assert any(button["label"] == "あったらいいな" for button in buttons(reply))


@pytest.mark.parametrize("said", ["vote", "Vote", "VOTE!", "ｖｏｔｅ", " vote. ", "voting", "Ballot"])
async def test_asking_in_english_shows_it_in_english(sqlite_place, said):
    reply = await answer(sqlite_place, text(person(1), said))
    assert len(options(reply)) == 4
    assert all(data.endswith("l=en") for data in offered(reply) if not data.startswith("c=language"))
    assert any(button["label"] == "Nice to have!" for button in buttons(reply))


@pytest.mark.parametrize(
    "said", ["こんにちは", "投票したくない人の話", "votes for cats", "1", "👩‍👩‍👧‍👦", "x" * 5_000, "'; drop --"]
)
async def test_anything_else_is_answered_with_help(sqlite_place, said):
    reply = await answer(sqlite_place, text(person(1), said))
    assert options(reply) == []
    assert "「投票」と送ると" in words(reply)


@pytest.mark.parametrize("kind", ["image", "sticker", "location", "audio", "hologram"])
async def test_pictures_and_stickers_are_declined_kindly(sqlite_place, kind):
    reply = await answer(sqlite_place, event(person(1), "message", message={"type": kind, "id": "1"}))
    assert "内容は保存しません" in words(reply)


async def test_a_language_once_chosen_stays(place):
    await place.handle(follow(person(1)))
    assert "in English" in words(await answer(place, text(person(1), "English")))
    assert all(data.endswith("l=en") for data in offered(await answer(place, text(person(1), "投票")))[:4])
    assert "「" not in words(await answer(place, text(person(1), "hello")))
    await answer(place, command(person(1), "language", lang="ja"))
    assert "「投票」と送ると" in words(await answer(place, text(person(1), "hello")))


async def test_consent_and_language_of_one_whose_follow_never_came_are_kept(place):
    await answer(place, command(person(1), "consent"))
    await answer(place, text(person(2), "English"))
    assert list((await followers(place)).values()) == [True, True]
    assert "in English" not in words(await answer(place, text(person(1), "hello")))
    assert "「" not in words(await answer(place, text(person(2), "hello")))


async def test_own_vote_is_shown_and_can_be_taken_back(place):
    assert "まだ投票していません" in words(await answer(place, text(person(1), "わたしの票")))
    await place.handle(tap(person(1), "idea-02"), tap(person(1), "idea-04"), tap(person(2), "idea-03"))
    reply = await answer(place, text(person(1), "私の票"))
    taken_back = [parse_qs(data)["p"][0] for data in offered(reply) if data.startswith("v=remove")]
    assert taken_back == ["idea-02", "idea-04"]
    assert f"v=withdraw&b={BALLOT}&l=ja" in offered(reply)
    english = await answer(place, text(person(1), "my vote"))
    assert "Plaza no. 2" in words(english)
    await place.handle(tap(person(1), "", op="none"))
    assert "どれも選ばない" in words(await answer(place, command(person(1), "my_votes", ballot=BALLOT)))


@pytest.mark.parametrize("name", ["ballot", "browser", "my_votes", "language", "consent", "later", "help"])
@pytest.mark.parametrize("ballot", ["", BALLOT, "no-such-ballot"])
async def test_every_command_is_answered(sqlite_place, name, ballot):
    assert await answer(sqlite_place, command(person(1), name, ballot=ballot))


async def test_between_two_open_ballots_one_chooses(tmp_path, database_url):
    settings = settings_for(tmp_path / "data", database_url)
    checked = programme(ballots=(BALLOT, "night-2026"))
    async with prepared(settings, checked) as (context, clock), standing(context, clock) as place:
        reply = await answer(place, text(person(1), "投票"))
        assert options(reply) == []
        leading = {data for data in offered(reply) if data.startswith("c=ballot")}
        assert leading == {f"c=ballot&b={BALLOT}&l=ja", "c=ballot&b=night-2026&l=ja"}
        shown = await answer(place, command(person(1), "ballot", ballot="night-2026"))
        assert {parse_qs(data)["b"][0] for data in offered(shown) if data.startswith("v=")} == {"night-2026"}
        await place.handle(tap(person(1), "idea-01", ballot="night-2026"), tap(person(1), "idea-02"))
        both = words(await answer(place, text(person(1), "わたしの票")))
        assert "案1の広場" in both
        assert "案2の広場" in both


async def test_without_an_open_ballot_one_hears_when_the_next_begins(tmp_path, database_url):
    settings = settings_for(tmp_path / "data", database_url)
    checked = programme(opens_in=timedelta(hours=1))
    async with prepared(settings, checked, opened=[]) as (context, clock), standing(context, clock) as place:
        reply = words(await answer(place, text(person(1), "投票")))
        assert "いま受け付けている投票はありません。" in reply
        assert f"次の投票「{BALLOT} の投票」は" in reply
        assert "There is no open vote right now." in words(await answer(place, text(person(1), "vote")))


@pytest.mark.parametrize("state", ["closed", "sealed", "decided"])
async def test_after_the_close_one_is_led_to_the_results(sqlite_place, state):
    await sqlite_place.execute("update ballot set state = :state", state=state)
    for language, said in (("ja", "投票"), ("en", "vote")):
        reply = await answer(sqlite_place, text(person(1), said))
        (button,) = [button for button in buttons(reply) if button["type"] == "uri"]
        assert button["uri"].endswith(f"/b/{BALLOT}/results?lang={language}")
        assert ("いま集計しています" in words(reply)) == (state == "closed" and language == "ja")


@pytest.mark.parametrize("number", [41, 85])
async def test_more_options_than_a_reply_holds_are_all_reached(tmp_path, number):
    settings = settings_for(tmp_path / "data", f"sqlite+aiosqlite:///{tmp_path / 'civic.sqlite3'}")
    async with (
        prepared(settings, programme(options=number)) as (context, clock),
        standing(context, clock) as place,
    ):
        reply = await answer(place, text(person(1), "投票"))
        seen = options(reply)
        for _ in range(number):
            further = [button for button in buttons(reply) if button.get("label") == "もっと見る"]
            if not further:
                break
            reply = await answer(place, event(person(1), "postback", postback={"data": further[0]["data"]}))
            seen += options(reply)
        assert sorted(seen) == [proposal_slug(n) for n in range(1, number + 1)]
