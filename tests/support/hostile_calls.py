"""Webhook calls that nobody should send, made from a seed: what each must be answered, and which votes must count.

Most are signed: then they come from LINE, and whatever they hold is answered 200 and harms no event beside it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from support.line import BALLOT, SECRET, call, event, person, proposal_slug, sign, tap, text

from webhooks.line.router import MOST_BYTES

Headers = Sequence[tuple[bytes, bytes]]
SIGNATURE = b"x-line-signature"
_HERE = '"a hole for bytes"'


@dataclass(frozen=True)
class HostileCall:
    """A request with what it must be answered: ``good`` events must be in the log, ``refused`` ones never."""

    kind: str
    body: bytes
    headers: Headers
    status: int = 200
    method: str = "POST"
    parts: int = 1
    good: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()


def hostile_calls(seed: int, amount: int) -> Iterator[HostileCall]:
    """So many calls, every kind in turn, each different; the same for the same seed but for ids and times."""
    rng = Random(seed)
    kinds = [*SIGNED, *NOT_TAKEN]
    for number in range(amount):
        yield kinds[number % len(kinds)](rng)


def unsigned_calls(seed: int, amount: int) -> Iterator[HostileCall]:
    """So many calls that LINE did not sign, or that are no calls by their size or verb."""
    rng = Random(seed)
    for number in range(amount):
        yield NOT_TAKEN[number % len(NOT_TAKEN)](rng)


# Bytes that may stand where JSON has a value; brackets are in pairs, so that events can still be told apart.
VALUES: Mapping[str, Callable[[Random], bytes]] = {
    "null": lambda _: b"null",
    "true": lambda _: b"true",
    "empty": lambda _: b'""',
    "empty list": lambda _: b"[]",
    "empty object": lambda _: b"{}",
    "nothing": lambda _: b"",
    "NaN": lambda _: b"NaN",
    "infinity": lambda _: b"-Infinity",
    "float": lambda rng: str(rng.uniform(-1e300, 1e300)).encode(),
    "too large a float": lambda _: b"1e999",
    "integer": lambda rng: str(rng.randrange(-(1 << 70), 1 << 70)).encode(),
    "thousands of digits": lambda rng: b"9" * rng.randrange(400, 20_000),
    "half an emoji": lambda rng: rng.choice([rb'"\ud83d"', rb'"\udc4d\ud83d"', rb'"a\ude00b"']),
    "NUL": lambda rng: rng.choice([b'"\x00"', rb'"\u0000"', b"\x00"]),
    "control characters": lambda rng: b'"' + bytes(rng.choices(range(1, 32), k=9)) + b'"',
    "no UTF-8": lambda rng: rng.choice([b'"\xc3\x28"', b'"\xff\xfe"', b'"\xed\xa0\xbd"', b'"\xf8\x88\x80\x80"']),
    "deep lists": lambda rng: _nested(b"[", b"]", rng),
    "deep objects": lambda rng: _nested(b'{"a":', b"}", rng, b"1"),
    "brackets in a text": lambda _: rb'"]},{[\"}]"',
    "commas in a text": lambda _: b'"},{\\\\","events\\":["',
    "a long text": lambda rng: b'"' + b"a" * rng.randrange(1_000, 100_000) + b'"',
    "Japanese": lambda _: '"投票は終わりました 𠮷"'.encode(),
    "SQL": lambda _: b'"\'; delete from vote_log; --"',
    "keys twice": lambda _: b'{"userId":"U","userId":7,"type":"user","type":null}',
    "an event in an event": lambda rng: json.dumps(tap(person(rng.randrange(50)), proposal_slug(1))).encode(),
}


def good_vote(rng: Random) -> dict[str, Any]:
    """A vote that must count."""
    return tap(person(rng.randrange(200)), proposal_slug(rng.randrange(1, 5)))


def signed(kind: str, body: bytes, good: Sequence[dict[str, Any]] = ()) -> HostileCall:
    """A call that LINE signed."""
    return HostileCall(kind, body, [(SIGNATURE, sign(body).encode())], good=_ids(good))


def among_good(kind: str, odd: bytes, rng: Random) -> HostileCall:
    """A signed call with one odd event between some good votes."""
    before = [good_vote(rng) for _ in range(rng.randrange(3))]
    after = [good_vote(rng) for _ in range(rng.randrange(1, 3))]
    events = [*(json.dumps(one).encode() for one in before), odd, *(json.dumps(one).encode() for one in after)]
    return signed(kind, b'{"destination":"U","events":[' + b",".join(events) + b"]}", [*before, *after])


def whole_value(rng: Random) -> HostileCall:
    """Anything in the place of an event."""
    name = rng.choice([*VALUES])
    return among_good(f"{name} as an event", VALUES[name](rng), rng)


def field_value(rng: Random) -> HostileCall:
    """Anything in the place of one field, at any depth."""
    odd = event(person(rng.randrange(200)), "postback", postback={"data": f"v=add&b={BALLOT}&p=idea-01&l=ja"})
    holder, key = rng.choice(list(_fields(odd)))
    holder[key] = _HERE.strip('"')
    name = rng.choice([*VALUES])
    return among_good(f"{name} as {key}", json.dumps(odd).replace(_HERE, "%s").encode() % VALUES[name](rng), rng)


def field_gone(rng: Random) -> HostileCall:
    """A field that LINE always sends is not there."""
    odd = good_vote(rng)
    holder, key = rng.choice(list(_fields(odd)))
    del holder[key]
    return among_good(f"no {key}", json.dumps(odd).encode(), rng)


def field_twice(rng: Random) -> HostileCall:
    """A key stands twice, with two values."""
    odd = good_vote(rng)
    key = rng.choice([*odd])
    again = json.dumps({key: rng.choice([None, 7, "x", odd[key]])})[1:]
    return among_good(f"{key} twice", json.dumps(odd)[:-1].encode() + b"," + again.encode(), rng)


def unknown_kind(rng: Random) -> HostileCall:
    """A type that LINE may add tomorrow, or a source that does."""
    odd = event(person(rng.randrange(200)), "".join(rng.choices("abcXYZ_-", k=rng.randrange(40))), stars=[7])
    odd["source"] = rng.choice(
        [odd["source"], {"type": "satellite", "orbit": 3}, {"type": "group", "groupId": "C"}]
    )
    return among_good("unknown type", json.dumps(odd).encode(), rng)


def odd_tap(rng: Random) -> HostileCall:
    """Postback data that no button of ours has."""
    data = list(f"v=add&b={BALLOT}&p=idea-01&l=ja")
    for _ in range(rng.randrange(1, 6)):
        data[rng.randrange(len(data))] = rng.choice(["", "&", "=", "%00", "\0", "票", "A", "'", "\n", "b=" * 900])
    odd = tap(person(rng.randrange(200)), "idea-01")
    odd["postback"]["data"] = "".join(data)
    return among_good("odd postback data", json.dumps(odd).encode(), rng)


def truncated(rng: Random) -> HostileCall:
    """The end of a call is missing, yet LINE signed it so."""
    body = call(*(good_vote(rng) for _ in range(3)))
    return signed("truncated", body[: rng.randrange(len(body))])


def flipped(rng: Random) -> HostileCall:
    """Some bits are others, yet LINE signed it so."""
    body = bytearray(call(good_vote(rng), text(person(1), "投票"), good_vote(rng)))
    for _ in range(rng.randrange(1, 12)):
        body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)
    return signed("flipped bits", bytes(body))


def noise(rng: Random) -> HostileCall:
    """Random bytes, or JSON that is no call."""
    name = rng.choice([*VALUES])
    events = b'{"events":' + VALUES[name](rng) + b"}"
    return signed(
        f"{name} for events", rng.choice([rng.randbytes(rng.randrange(5_000)), events, VALUES[name](rng)])
    )


def spelled_otherwise(rng: Random) -> HostileCall:
    """A good call in another spelling of JSON; of each event several copies."""
    votes = [good_vote(rng) for _ in range(rng.randrange(1, 4))]
    again = [{**vote, "deliveryContext": {"isRedelivery": True}} for vote in votes]
    whole = json.loads(call(*votes, *again, *votes))
    loose = {"future": {"events": [1, 2]}, **whole, "more": [[], {"a": "]"}]}
    text_form = json.dumps(loose, indent=rng.randrange(3), ensure_ascii=rng.random() < 0.5)
    return signed("another spelling", b"\n\t " + text_form.encode() + b" " * rng.randrange(100), votes)


def crowded(rng: Random) -> HostileCall:
    """Far more events than LINE puts into one call."""
    votes = [good_vote(rng) for _ in range(rng.randrange(100, 400))]
    return signed("hundreds of events", call(*votes), votes)


def not_signed(rng: Random) -> HostileCall:
    """A good call without LINE's signature, in one of the forms a forger may try."""
    vote = good_vote(rng)
    body = call(vote)
    name = rng.choice([*FORGERIES])
    return HostileCall(name, body, FORGERIES[name](body, rng), 401, refused=_ids([vote]))


def unsigned_noise(rng: Random) -> HostileCall:
    """A hostile body that LINE did not sign."""
    made = rng.choice(SIGNED)(rng)
    headers = [(SIGNATURE, base64.b64encode(rng.randbytes(32)))]
    return HostileCall(f"unsigned: {made.kind}", made.body, headers, 401, refused=made.good)


def too_large(rng: Random) -> HostileCall:
    """More than LINE sends, by one byte or more, whole or in pieces, signed or not."""
    vote = good_vote(rng)
    body = call(vote)
    body += b" " * (MOST_BYTES + rng.choice([1, 1, 2, 100_000]) - len(body))
    headers = [(SIGNATURE, sign(body).encode())] if rng.random() < 0.5 else []
    parts = rng.choice([1, 7, 100])
    return HostileCall("too large", body, headers, 413, parts=parts, refused=_ids([vote]))


def wrong_verb(rng: Random) -> HostileCall:
    """A good signed call by another verb than POST."""
    vote = good_vote(rng)
    body = call(vote)
    method = rng.choice(["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "post", "BREW"])
    return HostileCall(method, body, [(SIGNATURE, sign(body).encode())], 405, method, refused=_ids([vote]))


SIGNED = (
    whole_value,
    field_value,
    field_value,
    field_gone,
    field_twice,
    unknown_kind,
    odd_tap,
    truncated,
    flipped,
    noise,
    spelled_otherwise,
    crowded,
)
NOT_TAKEN = (not_signed, unsigned_noise, not_signed, wrong_verb, not_signed, too_large)

FORGERIES: Mapping[str, Callable[[bytes, Random], Headers]] = {
    "no header": lambda _body, _: [],
    "empty": lambda _body, _: [(SIGNATURE, b"")],
    "random": lambda _body, rng: [(SIGNATURE, base64.b64encode(rng.randbytes(32)))],
    "other secret": lambda body, rng: [(SIGNATURE, sign(body, rng.randbytes(8).hex()).encode())],
    "other body": lambda body, rng: [(SIGNATURE, sign(body + rng.randbytes(1)).encode())],
    "cut": lambda body, rng: [(SIGNATURE, sign(body)[: rng.randrange(43)].encode())],
    "longer": lambda body, rng: [(SIGNATURE, sign(body).encode() + rng.choice([b" ", b"=", b"\0", b"\n"]))],
    "one character": lambda body, rng: [(SIGNATURE, _another_character(sign(body), rng).encode())],
    "hexadecimal": lambda body, _: [(SIGNATURE, _digest(body).hex().encode())],
    "raw": lambda body, _: [(SIGNATURE, _digest(body))],
    "SHA-1": lambda body, _: [(SIGNATURE, base64.b64encode(_digest(body, "sha1")))],
    "no key": lambda body, _: [(SIGNATURE, base64.b64encode(hashlib.sha256(body).digest()))],
    "not ASCII": lambda _body, rng: [(SIGNATURE, rng.randbytes(44))],
    "huge": lambda _body, rng: [(SIGNATURE, b"A" * rng.randrange(1_000, 60_000))],
    "second header": lambda body, _: [(SIGNATURE, b"AA=="), (SIGNATURE, sign(body).encode())],
    "other header": lambda body, _: [(b"x-signature", sign(body).encode())],
}


def _ids(votes: Sequence[dict[str, Any]]) -> frozenset[str]:
    return frozenset(vote["webhookEventId"] for vote in votes)


def _nested(opening: bytes, closing: bytes, rng: Random, inner: bytes = b"") -> bytes:
    depth = rng.choice([20, 500, 5_000, 40_000])
    return opening * depth + inner + closing * depth


def _fields(holder: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every field of an event, at every depth, with the object that holds it."""
    for key, value in holder.items():
        yield holder, key
        if isinstance(value, dict):
            yield from _fields(value)


def _digest(body: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(SECRET.encode(), body, algorithm).digest()


def _another_character(signature: str, rng: Random) -> str:
    """A signature with one character that is not as it was."""
    at = rng.randrange(len(signature))
    return signature[:at] + ("A" if signature[at] != "A" else "B") + signature[at + 1 :]
