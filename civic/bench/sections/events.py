"""Signature and decoding of LINE's events, next to the parser of LINE's own SDK.

Both are given the same signed body, both check the signature and read every event. The SDK is handed the body as
text already, so the decoding of UTF-8 that a server has to do for it is not counted against it.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from typing import Any

from civic.bench.measuring import Bench, Report, interleave, require
from webhooks.line import postback
from webhooks.line.events import Event, read_call
from webhooks.line.signature import is_signed

GOAL = 0.2
EVENTS = 100_000
EVENTS_OF_THE_SDK = 20_000
"""Events read in a round; fewer by the slower one, whose time is long enough to be measured so."""

SECRET = "a channel secret of nobody"  # noqa: S105 - signs invented bodies only
NOW_MS = 1_800_000_000_000
PERSON = "U" + "0123456789abcdef" * 2

_MEDIA = {"id": "1", "quoteToken": "q", "contentProvider": {"type": "line"}}
MESSAGES: tuple[dict[str, Any], ...] = (
    {"type": "text", "id": "1", "quoteToken": "q", "text": "投票 👩‍👩‍👧‍👦 どう?"},
    {"type": "image", **_MEDIA, "imageSet": {"id": "s", "index": 1, "total": 2}},
    {"type": "video", **_MEDIA, "duration": 60_000},
    {"type": "audio", "id": "1", "contentProvider": {"type": "line"}, "duration": 60_000},
    {"type": "file", "id": "1", "fileName": "plan.pdf", "fileSize": 2_138},
    {"type": "location", "id": "1", "address": "東京都新宿区", "latitude": 35.69, "longitude": 139.69},
    {"type": "sticker", "id": "1", "quoteToken": "q", "packageId": "1", "stickerId": "2", "text": "やあ"}
    | {"stickerResourceType": "STATIC"},
)
"""A message of each type."""

_MEMBERS = {"members": [{"type": "user", "userId": PERSON}]}
OWN_FIELDS: dict[str, tuple[dict[str, Any], ...]] = {
    "message": tuple({"message": message} for message in MESSAGES),
    "messageEdited": ({"message": MESSAGES[0]},),
    "postback": (
        {"postback": {"data": "v=add&b=attara-2026&p=shade-bench&l=ja"}},
        {"postback": {"data": "日時", "params": {"datetime": "2026-10-15T10:00"}}},
    ),
    "follow": ({"follow": {"isUnblocked": False}}, {"follow": {"isUnblocked": True}}),
    "unfollow": ({},),
    "join": ({},),
    "leave": ({},),
    "memberJoined": ({"joined": _MEMBERS},),
    "memberLeft": ({"left": _MEMBERS},),
    "membership": tuple(
        {"membership": {"type": kind, "membershipId": 3}} for kind in ("joined", "left", "renewed")
    ),
    "unsend": ({"unsend": {"messageId": "1"}},),
    "videoPlayComplete": ({"videoPlayComplete": {"trackingId": "t"}},),
    "beacon": ({"beacon": {"hwid": "d41d8cd98f", "type": "enter", "dm": "4e2d"}},),
    "accountLink": ({"link": {"result": "ok", "nonce": "n"}},),
    "module": (
        {"module": {"type": "attached", "botId": PERSON, "scopes": ["message:send"]}},
        {"module": {"type": "detached", "botId": PERSON, "reason": "bot_deleted"}},
    ),
    "activated": ({"chatControl": {"expireAt": NOW_MS}},),
    "deactivated": ({},),
    "botSuspended": ({},),
    "botResumed": ({},),
    "delivery": ({"delivery": {"data": "a phone number's hash"}},),
}
"""Every kind of event, and what it carries besides the common fields, in each of its forms."""

SOURCES: tuple[dict[str, Any], ...] = (
    {"type": "user", "userId": PERSON},
    {"type": "group", "groupId": "C" + PERSON[1:], "userId": PERSON},
    {"type": "room", "roomId": "R" + PERSON[1:]},
)
WAYS: tuple[dict[str, Any], ...] = tuple(
    {"source": source, "mode": mode, "deliveryContext": {"isRedelivery": again}}
    for source, (mode, again) in product(SOURCES, (("active", False), ("active", True), ("standby", False)))
)
"""Where an event comes from, and how it is sent."""

Read = Callable[[], Sequence[Any]]


@dataclass(frozen=True)
class Call:
    """One webhook call: the raw body, its signature, and how many events are in it."""

    body: bytes
    signature: bytes
    events: int


def run(bench: Bench) -> Report:
    """Equal results on every kind of event, then CPU time with one event and with a hundred in a call."""
    report = Report()
    parse = sdk_parser(SECRET)
    if parse is None:
        report.notes.append("line-bot-sdk is not installed: nothing to compare with (it is a development package)")
    else:
        _compare(report, parse)
    for number in (1, 100):
        _race(bench, report, signed_call([vote(n) for n in range(number)]), parse)
    _race_buttons(bench, report)
    return report


def sdk_parser(secret: str) -> Callable[[str, str], Sequence[Any]] | None:
    """``WebhookParser(secret).parse`` of LINE's SDK; None where it is not installed."""
    if find_spec("linebot") is None:
        return None
    parse: Callable[[str, str], Sequence[Any]] = import_module("linebot.v3.webhook").WebhookParser(secret).parse
    return parse


def signed_call(events: Sequence[Mapping[str, Any]]) -> Call:
    """A call as LINE would make it."""
    body = json.dumps({"destination": PERSON, "events": events}, ensure_ascii=False).encode()
    return Call(body, base64.b64encode(hmac.digest(SECRET.encode(), body, "sha256")), len(events))


def vote(number: int) -> dict[str, Any]:
    """The tap on a vote button in a chat with us."""
    return _event(number, "postback", OWN_FIELDS["postback"][0], WAYS[0])


def every_event() -> list[dict[str, Any]]:
    """Every kind of event in each of its forms, from everywhere; those of replies with and without a token."""
    forms = [(kind, fields) for kind, choices in OWN_FIELDS.items() for fields in choices]
    return [_event(number, kind, fields, way) for number, ((kind, fields), way) in enumerate(product(forms, WAYS))]


def read_ours(call: Call) -> list[Event | None]:
    """Verify and decode as the webhook does; nothing when the signature is wrong."""
    if not is_signed(call.body, call.signature, (SECRET.encode(),)):
        return []
    return [received.event for received in read_call(call.body, NOW_MS)]


def _event(number: int, kind: str, fields: Mapping[str, Any], way: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": kind,
        **fields,
        "webhookEventId": f"01JBENCH{number:018d}",
        "timestamp": NOW_MS - number,
        **way,
        "replyToken": f"{number:032x}",
    }


def _compare(report: Report, parse: Callable[[str, str], Sequence[Any]]) -> None:
    """Event by event the same facts, over every kind that the SDK knows; and both refuse a wrong signature."""
    call = signed_call(every_event())
    theirs = parse(call.body.decode(), call.signature.decode())
    known = _kinds_of_the_sdk()
    require({type(event) for event in theirs} == known, "the compared events are not all kinds of the SDK")
    ours = read_ours(call)
    require(len(ours) == call.events, "an event was left out")
    for mine, official in zip(ours, theirs, strict=True):
        require(_facts(mine) == _facts(official), f"a {official.type} event was read differently")
    forged = Call(call.body + b" ", call.signature, call.events)
    require(read_ours(forged) == [], "a wrong signature was taken")
    report.checked.append(f"{call.events} events of {len(known)} kinds read as LINE's SDK reads them")


def _kinds_of_the_sdk() -> set[type]:
    webhooks = import_module("linebot.v3.webhooks")
    classes = {found for found in vars(webhooks).values() if isinstance(found, type)}
    return {found for found in classes if issubclass(found, webhooks.Event)} - {webhooks.Event}


def _facts(event: Any) -> dict[str, Any]:
    """What the product uses of an event, from our own form or from the SDK's."""
    source, message, pressed = (getattr(event, name, None) for name in ("source", "message", "postback"))
    return {
        "type": event.type,
        "id": event.webhook_event_id,
        "timestamp": event.timestamp,
        "mode": getattr(event.mode, "value", event.mode),
        "source": getattr(source, "type", None),
        "user": getattr(source, "user_id", None),
        "postback": getattr(pressed, "data", None),
        "message": getattr(message, "type", None),
        "text": getattr(message, "text", None) or None,
    }


def _race(bench: Bench, report: Report, call: Call, parse: Callable[[str, str], Sequence[Any]] | None) -> None:
    """CPU time an event, in turns."""
    name = f"{call.events} event{'s' if call.events > 1 else ''} a call"
    measured = {"ours": partial(_event_us, bench.sized(EVENTS, 2_000), call, partial(read_ours, call))}
    if parse is not None:
        official = partial(parse, call.body.decode(), call.signature.decode())
        measured["sdk"] = partial(_event_us, bench.sized(EVENTS_OF_THE_SDK, 400), call, official)
    found = interleave(measured, bench.rounds)
    ours = report.line(f"verify + decode, {name}", "us/event", found["ours"])
    if parse is not None:
        theirs = report.line(f"line-bot-sdk WebhookParser.parse, {name}", "us/event", found["sdk"])
        report.at_most(f"verify + decode / the SDK's parser, {name}", GOAL, ours / theirs)


def _event_us(events: int, call: Call, read: Read) -> float:
    """CPU microseconds an event, over at least so many events; every time all events must be found."""
    times = max(1, events // call.events)
    begin = time.process_time()
    found = sum(len(read()) for _ in range(times))
    seconds = time.process_time() - begin
    require(found == times * call.events, "an event was lost")
    return seconds / found * 1e6


def _race_buttons(bench: Bench, report: Report) -> None:
    """The step behind: what the button says."""
    data = [str(choice["postback"]["data"]) for choice in (vote(0), _withdrawal())]
    times = bench.sized(EVENTS, 2_000)
    report.line("postback data read", "us/event", [_buttons_us(times, data) for _ in range(bench.rounds)])


def _withdrawal() -> dict[str, Any]:
    return {"postback": {"data": "v=withdraw&b=attara-2026&l=en"}}


def _buttons_us(times: int, data: Iterable[str]) -> float:
    begin = time.process_time()
    read = [postback.parse(choice) for _ in range(times) for choice in data]
    seconds = time.process_time() - begin
    require(all(isinstance(tap, postback.VoteTap) for tap in read), "a vote button was not read")
    return seconds / len(read) * 1e6
