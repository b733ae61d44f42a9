"""The chat besides voting: follow and leave, asking for the ballot in many spellings, looking at the own vote."""

from datetime import timedelta
from typing import get_args
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

from geodata.shapes import from_wkb
from tests.webhooks.line.openapi import validator
from webhooks.line.messages import check_messages
from webhooks.line.postback import CommandName


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


async def test_whoever_ends_a_block_is_welcomed_back_and_not_told_everything_again(place):
    await place.handle(follow(person(1)), text(person(1), "English"), unfollow(person(1)))
    reply = await answer(place, follow(person(1), follow={"isUnblocked": True}))
    assert "Welcome back" in words(reply)
    assert len(words(reply)) < len(words(await answer(place, follow(person(2))))) / 2
    again = await answer(place, follow(person(1), follow={"isUnblocked": False}))
    assert "c=consent&l=en" in offered(again)


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


@pytest.mark.parametrize("said", ["地図", "map", "けっか", "results", "設定", "settings"])
async def test_what_is_typed_is_answered_as_what_is_tapped(sqlite_place, said):
    name = {"地図": "map", "けっか": "results", "設定": "settings"}.get(said, said)
    lang = "en" if said.isascii() else "ja"
    typed = await answer(sqlite_place, text(person(1), said))
    assert typed == await answer(sqlite_place, command(person(1), name, lang=lang))


def at(lon, lat):
    return event(person(1), "message", message={"type": "location", "id": "1", "latitude": lat, "longitude": lon})


# Measured on the ellipsoid (GRS 80, pyproj.Geod) from the nearest point of chuo-mizu.geojson: 180.5, 1103.8 m.
@pytest.mark.parametrize(
    ("lon", "lat", "says"),
    [
        (139.6917, 35.6896, "約180m"),
        (139.6905, 35.7006, "約1.1km"),
        (141.3545, 43.0621, "km"),
    ],
)
async def test_a_location_is_answered_with_the_nearest_places(sqlite_place, lon, lat, says):
    reply = await answer(sqlite_place, at(lon, lat))
    assert "水の広場" in words(reply)
    assert says in words(reply)
    assert [b["uri"] for b in buttons(reply) if b["type"] == "uri"] == ["https://vote.example.jp/p/park?lang=ja"]


async def test_somebody_standing_in_a_place_is_told_so(sqlite_place):
    (site,) = await sqlite_place.rows("select boundary from site")
    inside = from_wkb(site["boundary"]).representative_point()
    assert "いまいる場所です" in words(await answer(sqlite_place, at(inside.x, inside.y)))


@pytest.mark.parametrize(("lon", "lat"), [(2.35, 48.86), (0, 90), (1e308, 1e308), (139, -1e-300)])
async def test_from_abroad_one_sees_all_places(sqlite_place, lon, lat):
    assert await answer(sqlite_place, at(lon, lat)) == await answer(sqlite_place, command(person(1), "map"))


async def test_where_somebody_is_stands_nowhere(sqlite_place, capsys):
    await sqlite_place.send(at(139.6913579, 35.6897531))
    await sqlite_place.drain.run_dry()
    written = b"".join(path.read_bytes() for path in sqlite_place.context.settings.data_dir.rglob("*.sqlite3*"))
    said = "".join(capsys.readouterr())
    assert b"line_inbox" in written
    for part in ("6913579", "6897531"):
        assert part.encode() not in written
        assert part not in said


async def test_the_map_offers_places_and_to_look_nearby(sqlite_place):
    reply = await answer(sqlite_place, text(person(1), "地図"))
    assert "水の広場" in words(reply)
    assert {"type": "location", "label": "近くをさがす"} in buttons(reply)
    await sqlite_place.execute("update stage set closes_at = opens_at")
    assert "考えている場所はありません" in words(await answer(sqlite_place, text(person(1), "地図")))
    assert "考えている場所はありません" in words(await answer(sqlite_place, at(139.69, 35.69)))


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("open", "まだ終わった投票はありません"),
        ("closed", "いま集計しています"),
        ("decided", "けっかが出ました"),
    ],
)
async def test_results_are_those_of_the_ballots_that_ended(sqlite_place, state, says):
    await sqlite_place.execute("update ballot set state = :state", state=state)
    reply = await answer(sqlite_place, text(person(1), "けっか"))
    assert says in words(reply)
    links = [b["uri"] for b in buttons(reply) if b["type"] == "uri"]
    assert links == ([] if state == "open" else [f"https://vote.example.jp/b/{BALLOT}/results?lang=ja"])


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


@pytest.mark.parametrize("name", get_args(CommandName))
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
