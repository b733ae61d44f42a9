"""A crowd votes by the real path against a tiny bot; what the phones noted equals what the bot counted."""

import json
from collections import Counter
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from linebot.v3.messaging import (
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    FlexMessage,
    ReplyMessageRequest,
    TextMessage,
)

from webhooks.line.simulator import Taste, send_crowd

TITLES = ["木かげベンチ", "光る雨宿り", "菜園キューブ", "芝生ステージ", "ミストの森"]
VOTE = {"ja": "あったらいいな", "en": "Nice to have!"}
CANCEL = {"ja": "取り消す", "en": "Take back"}


def flex(alt, *bubbles):
    return FlexMessage.from_dict(
        {"type": "flex", "altText": alt, "contents": {"type": "carousel", "contents": list(bubbles)}}
    )


def bubble(title, label, data):
    button = {"type": "button", "action": {"type": "postback", "label": label, "data": data, "displayText": title}}
    return {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": title}]},
        "footer": {"type": "box", "layout": "vertical", "contents": [button]},
    }


class BallotBot:
    """Answers 投票 with a carousel and each tap with a receipt; remembers the newest act of each person."""

    def __init__(self, line):
        self.line = line
        self.postbacks: list[dict[str, Any]] = []

    async def __call__(self, event):
        if event["type"] == "message":
            lang = "ja" if event["message"]["text"] == "投票" else "en"
            cards = [bubble(title, VOTE[lang], f"add/{lang}/{n}") for n, title in enumerate(TITLES)]
            await self.reply(event, flex("投票", *cards))
        elif event["type"] == "postback":
            self.postbacks.append(event)
            verb, lang, n = event["postback"]["data"].split("/")
            undo = bubble(TITLES[int(n)], CANCEL[lang], f"remove/{lang}/{n}")
            await self.reply(event, flex("受付", undo) if verb == "add" else TextMessage(text="取り消しました"))

    async def reply(self, event, message):
        request = ReplyMessageRequest(replyToken=event["replyToken"], messages=[message])
        await self.line.reply_message(request)


def recount(acts):
    """Approvals when the newest act of a person on a card decides."""
    newest = {}
    for user, data, *_ in sorted(acts, key=lambda act: act[2:]):
        verb, _, n = data.split("/")
        newest[user, TITLES[int(n)]] = verb
    return Counter(title for (_, title), verb in newest.items() if verb == "add")


@pytest.fixture
def clock(ticking_clock):
    return ticking_clock


@pytest.fixture
def ballot_bot(bot, line):
    bot.on_event = BallotBot(line)
    return bot.on_event


async def crowd(http, **wish):
    async with http.post("/control/crowd", json={"count": 25, "seed": 7, "concurrency": 5, **wish}) as answer:
        assert answer.status == 200
        return await answer.json()


async def test_the_phones_and_the_bot_count_the_same(http, ballot_bot):
    report = await crowd(http)
    seen = [
        (e["source"]["userId"], e["postback"]["data"], e["timestamp"], e["webhookEventId"])
        for e in ballot_bot.postbacks
    ]
    noted = [(t["user_id"], t["data"], t["timestamp"], t["event_id"]) for t in report["taps"]]
    assert sorted(noted) == sorted(seen)
    assert recount(noted) == recount(seen)
    assert report["without_ballot"] == 0
    assert report["webhooks"] == {"200": 50 + len(noted)}  # follow, ask and the taps of 25 people
    assert {tap["label"] for tap in report["taps"]} == {"あったらいいな", "取り消す"}
    assert all(tap["display_text"] in tap["bubble"] for tap in report["taps"])
    assert len({tap["resident"] for tap in report["taps"]}) == 25


async def test_the_same_seed_makes_the_same_choices(settings, serve_simulator, bot, ballot_bot, http):
    choices = [by_person(await crowd(http))]
    for seed in (7, 8):
        async with serve_simulator(settings) as (_, url), official_client(url) as line:
            bot.on_event = BallotBot(line)
            async with aiohttp.ClientSession(base_url=url) as other:
                choices.append(by_person(await crowd(other, seed=seed)))
    assert choices[0] == choices[1] != choices[2]


def by_person(report):
    """What each resident tapped, in order."""
    return {n: [t["data"] for t in report["taps"] if t["resident"] == n] for n in range(3, 28)}


@asynccontextmanager
async def official_client(url):
    async with AsyncApiClient(Configuration(host=url, access_token="demo-access-token")) as client:
        yield AsyncMessagingApi(client)


async def test_a_taste_makes_a_card_win_and_people_come_over_time(simulator, ballot_bot):
    taste = Taste("add/ja/3")
    report = await send_crowd(simulator, count=40, seed=7, concurrency=10, over_s=0.5, taste=taste)
    noted = [(t.user_id, t.data, t.timestamp, t.event_id) for t in report.taps]
    (first, most), (_, second) = recount(noted).most_common(2)
    assert first == TITLES[3]
    assert most > second
    assert report.seconds >= 0.48


async def test_english_people_ask_and_tap_in_english(http, ballot_bot, simulator):
    report = await crowd(http, language="en", count=8)
    assert {tap["label"] for tap in report["taps"]} <= {"Nice to have!", "Take back"}
    assert report["without_ballot"] == 0
    assert simulator.channel.residents[-1].language == "en"


async def test_a_silent_bot_is_reported_not_waited_for_forever(http, bot, monkeypatch):
    monkeypatch.setattr("webhooks.line.simulator.crowd.ANSWER_WITHIN_S", 0.05)
    bot.statuses = [500]
    report = await crowd(http, count=2, concurrency=1)
    assert (report["without_ballot"], report["taps"]) == (2, [])
    assert report["webhooks"] == {"500": 1, "200": 3}


async def test_a_crowd_that_does_not_fit_is_refused(http, bot):
    async with http.post("/control/crowd", json={"count": 9_998}) as answer:
        assert answer.status == 409
        assert "10000" in json.dumps(await answer.json())
    assert bot.calls == []
