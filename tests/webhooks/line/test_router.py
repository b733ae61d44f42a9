"""POST /webhooks/line: who is let in, what each body is answered, and what of it stands in the database."""

import asyncio
import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from support.line import (
    BALLOT,
    SECRET,
    call,
    committing,
    event,
    follow,
    open_now,
    person,
    post,
    prepared,
    programme,
    settings_for,
    sign,
    standing,
    tap,
    text,
)

from civic.kernel.clock import now, to_ms
from civic.kernel.context import open_context
from webhooks.line.channel import open_webhook
from webhooks.line.router import MOST_BYTES

PAYLOADS = sorted((Path(__file__).parent / "payloads").glob("*.json"))
VOTE = call(tap(person(1), "idea-01", at_ms=1_790_000_000_000))
OTHER = call(tap(person(2), "idea-02", at_ms=1_790_000_000_000))


def hmac_of(body: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(SECRET.encode(), body, algorithm).digest()


UNSIGNED = {
    "no header": (VOTE, []),
    "empty header": (VOTE, [(b"x-line-signature", b"")]),
    "other header": (VOTE, [(b"x-signature", sign(VOTE).encode())]),
    "other secret": (VOTE, [(b"x-line-signature", sign(VOTE, "guessed").encode())]),
    "no secret": (VOTE, [(b"x-line-signature", sign(VOTE, "").encode())]),
    "signature of another body": (VOTE, [(b"x-line-signature", sign(OTHER).encode())]),
    "signature of the same JSON in other bytes": (
        VOTE,
        [(b"x-line-signature", sign(json.dumps(json.loads(VOTE), indent=1).encode()).encode())],
    ),
    "hexadecimal": (VOTE, [(b"x-line-signature", hmac_of(VOTE).hex().encode())]),
    "raw digest": (VOTE, [(b"x-line-signature", hmac_of(VOTE))]),
    "SHA-1": (VOTE, [(b"x-line-signature", base64.b64encode(hmac_of(VOTE, "sha1")))]),
    "plain hash": (VOTE, [(b"x-line-signature", base64.b64encode(hashlib.sha256(VOTE).digest()))]),
    "not base64": (VOTE, [(b"x-line-signature", b"!!!")]),
    "not ASCII": (VOTE, [(b"x-line-signature", "署名".encode())]),
    "not even UTF-8": (VOTE, [(b"x-line-signature", b"\xff\xfe")]),
    "huge header": (VOTE, [(b"x-line-signature", b"A" * 60_000)]),
    "good one second": (VOTE, [(b"x-line-signature", b"AA=="), (b"x-line-signature", sign(VOTE).encode())]),
    "empty body": (b"", []),
    "no JSON": (b"hello", [(b"x-line-signature", b"AA==")]),
    "deep": (b"[" * 500_000, []),
    "NUL": (b"\x00" * 1_000, []),
    "no UTF-8": (b'{"events":"\xff"}', []),
    "a megabyte": (b"a" * MOST_BYTES, []),
}


@pytest.mark.parametrize("case", UNSIGNED)
async def test_an_unsigned_body_is_refused_without_asking_the_database(case, unreachable):
    body, headers = UNSIGNED[case]
    assert (await post(unreachable, body, headers)).status == 401


@pytest.fixture
async def unreachable(tmp_path):
    """A webhook whose database cannot be reached: whoever asks for it is answered 503."""
    settings = settings_for(tmp_path, f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    webhook = open_webhook(open_context(settings), lambda: None)
    async with committing(webhook):
        yield webhook


@pytest.mark.parametrize("body", [VOTE, call(text(person(1), "投票")), b"no JSON"], ids=["vote", "text", "junk"])
async def test_a_signed_body_without_a_database_is_asked_to_come_again(body, unreachable):
    answer = await post(unreachable, body, [(b"x-line-signature", sign(body).encode())])
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_unsigned_bodies_leave_no_trace(place):
    for body, headers in UNSIGNED.values():
        assert (await post(place.webhook, body, headers)).status == 401
    assert await place.inbox() == []
    assert await place.log() == []


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("parts", [1, 40])
async def test_more_than_line_sends_is_too_large(sqlite_place, signed, parts):
    body = VOTE + b" " * (MOST_BYTES + 1 - len(VOTE))
    headers = [(b"x-line-signature", sign(body).encode())] if signed else []
    assert (await post(sqlite_place.webhook, body, headers, parts)).status == 413
    assert await sqlite_place.inbox() == []


async def test_the_largest_body_is_taken_in_whatever_pieces_it_comes(sqlite_place):
    body = VOTE + b" " * (MOST_BYTES - len(VOTE))
    headers = [(b"x-line-signature", sign(body).encode())]
    assert (await post(sqlite_place.webhook, body, headers, parts=100)).status == 200
    assert len(await sqlite_place.log()) == 1


async def test_only_post(sqlite_place):
    sent = []

    async def send(message):
        sent.append(message)

    await sqlite_place.webhook({"type": "http", "method": "GET", "headers": []}, None, send)
    assert sent[0]["status"] == 405
    assert (b"allow", b"POST") in sent[0]["headers"]


async def test_a_caller_who_hangs_up_leaves_no_trace(sqlite_place):
    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        assert message.get("status", 401) == 401

    headers = [(b"x-line-signature", sign(VOTE).encode())]
    await sqlite_place.webhook({"type": "http", "method": "POST", "headers": headers}, receive, send)
    assert await sqlite_place.inbox() == []


async def test_during_a_rotation_both_secrets_are_taken(tmp_path):
    settings = settings_for(
        tmp_path, f"sqlite+aiosqlite:///{tmp_path}/civic.sqlite3", line_channel_secret="old-one, new-one"
    )
    async with prepared(settings) as (context, clock), standing(context, clock) as place:
        for secret, status in (("old-one", 200), ("new-one", 200), (SECRET, 401)):
            body = call(text(person(1), "投票"))
            assert (await place.post(body, sign(body, secret))).status == status


async def test_the_verification_of_the_console_is_answered(place):
    assert (await place.post(b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}')).status == 200
    # The old style, without a destination and with people and tokens that do not exist (line-platform.md 1.2).
    dummy = {"replyToken": "0" * 32, "source": {"type": "user", "userId": "Udeadbeef" + "deadbeef" * 3}}
    body = json.dumps({"events": [event("", "message", message={"type": "text", "text": "Hello"}, **dummy)]})
    assert (await place.post(body.encode())).status == 200


async def test_every_recorded_payload_is_taken_and_handled(place):
    for path in PAYLOADS:
        assert (await place.post(path.read_bytes())).status == 200
    await place.drain.run_dry()
    assert set(await place.inbox()) == {("done", None)}


# Bodies signed by LINE: (raw event, what is odd about it). Each stands between two good votes.
AHEAD = to_ms(now()) + 3_600_000
ODD_EVENTS = {
    "null": (b"null", "event_malformed"),
    "number": (b"7", "event_malformed"),
    "list": (b"[[]]", "event_malformed"),
    "nothing": (b"", "event_malformed"),
    "no fields": (b"{}", "event_malformed"),
    "NaN": (b'{"type":"postback","webhookEventId":"1","timestamp":NaN}', "event_malformed"),
    "deep": (b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "event_malformed"),
    "deep objects": (b'{"x":' * 5_000 + b"1" + b"}" * 5_000, "event_malformed"),
    "huge number": (b'{"type":"a","webhookEventId":"1","timestamp":' + b"9" * 10_000 + b"}", "event_malformed"),
    "half an emoji": (rb'{"type":"message","message":{"type":"text","text":"\ud83d"}}', "event_malformed"),
    "bad UTF-8": (b'{"type":"\xc3\x28","webhookEventId":"1","timestamp":1}', "event_malformed"),
    "NUL byte": (b'{"type":"a\x00","webhookEventId":"1","timestamp":1}', "event_malformed"),
    "types": (b'{"type":7,"webhookEventId":[],"timestamp":"x"}', "event_malformed"),
    "no id": (json.dumps(tap(person(3), "idea-03", webhookEventId=None)).encode(), "event_malformed"),
    "id with NUL": (json.dumps(tap(person(3), "idea-03", webhookEventId="a\0")).encode(), "event_id_odd"),
    "long id": (json.dumps(tap(person(3), "idea-03", webhookEventId="a" * 10_000)).encode(), "event_id_odd"),
    "id of another alphabet": (
        json.dumps(tap(person(3), "idea-03", webhookEventId="票")).encode(),
        "event_id_odd",
    ),
    "before 1970": (json.dumps(tap(person(3), "idea-03", at_ms=-1)).encode(), "timestamp_odd"),
    "year 300000": (json.dumps(tap(person(3), "idea-03", at_ms=1 << 53)).encode(), "timestamp_odd"),
    "64 bits": (json.dumps(tap(person(3), "idea-03", at_ms=(1 << 63) - 1)).encode(), "timestamp_odd"),
    "ahead": (json.dumps(tap(person(3), "idea-03", at_ms=AHEAD)).encode(), "timestamp_ahead"),
    "year 9999": (json.dumps(tap(person(3), "idea-03", at_ms=253_402_300_799_000)).encode(), "timestamp_ahead"),
}

# Odd, but nothing to put aside: taken, and no vote.
QUIET_EVENTS = {
    "unknown type": {"type": "constellationAligned", "stars": 7},
    "unknown source": {"source": {"type": "satellite"}},
    "no source": {"source": None},
    "user without id": {"source": {"type": "user"}},
    "user with a bad id": {"source": {"type": "user", "userId": "Unobody"}},
    "group": {"source": {"type": "group", "groupId": "C1", "userId": person(4)}},
    "room": {"source": {"type": "room", "roomId": "R1", "userId": person(4)}},
    "no postback": {"postback": None},
    "empty postback": {"postback": {}},
    "foreign data": {"postback": {"data": "action=buy&itemid=123"}},
    "data with NUL": {"postback": {"data": f"v=add&b={BALLOT}&p=idea-01\0&l=ja"}},
    "data of 100,000 characters": {"postback": {"data": "v=add" * 20_000}},
    "data in capitals": {"postback": {"data": f"V=ADD&b={BALLOT}&p=idea-01&l=ja"}},
    "data with a newline": {"postback": {"data": f"v=add&b={BALLOT}&p=idea-01&l=ja\n"}},
    "SQL": {"postback": {"data": f"v=add&b={BALLOT}&p=idea-01'--&l=ja"}},
}


def around(odd: bytes) -> tuple[bytes, set[str]]:
    """A signed call with an event between two good votes, and the ids of these."""
    first, second = tap(person(1), "idea-01"), tap(person(2), "idea-02")
    body = b'{"destination":"U","events":[%s,%s,%s]}'
    ids = {first["webhookEventId"], second["webhookEventId"]}
    return body % (json.dumps(first).encode(), odd, json.dumps(second).encode()), ids


async def test_an_odd_event_is_put_aside_with_its_reason_and_its_neighbours_count(place):
    expected, counted = [], set()
    for odd, reason in ODD_EVENTS.values():
        body, good = around(odd)
        assert (await place.post(body)).status == 200, reason
        counted |= good
        expected += [("pending", None)] * 2 + [("quarantined", reason)]
    assert sorted(await place.inbox(), key=str) == sorted(expected, key=str)
    assert {event_id for event_id, _, _ in await place.log()} == counted


async def test_an_unknown_event_is_no_vote_and_its_neighbours_count(place):
    counted = set()
    for fields in QUIET_EVENTS.values():
        odd = {**tap(person(3), "idea-03"), **fields}
        body, good = around(json.dumps({name: value for name, value in odd.items() if value is not None}).encode())
        assert (await place.post(body)).status == 200, fields
        counted |= good
    assert {event_id for event_id, _, _ in await place.log()} == counted
    assert set(await place.inbox()) == {("pending", None)}
    await place.drain.run_dry()
    assert set(await place.inbox()) == {("done", None)}


NO_CALLS = {
    "empty": b"",
    "text": b"hello",
    "list": b"[]",
    "null": b"null",
    "object": b"{}",
    "events null": b'{"events":null}',
    "events text": b'{"events":"[]"}',
    "events object": b'{"events":{"0":{}}}',
    "unfinished": VOTE[:-2],
    "unfinished text": b'{"events":["',
    "deep": b"[" * 1_000_000,
    "UTF-16": VOTE.decode().encode("utf-16"),
    "form": b"events=%5B%5D",
    "quotes": b'"' * 1_000_000,
    "escapes": b'{"events":["' + b'\\"' * 500_000,
}


@pytest.mark.parametrize("case", NO_CALLS)
async def test_a_signed_body_that_is_no_call_is_put_aside_whole(sqlite_place, case):
    assert (await sqlite_place.post(NO_CALLS[case])).status == 200
    assert await sqlite_place.inbox() == [("quarantined", "body_unreadable")]


async def test_of_a_list_given_twice_one_is_read(sqlite_place):
    good = tap(person(1), "idea-01")
    body = b'{"events":[],"events":[' + json.dumps(good).encode() + b"]}"
    assert (await sqlite_place.post(body)).status == 200
    assert await sqlite_place.log() == [(good["webhookEventId"], "add", "idea-01")]


async def test_an_event_is_counted_once_however_often_it_comes(place):
    vote = tap(person(1), "idea-01")
    again = {**vote, "deliveryContext": {"isRedelivery": True}}
    calls = [place.send(vote, vote), *(place.send(again) for _ in range(10)), place.send(vote, again, vote)]
    await asyncio.gather(*calls)
    await place.drain.run_dry()
    await place.send(again)
    assert await place.log() == [(vote["webhookEventId"], "add", "idea-01")]
    assert await place.inbox() == [("done", None)]


async def test_many_calls_at_once_share_commits_and_each_is_counted(place):
    votes = [tap(person(number), "idea-01") for number in range(120)]
    await asyncio.gather(*(place.send(vote) for vote in votes))
    assert {event_id for event_id, _, _ in await place.log()} == {vote["webhookEventId"] for vote in votes}
    assert len(place.arrivals) < len(votes)


async def test_the_row_holds_nothing_that_says_who_it_was(place):
    vote = tap(person(1), "idea-01")
    await place.send(vote, follow(person(1)))
    found = repr(await place.rows("select event_key, body, state, reason from line_inbox"))
    assert person(1) not in found
    assert vote["webhookEventId"] not in found
    logged = repr(await place.rows("select voter, record, salt, channel from vote_log"))
    assert person(1) not in logged


async def test_a_tap_of_the_very_second_a_ballot_opens_is_not_lost(database_url, tmp_path):
    settings = settings_for(tmp_path / "data", database_url)
    checked = programme(ballots=(BALLOT, "later-2026"))
    async with prepared(settings, checked, opened=[BALLOT]) as (context, clock), standing(context, clock) as place:
        await place.send(tap(person(1), "idea-01", ballot="nobody-knows"))  # looked for just now
        await open_now(context, "later-2026")
        vote = tap(person(2), "idea-02", ballot="later-2026")
        unknown, receipt = await place.handle(vote)
        assert "受け付けている投票はありません" in unknown[0]["text"]
        assert "受付番号" in receipt[0]["altText"]
        assert await place.log() == [(vote["webhookEventId"], "add", "idea-02")]
        assert sorted(await place.inbox(), key=str) == [("done", None), ("quarantined", "ballot_unknown")]
