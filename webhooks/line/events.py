"""From a signed body to events: each is read on its own, so one odd event never harms its neighbours.

Anything may be added to LINE's events without notice, so unknown fields and types are fine; only what we use is
checked. What cannot be used becomes an ``Oddity`` with a stable reason and goes to quarantine.
"""

import hashlib
import re
from collections.abc import Iterator

import msgspec

from webhooks.line.splitting import split_events

AHEAD_MS = 60_000
"""An event from further in the future than this is not believed."""

_EVENT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_USER_ID = re.compile(r"U[0-9a-f]{32}")


class Source(msgspec.Struct, rename="camel"):
    """Who sent it: ``user``, ``group`` or ``room``."""

    type: str = ""
    user_id: str | None = None


class Postback(msgspec.Struct):
    """What a button carried."""

    data: str = ""


class Message(msgspec.Struct):
    """What somebody said: only a text has ``text``, only a location ``latitude`` and ``longitude`` (degrees)."""

    type: str = ""
    id: str = ""
    text: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Follow(msgspec.Struct, rename="camel"):
    """How somebody became a friend: for the first time, or again after having blocked us."""

    is_unblocked: bool = False


class Unsend(msgspec.Struct, rename="camel"):
    """The message that somebody took back."""

    message_id: str = ""


class Event(msgspec.Struct, rename="camel"):
    """The part of a LINE event that we use. ``timestamp``: milliseconds since 1970 UTC, the time of the event."""

    type: str
    webhook_event_id: str
    timestamp: int
    mode: str = "active"
    reply_token: str | None = None
    source: Source = msgspec.field(default_factory=Source)
    postback: Postback | None = None
    message: Message | None = None
    follow: Follow | None = None
    unsend: Unsend | None = None

    @property
    def account(self) -> str | None:
        """The LINE user id of a person in a 1:1 chat, else None."""
        user = self.source.user_id
        return user if user and self.source.type == "user" and _USER_ID.fullmatch(user) else None


class Received(msgspec.Struct, frozen=True):
    """One event of a call: its id (a hash of the bytes when it has none), its bytes, and what was read of it."""

    id: str
    raw: bytes
    event: Event | None
    oddity: str | None


class _Call(msgspec.Struct):
    events: list[msgspec.Raw]


_read_call = msgspec.json.Decoder(_Call).decode
_read_event = msgspec.json.Decoder(Event).decode
_UNREADABLE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


def read_call(body: bytes, now_ms: int) -> Iterator[Received]:
    """The events of a signed body; a body that is no call at all comes back as one oddity."""
    pieces = _events_of(body)
    if pieces is None:
        yield _odd(body, "body_unreadable")
        return
    for raw in pieces:
        yield read_event(raw, now_ms)


def read_event(raw: bytes, now_ms: int) -> Received:
    """One event; also when it comes back from quarantine, so that nothing gets in by the back door."""
    try:
        event = _read_event(raw)
    except _UNREADABLE:
        return _odd(raw, "event_malformed")
    if not _EVENT_ID.fullmatch(event.webhook_event_id):
        return _odd(raw, "event_id_odd")
    if not 0 <= event.timestamp < 1 << 53:
        return Received(event.webhook_event_id, raw, None, "timestamp_odd")
    oddity = "timestamp_ahead" if event.timestamp > now_ms + AHEAD_MS else None
    return Received(event.webhook_event_id, raw, event, oddity)


def _events_of(body: bytes) -> list[bytes] | None:
    try:
        return [bytes(raw) for raw in _read_call(body).events]
    except _UNREADABLE:
        return split_events(body)


def _odd(raw: bytes, reason: str) -> Received:
    return Received("sha256:" + hashlib.sha256(raw).hexdigest(), raw, None, reason)
