"""The control API, as another process drives it."""

import io

import pytest
from linebot.v3.messaging import ReplyMessageRequest, TextMessage
from linebot.v3.webhook import SignatureValidator

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"


@pytest.fixture
def post(http):
    async def post(path, body=None, status=200):
        async with http.post(f"/control/{path}", json=body) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    return post


@pytest.fixture
def get(http):
    async def get(path, status=200):
        async with http.get(f"/control/{path}") as answer:
            assert answer.status == status
            return await answer.json()

    return get


@pytest.fixture
def echo(bot, line):
    """The bot repeats what is said and counts what is tapped."""

    async def on_event(event):
        if "replyToken" in event:
            said = event.get("message", event.get("postback", {}))
            text = f"返事: {said.get('text', said.get('data', event['type']))}"
            quick = {"items": [{"action": {"type": "postback", "label": "はい", "data": "yes"}}]}
            message = TextMessage.from_dict({"type": "text", "text": text, "quickReply": quick})
            await line.reply_message(ReplyMessageRequest(replyToken=event["replyToken"], messages=[message]))

    bot.on_event = on_event


async def test_a_whole_conversation(post, get, echo, bot):
    (person,) = (await post("residents", {"count": 1, "language": "en"}))["residents"]
    i = person["index"]
    assert (i, person["language"], person["friendship"]) == (3, "en", "stranger")
    greeted = await post(f"residents/{i}/follow", {"wait_s": 5})
    assert [m["text"] for m in greeted["messages"]] == ["返事: follow"]
    said = await post(f"residents/{i}/say", {"text": "投票", "wait_s": 5})
    assert said["status"] == 200
    assert [m["text"] for m in said["messages"]] == ["返事: 投票"]
    tapped = await post(f"residents/{i}/tap", {"label": "はい", "wait_s": 5})
    assert [m["text"] for m in tapped["messages"]] == ["返事: yes"]
    assert tapped["event_id"] == bot.events[-1]["webhookEventId"]
    assert tapped["timestamp"] == bot.events[-1]["timestamp"]
    chat = await get(f"residents/{i}/chat")
    assert [(m["side"], m["message"]["text"]) for m in chat["messages"]] == [
        ("account", "返事: follow"),
        ("resident", "投票"),
        ("account", "返事: 投票"),
        ("account", "返事: yes"),
    ]
    await post(f"residents/{i}/unfollow")
    assert (await get(f"residents/{i}/chat"))["friendship"] == "blocked"


async def test_taps_by_data_and_by_card_reach_the_bot(post, echo, bot):
    await post("residents/0/tap", {"data": "old=1", "wait_s": 5})
    assert bot.events[-1]["postback"]["data"] == "old=1"
    await post("residents/0/tap", {"label": "はい", "nth": 0, "bubble_contains": "old=1"})
    assert bot.events[-1]["postback"]["data"] == "yes"
    refusal = await post("residents/0/tap", {"label": "いいえ"}, status=404)
    assert "いいえ" in refusal["message_ja"]
    assert "no button" in refusal["message_en"]


async def test_language_is_the_profiles(post, simulator):
    await post("residents/0/language", {"language": "en"})
    assert simulator.channel.resident(0).language == "en"


async def test_state_counts_without_quoting(post, get, echo, simulator):
    await post("residents/1/say", {"text": "ひみつの文", "wait_s": 5})
    state = await get("state")
    assert [person["received"] for person in state["residents"]] == [0, 1, 0]
    assert [(r["path"], r["status"]) for r in state["requests"]] == [("/v2/bot/message/reply", 200)]
    assert state["quota"] == {"limit": None, "used": 0}
    assert "ひみつ" not in str(state)


async def test_webhook_errors_are_in_the_state(post, get, bot):
    bot.statuses = [503]
    assert (await post("residents/0/follow"))["reason"] == "error_status_code"
    (failure,) = (await get("state"))["webhook_errors"]
    assert (failure["status"], failure["reason"], failure["events"]) == (503, "error_status_code", 1)


async def test_faults_are_set_and_cleared(post, simulator):
    wish = {"kind": "rate_limit", "next": 2, "ratio": 0.5, "endpoints": ["push"]}
    assert (await post("faults", wish))["faults"] == [{**wish, "seconds": 0.0}]
    assert (await post("faults", {"clear": True}))["faults"] == []


async def test_redelivery_is_a_switch(post, bot):
    assert (await post("redelivery", {"after_s": 0.01}))["after_s"] == 0.01
    bot.statuses = [500]
    await post("residents/0/follow")
    await bot.wait_for_calls(2)
    assert bot.events[1]["deliveryContext"] == {"isRedelivery": True}
    assert (await post("redelivery", {"after_s": None}))["after_s"] is None


@pytest.mark.parametrize(
    ("wish", "genuine"),
    [({}, True), ({"sign": True}, True), ({"sign": False}, False), ({"sign": "forged"}, False)],
)
async def test_deliver_signs_as_told(post, bot, wish, genuine):
    calls = (await post("deliver", {"events": [None, {"type": "x"}], **wish}))["calls"]
    assert [call["status"] for call in calls] == [200]
    body, headers = bot.calls[0]
    assert SignatureValidator(SECRET).validate(body.decode(), headers["x-line-signature"]) is genuine
    assert bot.events == [None, {"type": "x"}]


async def test_deliver_repeats_and_sends_raw_bodies(post, bot):
    await post("deliver", {"events": [{"n": 1}, {"n": 2}], "repeat": 3, "shuffle": True, "batch_size": 4})
    assert sorted(event["n"] for event in bot.events) == [1, 1, 1, 2, 2, 2]
    await post("deliver", {"body": '{"destination":', "sign": "none"})
    assert bot.calls[-1][0] == b'{"destination":'
    assert "x-line-signature" not in bot.calls[-1][1]


async def test_an_empty_delivery_is_lines_verification_call(post, bot):
    await post("deliver", {"events": []})
    assert len(bot.calls) == 1
    assert bot.events == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("residents", {"count": 0}, 400),
        ("residents", {"count": True}, 400),
        ("residents", {"count": 9_998}, 409),
        ("residents/7/follow", {}, 404),
        ("residents/0/unfollow", {}, 409),
        ("residents/0/say", {}, 400),
        ("residents/0/say", {"text": 5}, 400),
        ("residents/0/say", {"text": "a", "wait_s": 31}, 400),
        ("residents/0/tap", {}, 400),
        ("residents/0/tap", {"data": "d" * 301}, 400),
        ("residents/0/language", {"language": None}, 400),
        ("residents/0/language", {"language": "\ud800"}, 400),
        ("faults", {"kind": "fire"}, 400),
        ("faults", {"kind": "error", "ratio": 2}, 400),
        ("faults", {"clear": 1}, 400),
        ("deliver", {}, 400),
        ("deliver", {"events": [], "repeat": 101}, 400),
        ("deliver", {"events": [], "sign": "perhaps"}, 400),
        ("chaos", {"kinds": ["meteor"]}, 400),
        ("crowd", {"language": "tlh"}, 400),
        ("crowd", [], 400),
    ],
)
async def test_wrong_wishes_are_refused_in_both_languages(post, bot, path, body, status):
    refusal = await post(path, body, status=status)
    assert refusal["message_ja"]
    assert refusal["message_en"].isascii()
    assert bot.calls == []


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[" * 50_000, 400), (b" " * 5_000_000, 413)])
async def test_bodies_are_bounded_json(http, body, status):
    async with http.post("/control/residents", data=io.BytesIO(body)) as answer:
        assert answer.status == status


async def test_nothing_is_changed_by_get(http, simulator, bot):
    for path in ("residents", "residents/0/follow", "residents/0/say", "faults", "deliver", "crowd", "chaos"):
        async with http.get(f"/control/{path}") as answer:
            assert answer.status == 405
    assert len(simulator.channel.residents) == 3
    assert bot.calls == []


@pytest.mark.parametrize("path", ["/control/residents", "/chat/add", "/chat/0/follow"])
async def test_pages_of_other_sites_cannot_act(http, simulator, path):
    async with http.post(path, headers={"sec-fetch-site": "cross-site"}) as answer:
        assert answer.status == 403
    assert len(simulator.channel.residents) == 3


async def test_chat_of_nobody_is_404(get):
    assert (await get("residents/99/chat", status=404))["message_ja"]
