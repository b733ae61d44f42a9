"""Outgoing webhooks: bytes, signatures, event forms, retries, repetition and disorder."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3 import WebhookParser
from linebot.v3.webhook import SignatureValidator
from linebot.v3.webhooks import FollowEvent, MessageEvent, PostbackEvent, UnfollowEvent

from webhooks.line.simulator.chaos import malformed_events, unknown_events
from webhooks.line.simulator.webhooks import Signing, sign, ulid

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"


async def live(simulator, index=0):
    """One resident's life: every kind of event a person causes."""
    await simulator.follow(index)
    await simulator.say(index, "投票 🍎")
    await simulator.tap(index, {"type": "postback", "data": "b=1&o=2", "displayText": "木かげに"})
    await simulator.unfollow(index)
    await simulator.follow(index)


def test_signature_of_the_documentations_example():
    # Secret, body and signature: LINE's documentation, "Verify webhook signature".
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert sign(SECRET, body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_ulid_of_known_parts():
    # 1469918176385 ms is 01ARYZ6S41 in the ULID specification's own example; then 16 characters of randomness.
    assert ulid(1469918176385, 0) == "01ARYZ6S41" + "0" * 16
    assert ulid(1469918176385, 2**80 - 1) == "01ARYZ6S41" + "Z" * 16


@given(st.tuples(*[st.integers(0, 2**48 - 1), st.integers(0, 2**80 - 1)] * 2))
def test_ulids_sort_by_time_then_randomness(parts):
    a, b = parts[:2], parts[2:]
    assert (ulid(*a) < ulid(*b)) == (a < b)


async def test_calls_are_signed_and_parsed_by_lines_own_sdk(simulator, bot):
    await live(simulator)
    parser = WebhookParser(SECRET)
    kinds = []
    for body, headers in bot.calls:
        assert SignatureValidator(SECRET).validate(body.decode(), headers["x-line-signature"])
        payload = parser.parse(body.decode(), headers["x-line-signature"], as_payload=True)
        assert payload.destination == simulator.channel.bot_user_id
        kinds += [type(event) for event in payload.events]
    assert kinds == [FollowEvent, MessageEvent, PostbackEvent, UnfollowEvent, FollowEvent]


async def test_events_are_as_line_describes_them(simulator, bot, clock):
    await live(simulator)
    follow, text, postback, unfollow, again = bot.events
    assert follow["follow"] == {"isUnblocked": False}
    assert again["follow"] == {"isUnblocked": True}
    assert text["message"]["text"] == "投票 🍎"
    assert postback["postback"] == {"data": "b=1&o=2"}
    assert "replyToken" not in unfollow
    assert all(event["timestamp"] == clock.now for event in bot.events)
    assert len({event["webhookEventId"] for event in bot.events}) == 5
    assert len({event["replyToken"] for event in (follow, text, postback, again)}) == 4
    assert all(event["source"]["userId"] == simulator.channel.resident(0).user_id for event in bot.events)


async def test_residents_follow_from_the_seed(settings, serve_simulator):
    ids = []
    for seed in (1, 1, 2):
        async with serve_simulator(replace(settings, seed=seed)) as (simulator, _):
            ids.append([resident.user_id for resident in simulator.channel.residents])
    assert ids[0] == ids[1]
    assert not set(ids[0]) & set(ids[2])


def rewritten(schemas):
    """LINE's polymorphic bases as dispatchers on ``type``, so that a plain validator looks into the children.

    A base with ``discriminator`` becomes: type is one of the mapping, and if it is k then child k holds. The
    children's ``allOf`` points at a plain copy of the base, ``B__base``.
    """
    bases = {name for name, schema in schemas.items() if "discriminator" in schema}
    result = {}
    for name, schema in schemas.items():
        if name not in bases:
            result[name] = with_plain_bases(schema, bases)
            continue
        mapping = schema["discriminator"]["mapping"]
        result[f"{name}__base"] = {k: v for k, v in schema.items() if k != "discriminator"}
        result[name] = {
            "required": ["type"],
            "properties": {"type": {"enum": list(mapping)}},
            "allOf": [
                {"if": {"properties": {"type": {"const": kind}}}, "then": {"$ref": child}}
                for kind, child in mapping.items()
            ],
        }
    return result


def with_plain_bases(schema, bases):
    parents = [
        {"$ref": part["$ref"] + "__base"} if part.get("$ref", "").rpartition("/")[2] in bases else part
        for part in schema.get("allOf", [])
    ]
    return {**schema, "allOf": parents} if parents else schema


@pytest.fixture
def callback_validator(line_specification: Path):
    document = yaml.safe_load((line_specification / "webhook.yml").read_text(encoding="utf-8"))
    schemas = rewritten(document["components"]["schemas"])
    root = {"$ref": "#/components/schemas/CallbackRequest", "components": {"schemas": schemas}}
    return jsonschema_rs.validator_for(root)


async def test_outgoing_calls_hold_to_lines_specification(simulator, bot, callback_validator):
    await live(simulator)
    await simulator.deliver([])
    for body, _ in bot.calls:
        callback_validator.validate(json.loads(body))
    assert len(bot.calls) == 6


async def test_the_specification_check_can_fail(simulator, callback_validator):
    resident = simulator.channel.resident(0)
    odd = [*unknown_events(simulator.events, resident), *malformed_events(simulator.events, resident)]
    good = simulator.events.postback(resident, "x")
    call = {"destination": simulator.channel.bot_user_id, "events": [good]}
    assert callback_validator.is_valid(call)
    accepted = [event for event in odd if callback_validator.is_valid({**call, "events": [event]})]
    # The specification allows an event without source, a user without userId, and any whole number as time.
    assert ["source" in event for event in accepted] == [False, True, True, True]
    assert [event["timestamp"] for event in accepted[1:3]] == [-1, 10**30]
    assert accepted[3]["source"] == {"type": "user"}
    assert len(odd) == 21


class TestFailures:
    async def test_an_error_status_is_noted(self, simulator, bot):
        bot.statuses = [503]
        done = await simulator.follow(0)
        assert (done.delivery.status, done.delivery.reason) == (503, "error_status_code")
        assert [f.reason for f in simulator.channel.failures] == ["error_status_code"]
        assert len(bot.calls) == 1

    async def test_a_redirect_is_an_error_and_not_followed(self, simulator, bot):
        bot.statuses = [307]
        assert (await simulator.follow(0)).delivery.reason == "error_status_code"

    async def test_a_late_answer_is_a_timeout(self, settings, serve_simulator, bot):
        bot.delay_s = 0.5
        async with serve_simulator(replace(settings, answer_within_s=0.1)) as (simulator, _):
            done = await simulator.follow(0)
            assert (done.delivery.status, done.delivery.reason) == (None, "request_timeout")
            assert done.delivery.seconds < 0.4

    async def test_nobody_there_is_could_not_connect(self, settings, serve_simulator):
        # Port 9 (discard) of this machine: nothing listens there.
        nowhere = replace(settings, webhook_url="http://127.0.0.1:9/webhooks/line")
        async with serve_simulator(nowhere) as (simulator, _):
            assert (await simulator.follow(0)).delivery.reason == "could_not_connect"

    def test_line_waits_two_seconds(self, settings):
        assert settings.answer_within_s == 2.0


class TestRedelivery:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, redeliver_after_s=0.02)

    async def test_same_event_again_until_it_is_taken(self, simulator, bot):
        bot.statuses = [500, 500]
        await simulator.follow(0)
        await bot.wait_for_calls(3)
        await asyncio.sleep(0.1)
        assert len(bot.calls) == 3
        first, *others = bot.events
        assert first["deliveryContext"] == {"isRedelivery": False}
        for other in others:
            assert other == {**first, "deliveryContext": {"isRedelivery": True}}
        assert simulator.channel.redeliveries == 2
        assert SignatureValidator(SECRET).validate(bot.calls[2][0].decode(), bot.calls[2][1]["x-line-signature"])

    async def test_forged_calls_are_not_redelivered_nor_counted_as_failures(self, simulator, bot):
        bot.statuses = [401]
        event = simulator.events.postback(simulator.channel.resident(0), "x")
        await simulator.deliver([event], signing=Signing.FORGED)
        await asyncio.sleep(0.1)
        assert len(bot.calls) == 1
        assert list(simulator.channel.failures) == []


async def test_off_by_default_nothing_is_redelivered(simulator, bot):
    bot.statuses = [500]
    await simulator.follow(0)
    await asyncio.sleep(0.1)
    assert len(bot.calls) == 1


class TestDeliver:
    def events(self, simulator, count):
        resident = simulator.channel.resident(0)
        return [simulator.events.postback(resident, f"n={n}") for n in range(count)]

    async def test_one_call_in_order_unless_told_otherwise(self, simulator, bot):
        events = self.events(simulator, 5)
        results = await simulator.deliver(events)
        assert [result.status for result in results] == [200]
        assert bot.events == events

    async def test_repeats_batches_and_disorder_keep_every_event(self, simulator, bot):
        events = self.events(simulator, 20)
        results = await simulator.deliver(events, repeat=3, shuffle=True, batch_size=7)
        assert len(results) == 9  # 60 events, 7 a call
        by_id = sorted(event["webhookEventId"] for event in bot.events)
        assert by_id == sorted([event["webhookEventId"] for event in events] * 3)
        assert bot.events != events * 3

    async def test_a_forged_signature_looks_right_and_is_wrong(self, simulator, bot):
        await simulator.deliver(self.events(simulator, 1), signing=Signing.FORGED)
        body, headers = bot.calls[0]
        assert len(headers["x-line-signature"]) == 44
        assert not SignatureValidator(SECRET).validate(body.decode(), headers["x-line-signature"])

    async def test_no_signature_means_no_header(self, simulator, bot):
        await simulator.deliver(self.events(simulator, 1), signing=Signing.NONE)
        assert "x-line-signature" not in bot.calls[0][1]

    async def test_raw_bytes_go_out_as_they_are(self, simulator, bot):
        await simulator.sender.send_raw(b"\xff not json")
        body, headers = bot.calls[0]
        assert body == b"\xff not json"
        assert headers["x-line-signature"] == sign(SECRET, body)

    async def test_hostile_text_is_still_sent(self, simulator, bot):
        await simulator.deliver([{"type": "message", "text": "\ud800", "n": float("nan")}])
        assert bot.calls[0][0].endswith(b'"events":[{"type":"message","text":"\\ud800","n":NaN}]}')

    async def test_a_megabyte_goes_in_one_call(self, simulator, bot):
        await simulator.deliver([{"type": "x", "pad": "a" * 1_200_000}])
        assert len(bot.calls[0][0]) > 1_200_000
