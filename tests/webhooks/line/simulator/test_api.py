"""LINE's API side, driven by LINE's official client over real sockets."""

import io
import json
from uuid import uuid4

import aiohttp
import pytest
from linebot.v3.messaging import (
    ApiException,
    AsyncMessagingApi,
    BroadcastRequest,
    FlexMessage,
    MulticastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    TextMessage,
    ValidateMessageRequest,
)
from linebot.v3.messaging import TestWebhookEndpointRequest as EndpointRequest

from webhooks.line.simulator import Simulator, SimulatorSettings

TOKEN = "demo-access-token"
HELLO = TextMessage(text="こんにちは")


async def reply_token(simulator, bot, index=0):
    await simulator.say(index, "投票")
    return bot.events[-1]["replyToken"]


def chat_texts(simulator, index, side="account"):
    return [e.message["text"] for e in simulator.channel.resident(index).chat if e.side == side]


def refusal(error: pytest.ExceptionInfo[ApiException]):
    assert error.value.body is not None
    return error.value.status, json.loads(error.value.body)


class TestReply:
    async def test_answers_the_chat_and_is_not_counted(self, simulator, bot, line):
        token = await reply_token(simulator, bot, index=1)
        answer = await line.reply_message(ReplyMessageRequest(replyToken=token, messages=[HELLO, HELLO]))
        assert len(answer.sent_messages) == 2
        assert chat_texts(simulator, 1) == ["こんにちは", "こんにちは"]
        assert (await line.get_message_quota_consumption()).total_usage == 0

    async def test_token_works_once(self, simulator, bot, line):
        request = ReplyMessageRequest(replyToken=await reply_token(simulator, bot), messages=[HELLO])
        await line.reply_message(request)
        with pytest.raises(ApiException) as error:
            await line.reply_message(request)
        assert refusal(error) == (400, {"message": "Invalid reply token"})
        assert chat_texts(simulator, 0) == ["こんにちは"]

    @pytest.mark.parametrize(("later_ms", "works"), [(60_000, True), (60_001, False)])
    async def test_token_lives_one_minute(self, simulator, bot, line, clock, later_ms, works):
        request = ReplyMessageRequest(replyToken=await reply_token(simulator, bot), messages=[HELLO])
        clock.now += later_ms
        if works:
            await line.reply_message(request)
        else:
            with pytest.raises(ApiException, match="Invalid reply token"):
                await line.reply_message(request)

    async def test_redelivery_gives_the_minute_again_but_not_after_twenty(self, simulator, bot, line, clock):
        token = await reply_token(simulator, bot)
        event = bot.events[-1]
        clock.now += 19 * 60_000
        await simulator.deliver([event])
        await line.reply_message(ReplyMessageRequest(replyToken=token, messages=[HELLO]))
        late = await reply_token(simulator, bot)
        event = bot.events[-1]
        clock.now += 20 * 60_000 + 1
        await simulator.deliver([event])
        with pytest.raises(ApiException, match="Invalid reply token"):
            await line.reply_message(ReplyMessageRequest(replyToken=late, messages=[HELLO]))

    async def test_an_invalid_message_does_not_use_up_the_token(self, simulator, bot, line):
        token = await reply_token(simulator, bot)
        with pytest.raises(ApiException):
            await line.reply_message(ReplyMessageRequest(replyToken=token, messages=[TextMessage(text="")]))
        await line.reply_message(ReplyMessageRequest(replyToken=token, messages=[HELLO]))

    async def test_retry_key_is_refused(self, simulator, bot, http):
        token = await reply_token(simulator, bot)
        headers = {"authorization": f"Bearer {TOKEN}", "x-line-retry-key": str(uuid4())}
        body = {"replyToken": token, "messages": [{"type": "text", "text": "a"}]}
        async with http.post("/v2/bot/message/reply", json=body, headers=headers) as answer:
            assert answer.status == 400


class TestPush:
    async def test_reaches_a_friend_and_is_counted(self, simulator, line):
        await simulator.follow(0)
        to = simulator.channel.resident(0).user_id
        answer = await line.push_message(PushMessageRequest(to=to, messages=[HELLO]))
        assert len(answer.sent_messages) == 1
        assert chat_texts(simulator, 0) == ["こんにちは"]
        assert (await line.get_message_quota_consumption()).total_usage == 1

    async def test_one_who_blocks_gets_nothing_although_the_answer_is_200(self, simulator, line):
        await simulator.follow(0)
        await simulator.unfollow(0)
        to = simulator.channel.resident(0).user_id
        answer = await line.push_message_with_http_info(PushMessageRequest(to=to, messages=[HELLO]))
        assert answer.status_code == 200
        assert chat_texts(simulator, 0) == []
        assert simulator.channel.used_quota == 0

    async def test_unknown_id_is_400(self, line):
        with pytest.raises(ApiException) as error:
            await line.push_message(PushMessageRequest(to="U" + "0" * 32, messages=[HELLO]))
        assert refusal(error)[0] == 400

    async def test_retry_key_is_taken_once(self, simulator, line):
        await simulator.follow(0)
        key = str(uuid4())
        request = PushMessageRequest(to=simulator.channel.resident(0).user_id, messages=[HELLO])
        first = await line.push_message_with_http_info(request, x_line_retry_key=key)
        with pytest.raises(ApiException) as error:
            await line.push_message(request, x_line_retry_key=key)
        status, body = refusal(error)
        assert status == 409
        assert body["sentMessages"] == [{"id": first.data.sent_messages[0].id}]
        assert error.value.headers is not None
        assert error.value.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
        assert error.value.headers["x-line-request-id"] != first.headers["x-line-request-id"]
        assert chat_texts(simulator, 0) == ["こんにちは"]
        assert simulator.channel.retry_keys[key].repeats == 1

    async def test_retry_key_is_new_again_after_a_day(self, simulator, line, clock):
        await simulator.follow(0)
        key = str(uuid4())
        request = PushMessageRequest(to=simulator.channel.resident(0).user_id, messages=[HELLO])
        await line.push_message(request, x_line_retry_key=key)
        clock.now += 24 * 60 * 60_000 + 1
        await line.push_message(request, x_line_retry_key=key)
        assert len(chat_texts(simulator, 0)) == 2

    async def test_retry_key_must_be_a_uuid(self, simulator, line):
        await simulator.follow(0)
        request = PushMessageRequest(to=simulator.channel.resident(0).user_id, messages=[HELLO])
        with pytest.raises(ApiException) as error:
            await line.push_message(request, x_line_retry_key="again")
        assert refusal(error)[0] == 400


class TestMulticast:
    async def test_reaches_friends_only_and_counts_them(self, simulator, line):
        for index in (0, 1):
            await simulator.follow(index)
        to = [resident.user_id for resident in simulator.channel.residents] + ["U" + "f" * 32]
        key = str(uuid4())
        await line.multicast(MulticastRequest(to=to, messages=[HELLO]), x_line_retry_key=key)
        assert [len(chat_texts(simulator, i)) for i in (0, 1, 2)] == [1, 1, 0]
        assert simulator.channel.used_quota == 2
        assert simulator.channel.retry_keys[key].recipients == 2

    async def test_malformed_id_names_its_place(self, simulator, line):
        to = [simulator.channel.resident(0).user_id, "C" + "0" * 32]
        with pytest.raises(ApiException) as error:
            await line.multicast(MulticastRequest(to=to, messages=[HELLO]))
        status, body = refusal(error)
        assert status == 400
        assert body["details"] == [{"property": "to[1]", "message": "Invalid user ID"}]

    async def test_at_most_500_ids(self, simulator, http):
        body = {"to": ["U" + "0" * 32] * 501, "messages": [{"type": "text", "text": "a"}]}
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with http.post("/v2/bot/message/multicast", json=body, headers=headers) as answer:
            assert answer.status == 400
            assert (await answer.json())["details"][0]["property"] == "to"


class TestQuota:
    @pytest.fixture
    def settings(self, bot):
        return SimulatorSettings(bot.url, "s" * 32, TOKEN, "http://127.0.0.1:1", quota=3)

    async def test_a_send_that_does_not_fit_reaches_nobody(self, simulator, line):
        for index in (0, 1):
            await simulator.follow(index)
        to = [simulator.channel.resident(index).user_id for index in (0, 1)]
        await line.multicast(MulticastRequest(to=to, messages=[HELLO]))
        with pytest.raises(ApiException) as error:
            await line.multicast(MulticastRequest(to=to, messages=[HELLO]))
        assert refusal(error) == (429, {"message": "You have reached your monthly limit."})
        assert [len(chat_texts(simulator, index)) for index in (0, 1)] == [1, 1]
        assert (await line.get_message_quota_consumption()).total_usage == 2
        quota = await line.get_message_quota()
        assert (quota.type, quota.value) == ("limited", 3)

    async def test_a_refused_retry_key_is_not_used_up(self, simulator, line):
        await simulator.follow(0)
        simulator.channel.used_quota = 3
        request = PushMessageRequest(to=simulator.channel.resident(0).user_id, messages=[HELLO])
        key = str(uuid4())
        with pytest.raises(ApiException, match="monthly limit"):
            await line.push_message(request, x_line_retry_key=key)
        simulator.channel.used_quota = 0
        await line.push_message(request, x_line_retry_key=key)
        assert len(chat_texts(simulator, 0)) == 1


async def test_broadcast_reaches_all_friends(simulator: Simulator, line: AsyncMessagingApi) -> None:
    for index in (0, 2):
        await simulator.follow(index)
    await line.broadcast(BroadcastRequest(messages=[HELLO]))
    assert [resident.received for resident in simulator.channel.residents] == [1, 0, 1]


async def test_no_limit_is_quota_type_none(line):
    assert (await line.get_message_quota()).type == "none"


async def test_bad_token_is_401_with_a_request_id(http):
    async with http.get("/v2/bot/info", headers={"authorization": "Bearer wrong"}) as answer:
        assert answer.status == 401
        assert answer.headers["x-line-request-id"]
        assert "Authentication failed" in (await answer.json())["message"]


async def test_bot_info_and_profile(simulator, line):
    await simulator.follow(0)
    simulator.channel.resident(0).language = "en"
    profile = await line.get_profile(simulator.channel.resident(0).user_id)
    assert (profile.display_name, profile.language) == ("参加者1（例）", "en")
    assert (await line.get_bot_info()).user_id == simulator.channel.bot_user_id


@pytest.mark.parametrize("relation", ["stranger", "blocked"])
async def test_profile_of_others_is_hidden(simulator, line, relation):
    if relation == "blocked":
        await simulator.follow(0)
        await simulator.unfollow(0)
    with pytest.raises(ApiException) as error:
        await line.get_profile(simulator.channel.resident(0).user_id)
    assert refusal(error)[0] == 404


async def test_follower_ids_are_for_verified_accounts(line):
    with pytest.raises(ApiException) as error:
        await line.get_followers()
    assert refusal(error)[0] == 403


async def test_webhook_test_calls_the_bot_with_no_events(bot, line):
    answer = await line.test_webhook_endpoint(EndpointRequest(endpoint=bot.url))
    assert (answer.success, answer.status_code) == (True, 200)
    assert json.loads(bot.calls[0][0])["events"] == []
    bot.statuses = [500]
    answer = await line.test_webhook_endpoint()
    assert (answer.success, answer.status_code) == (False, 500)


async def test_webhook_test_calls_no_other_url(bot, line):
    with pytest.raises(ApiException) as error:
        await line.test_webhook_endpoint(EndpointRequest(endpoint="http://127.0.0.1:9/"))
    assert refusal(error)[0] == 400
    assert bot.calls == []


async def test_validate_finds_what_a_send_would_refuse(line):
    good = ValidateMessageRequest(messages=[HELLO])
    await line.validate_push(good)
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": []}}
    bad = FlexMessage.from_dict({"type": "flex", "altText": "あ" * 1501, "contents": bubble})
    with pytest.raises(ApiException) as error:
        await line.validate_push(ValidateMessageRequest(messages=[HELLO, bad]))
    assert refusal(error)[1]["details"][0]["property"] == "messages[1].altText"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"[" * 100_000, 400),
        (b'{"to": NaN}', 400),
        (b'{"messages": [{"type": "text", "text": "\\ud800"}]}', 400),
        (b"\xff\xfe", 400),
        (b"", 400),
        (b" " * (2 * 1024 * 1024 + 1), 413),
    ],
)
async def test_bad_bodies_are_refused(http: aiohttp.ClientSession, body: bytes, status: int) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with http.post("/v2/bot/message/broadcast", data=io.BytesIO(body), headers=headers) as answer:
        assert answer.status == status
        assert answer.headers["x-line-request-id"]


async def test_unknown_path_is_404_in_lines_form(http):
    async with http.get("/v2/bot/nothing", headers={"authorization": f"Bearer {TOKEN}"}) as answer:
        assert (answer.status, await answer.json()) == (404, {"message": "Not found"})
