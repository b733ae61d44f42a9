"""Deliberate trouble: what is repeated, forged or broken arrives as meant."""

import pytest
from linebot.v3.webhook import SignatureValidator

from webhooks.line.simulator.chaos import KINDS, make_trouble

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"


@pytest.fixture
async def past(simulator, bot):
    """Twelve acts of three people, already delivered; the bot's memory of them is wiped."""
    for index in range(3):
        await simulator.follow(index)
        for n in range(3):
            await simulator.tap_data(index, f"vote={n}")
    events = bot.events
    bot.calls.clear()
    return events


async def test_replay_brings_the_very_same_events(simulator, bot, past):
    report = await make_trouble(simulator, 0, ["replay"], limit=200)
    assert report == {"replay": {"calls": 12, "statuses": {"200": 12}}}
    assert bot.events == past


async def test_redelivered_events_are_marked_and_otherwise_the_same(simulator, bot, past):
    await make_trouble(simulator, 0, ["redeliver"], limit=200)
    assert bot.events == [{**event, "deliveryContext": {"isRedelivery": True}} for event in past]


async def test_disorder_doubles_and_mixes(simulator, bot, past):
    report = await make_trouble(simulator, 0, ["disorder"], limit=200)
    assert report["disorder"]["calls"] == 4  # 24 events, 7 a call
    ids = [event["webhookEventId"] for event in bot.events]
    assert sorted(ids) == sorted([event["webhookEventId"] for event in past] * 2)
    assert ids != [event["webhookEventId"] for event in past] * 2


@pytest.mark.parametrize("kind", ["forged", "unsigned"])
async def test_forgeries_would_count_if_they_were_believed(simulator, bot, past, kind):
    await make_trouble(simulator, 0, [kind], limit=200)
    old = {event["webhookEventId"] for event in past}
    assert all(event["webhookEventId"] not in old for event in bot.events)
    assert len(bot.events) == 12
    for body, headers in bot.calls:
        signature = headers.get("x-line-signature", "")
        assert not SignatureValidator(SECRET).validate(body.decode(), signature)


async def test_future_events_are_an_hour_ahead_and_properly_signed(simulator, bot, past, clock):
    await make_trouble(simulator, 0, ["future"], limit=5)
    assert [event["timestamp"] for event in bot.events] == [clock.now + 3_600_000] * 5
    body, headers = bot.calls[0]
    assert SignatureValidator(SECRET).validate(body.decode(), headers["x-line-signature"])


@pytest.mark.parametrize("kind", ["unknown", "malformed"])
async def test_a_good_event_stands_among_the_odd_ones_and_its_answer_is_seen(simulator, bot, line, kind):
    async def answer_the_good_one(event):
        if isinstance(event, dict) and event.get("message", {}).get("text") == "投票":
            token = event["replyToken"]
            resident = simulator.channel.use_reply_token(token)
            simulator.channel.deliver(resident, [{"type": "text", "text": "投票はこちら"}], "call")

    bot.on_event = answer_the_good_one
    report = await make_trouble(simulator, 1, [kind], limit=1)
    assert report[kind] == {"calls": 1, "statuses": {"200": 1}, "good_answered": True}
    assert len(bot.events) > 5


async def test_a_bot_that_drops_the_whole_call_is_found_out(simulator, bot, monkeypatch):
    monkeypatch.setattr("webhooks.line.simulator.chaos.GOOD_ANSWER_WITHIN_S", 0.05)
    bot.statuses = [500]
    report = await make_trouble(simulator, 0, ["malformed"], limit=1)
    assert report["malformed"] == {"calls": 1, "statuses": {"500": 1}, "good_answered": False}


async def test_all_kinds_by_http(http, past, monkeypatch):
    monkeypatch.setattr("webhooks.line.simulator.chaos.GOOD_ANSWER_WITHIN_S", 0.05)
    async with http.post("/control/chaos", json={"resident": 0}) as answer:
        assert answer.status == 200
        assert set(await answer.json()) == set(KINDS)
