"""Reading events: recorded ones of every kind beside the official parser, odd ones each on their own."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.webhook import WebhookParser
from support.line import SECRET, call, event, person, sign, tap

from tests.webhooks.line.openapi import shared_dir, validator
from webhooks.line.events import AHEAD_MS, Event, Follow, Message, Postback, Source, Unsend, read_call, read_event
from webhooks.line.splitting import split_events

NOW = 1_800_000_000_000
PAYLOADS = sorted((Path(__file__).parent / "payloads").glob("*.json"))
BEYOND = sorted((Path(__file__).parent / "payloads" / "beyond").glob("*.json"))
"""What LINE's documentation has and its specification has not, and what LINE may invent."""

GOOD = json.dumps(tap(person(1), "idea-01", at_ms=NOW)).encode()


def read(*events: bytes) -> list[str | None]:
    """What is odd about each event of a call; None for a good one."""
    body = b'{"destination":"U","events":[' + b",".join(events) + b"]}"
    return [received.oddity for received in read_call(body, NOW)]


def with_fields(**fields: Any) -> bytes:
    return json.dumps({**json.loads(GOOD), **fields}).encode()


def with_raw(name: str, raw: bytes) -> bytes:
    """The good event with one field written by hand."""
    return with_fields(**{name: "HERE"}).replace(b'"HERE"', raw)


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_the_recorded_payloads_are_as_the_specification_has_them(path):
    payload = json.loads(path.read_bytes())
    assert validator("CallbackRequest", "webhook.yml").is_valid(payload)


def test_every_kind_of_the_specification_is_recorded():
    path = shared_dir() / "line" / "webhook.yml"
    if not path.is_file():
        pytest.skip(f"{path} is missing: put LINE's OpenAPI files there or name their folder in CIVIC_TEST_SHARED")
    schemas = yaml.load(path.read_bytes(), yaml.CSafeLoader)["components"]["schemas"]
    events = [event for path in PAYLOADS for event in json.loads(path.read_bytes())["events"]]
    assert {event["type"] for event in events} == set(schemas["Event"]["discriminator"]["mapping"])
    contents = {event["message"]["type"] for event in events if event["type"] == "message"}
    assert contents == set(schemas["MessageContent"]["discriminator"]["mapping"])


def officially(body: bytes) -> list[Event]:
    """The events as the official parser reads them, in our form."""
    parser = WebhookParser(SECRET)
    return [_ours(official) for official in parser.parse(body.decode(), sign(body))]


def _ours(official: Any) -> Event:
    source = official.source
    fields = {
        "type": official.type,
        "webhook_event_id": official.webhook_event_id,
        "timestamp": official.timestamp,
        "mode": official.mode.value,
        "reply_token": getattr(official, "reply_token", None),
        "source": Source(source.type, getattr(source, "user_id", None)) if source else Source(),
    }
    postback, message = getattr(official, "postback", None), getattr(official, "message", None)
    follow, unsend = getattr(official, "follow", None), getattr(official, "unsend", None)
    return Event(
        **fields,
        postback=Postback(postback.data) if postback else None,
        message=_our_message(message) if message else None,
        follow=Follow(follow.is_unblocked) if follow else None,
        unsend=Unsend(unsend.message_id) if unsend else None,
    )


def _our_message(official: Any) -> Message:
    used = {name: getattr(official, name, None) for name in ("type", "id", "text", "latitude", "longitude")}
    return Message(**{name: value for name, value in used.items() if value is not None})


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_the_official_parser_reads_the_same(path):
    body = path.read_bytes()
    received = list(read_call(body, NOW))
    assert [one.oddity for one in received] == [None] * len(received)
    assert [one.event for one in received] == officially(body)


@pytest.mark.parametrize(
    ("name", "parsed_as"),
    [
        ("message-edited", "MessageEditedEvent"),
        ("unknown-event", "UnknownEvent"),
        ("unknown-message", "UnknownEvent"),
        ("unknown-source", "UnknownEvent"),
    ],
)
def test_what_the_specification_does_not_have_is_read_by_both(name, parsed_as):
    (body,) = [path.read_bytes() for path in BEYOND if path.stem == name]
    (received,) = read_call(body, NOW)
    (official,) = WebhookParser(SECRET).parse(body.decode(), sign(body))
    assert type(official).__name__ == parsed_as
    assert received.event is not None
    assert (received.event.type, received.event.timestamp) == (official.type, official.timestamp)
    assert received.event.webhook_event_id == official.webhook_event_id


@given(
    data=st.text(max_size=300),
    at_ms=st.integers(0, NOW),
    user=st.none() | st.from_regex(r"U[0-9a-f]{32}", fullmatch=True),
    token=st.none() | st.text(min_size=1, max_size=40),
    source=st.sampled_from(["user", "group", "room"]),
)
def test_the_official_parser_reads_any_postback_the_same(data, at_ms, user, token, source):
    where = {"type": source, f"{source}Id": user or "G"} if source != "user" else {"type": "user"}
    if user is not None:
        where["userId"] = user
    body = call(event("", "postback", at_ms=at_ms, postback={"data": data}, source=where, replyToken=token))
    assert [received.event for received in read_call(body, NOW)] == officially(body)


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (b"null", "event_malformed"),
        (b"7", "event_malformed"),
        (b'"event"', "event_malformed"),
        (b"[]", "event_malformed"),
        (b"{}", "event_malformed"),
        (b"true", "event_malformed"),
        (b"", "event_malformed"),
        (b"{]", "event_malformed"),
        (with_fields(type=None), "event_malformed"),
        (with_fields(type=["postback"]), "event_malformed"),
        (with_fields(webhookEventId=None), "event_malformed"),
        (with_fields(webhookEventId=42), "event_malformed"),
        (with_fields(webhookEventId=""), "event_id_odd"),
        (with_fields(webhookEventId="A" * 65), "event_id_odd"),
        (with_fields(webhookEventId="01J\n"), "event_id_odd"),
        (with_fields(webhookEventId="01J'; drop table vote_log --"), "event_id_odd"),
        (with_fields(webhookEventId="０１Ｊ"), "event_id_odd"),
        (with_fields(webhookEventId="01J\x00"), "event_id_odd"),
        (with_fields(timestamp="soon"), "event_malformed"),
        (with_fields(timestamp=1.5), "event_malformed"),
        (with_fields(timestamp=None), "event_malformed"),
        (with_fields(timestamp=True), "event_malformed"),
        (with_fields(timestamp=-1), "timestamp_odd"),
        (with_fields(timestamp=1 << 53), "timestamp_odd"),
        (with_fields(timestamp=10**18), "timestamp_odd"),
        (with_fields(timestamp=NOW + AHEAD_MS + 1), "timestamp_ahead"),
        (with_raw("timestamp", b"NaN"), "event_malformed"),
        (with_raw("timestamp", b"-Infinity"), "event_malformed"),
        (with_raw("timestamp", b"9" * 5_000), "event_malformed"),
        (with_raw("timestamp", b"1e400"), "event_malformed"),
        (with_raw("timestamp", b"0x7f"), "event_malformed"),
        (with_raw("x", b"[" * 100_000 + b"]" * 100_000), "event_malformed"),
        (with_raw("x", b'{"a":' * 100_000 + b"1" + b"}" * 100_000), "event_malformed"),
        (with_raw("message", rb'{"type":"text","text":"\ud83d"}'), "event_malformed"),
        (with_raw("x", rb'"\ud83d"'), "event_malformed"),
        (with_raw("type", b'"postback\xff"'), "event_malformed"),
        (with_raw("replyToken", b'"a\x00b"'), "event_malformed"),
        (with_fields(source=None), "event_malformed"),
        (with_fields(source={"type": "user", "userId": 42}), "event_malformed"),
        (with_fields(postback={"data": ["no", "text"]}), "event_malformed"),
        (with_fields(postback="v=add"), "event_malformed"),
    ],
)
def test_an_odd_event_is_named_and_its_neighbours_are_read(odd, reason):
    assert read(GOOD, odd, GOOD) == [None, reason, None]


@pytest.mark.parametrize(
    "fine",
    [
        with_fields(timestamp=0),
        with_fields(timestamp=NOW + AHEAD_MS),
        with_fields(mode="hibernation"),
        with_fields(type="constellationAligned"),
        with_fields(source={"type": "satellite"}),
        with_fields(source={}),
        with_fields(brandNew={"deeper": [1, {"x": None}]}),
        with_fields(webhookEventId="short-id_1"),
        with_raw("x", b"[" * 300 + b"]" * 300),
    ],
)
def test_what_line_may_add_without_notice_is_read(fine):
    assert read(fine) == [None]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"events":null}',
        b'{"events":{}}',
        b'{"events":[',
        b"{}",
    ],
)
def test_a_body_that_is_no_call_is_one_oddity(body):
    (received,) = read_call(body, NOW)
    assert (received.oddity, received.event, received.raw) == ("body_unreadable", None, body)


def test_an_empty_call_has_no_events():
    assert list(read_call(b'{"destination":"U","events":[]}', NOW)) == []


@pytest.mark.parametrize(
    ("account", "source"),
    [
        (person(1), {"type": "user", "userId": person(1)}),
        (None, {"type": "user"}),
        (None, {"type": "user", "userId": ""}),
        (None, {"type": "user", "userId": "U123"}),
        (None, {"type": "user", "userId": person(1).upper()}),
        (None, {"type": "user", "userId": person(1) + "\n"}),
        (None, {"type": "group", "groupId": "C1", "userId": person(1)}),
        (None, {"type": "room", "roomId": "R1", "userId": person(1)}),
        (None, {}),
    ],
)
def test_only_a_person_in_a_chat_of_their_own_has_an_account(account, source):
    (received,) = read_call(call(json.loads(with_fields(source=source))), NOW)
    assert received.event is not None
    assert received.event.account == account


def test_an_event_without_an_id_goes_by_its_bytes():
    one, same, other = (read_event(raw, NOW) for raw in (b"null", b"null", b"7"))
    assert one.id == same.id != other.id


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(events=st.lists(values, max_size=6), before=values, ascii_only=st.booleans())
def test_splitting_finds_exactly_the_elements_of_the_list(events, before, ascii_only):
    # Python writes NaN and half surrogates, which strict JSON does not know: the case splitting is for.
    document = {"x": before, "events": events, "y": {"events": [1]}}
    body = json.dumps(document, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    pieces = split_events(body)
    assert pieces is not None
    assert [json.dumps(json.loads(piece.decode("utf-8", "surrogatepass"))) for piece in pieces] == [
        json.dumps(event) for event in events
    ]
