"""LINE's webhooks: events as they happen, signed calls to the product, redelivery, and deliberate disorder."""

import asyncio
import base64
import hashlib
import hmac
import io
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp

from webhooks.line.simulator.state import Channel, JsonObject, Resident, WebhookFailure

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REDELIVERY_ATTEMPTS = 5
LARGE_BODY_BYTES = 1024 * 1024
"""From here on aiohttp wants a stream."""
KEEP_CONNECTION_S = 2.0
"""Shorter than a server's usual 5 s, so that no call starts on a connection just being closed."""


class Signing(StrEnum):
    """How a webhook call is signed: by the channel, by someone who does not know the secret, or not at all."""

    VALID = "valid"
    FORGED = "forged"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What came of one webhook call; ``reason`` is None, or as in LINE's webhook error statistics."""

    status: int | None
    reason: str | None
    seconds: float

    @property
    def ok(self) -> bool:
        """Answered 2xx in time."""
        return self.reason is None


def sign(secret: str, body: bytes) -> str:
    """``x-line-signature``: base64 of HMAC-SHA256 over the exact bytes."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def ulid(timestamp_ms: int, randomness: int) -> str:
    """26 Crockford characters: 48 bits of time, 80 bits of randomness."""
    value = (timestamp_ms << 80) | randomness
    return "".join(CROCKFORD[(value >> shift) & 31] for shift in range(125, -5, -5))


def encode(payload: JsonObject) -> bytes:
    """Compact UTF-8 as LINE sends it; escaped where a hostile test brought text that has no UTF-8 form."""
    try:
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(payload, separators=(",", ":")).encode()


class EventMaker:
    """Events with fresh ids, and reply tokens the channel will know."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def follow(self, resident: Resident, *, is_unblocked: bool) -> JsonObject:
        """Added as a friend, or unblocked."""
        return self.event(resident, "follow", follow={"isUnblocked": is_unblocked})

    def unfollow(self, resident: Resident) -> JsonObject:
        """Blocked: the one event here without a reply token."""
        return self.event(resident, "unfollow", replyable=False)

    def text(self, resident: Resident, text: str, message_id: str) -> JsonObject:
        """A typed message."""
        quote_token = hashlib.sha256(message_id.encode()).hexdigest()
        content = {"type": "text", "id": message_id, "quoteToken": quote_token, "text": text}
        return self.event(resident, "message", message=content)

    def postback(self, resident: Resident, data: str) -> JsonObject:
        """A tapped button."""
        return self.event(resident, "postback", postback={"data": data})

    def event(
        self,
        resident: Resident,
        kind: str,
        *,
        at_ms: int | None = None,
        replyable: bool = True,
        **payload: Any,
    ) -> JsonObject:
        """An event of any ``kind`` in an active one-to-one chat; ``at_ms`` lies about its time."""
        timestamp = self._channel.clock() if at_ms is None else at_ms
        event: JsonObject = {
            "type": kind,
            "mode": "active",
            "timestamp": timestamp,
            "source": {"type": "user", "userId": resident.user_id},
            "webhookEventId": ulid(timestamp, self._channel.random.getrandbits(80)),
            "deliveryContext": {"isRedelivery": False},
            **payload,
        }
        if replyable:
            event["replyToken"] = self._reply_token(event["webhookEventId"], resident, timestamp)
        return event

    def _reply_token(self, event_id: str, resident: Resident, event_ms: int) -> str:
        token = hashlib.sha256(f"{self._channel.settings.seed}:{event_id}".encode()).hexdigest()[:32]
        self._channel.issue_reply_token(token, resident, event_ms)
        return token


def redelivered(event: JsonObject) -> JsonObject:
    """The same event, marked as LINE marks a second try."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


class WebhookSender:
    """Posts webhook calls to one URL, keeps what failed, redelivers when that is switched on.

    Opens its connections on first use inside the running loop; ``aclose`` ends them and pending redeliveries.
    """

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.redeliver_after_s = channel.settings.redeliver_after_s
        self._session: aiohttp.ClientSession | None = None
        self._pending: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        """Stop redelivering and close the connections."""
        pending = list(self._pending)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, events: Sequence[Any], signing: Signing = Signing.VALID) -> DeliveryResult:
        """One call with these events. A properly signed one that fails is noted and, if wanted, redelivered."""
        body = encode({"destination": self.channel.bot_user_id, "events": list(events)})
        if signing is not Signing.VALID:
            return await self.send_raw(body, signing)
        result = await self._send_genuine(body, events)
        if not result.ok and events and self.redeliver_after_s is not None:
            self._redeliver_later(list(events), self.redeliver_after_s)
        return result

    async def deliver(
        self,
        events: Sequence[Any],
        *,
        repeat: int = 1,
        shuffle: bool = False,
        batch_size: int | None = None,
        signing: Signing = Signing.VALID,
    ) -> list[DeliveryResult]:
        """Send events in calls of ``batch_size`` (None: one call), each event ``repeat`` times, in any order.

        No events at all is one empty call, as LINE sends to verify a URL.
        """
        stream = [event for event in events for _ in range(repeat)] if shuffle else list(events) * repeat
        if shuffle:
            self.channel.random.shuffle(stream)
        size = batch_size or max(len(stream), 1)
        return [await self.send(stream[i : i + size], signing) for i in range(0, max(len(stream), 1), size)]

    async def send_raw(self, body: bytes, signing: Signing = Signing.VALID) -> DeliveryResult:
        """One call with exactly these bytes, whatever they are."""
        return await self._post(body, self._headers(body, signing))

    def _headers(self, body: bytes, signing: Signing) -> dict[str, str]:
        headers = {"content-type": "application/json; charset=utf-8", "user-agent": "LineBotWebhook/2.0"}
        secret = self.channel.settings.channel_secret
        if signing is not Signing.NONE:
            known = secret if signing is Signing.VALID else secret[::-1] + "?"
            headers["x-line-signature"] = sign(known, body)
        return headers

    async def _send_genuine(self, body: bytes, events: Sequence[Any]) -> DeliveryResult:
        for event in events:
            if isinstance(event, dict):
                self.channel.note_token_received(event.get("replyToken"))
        result = await self.send_raw(body)
        if result.reason is not None:
            failure = WebhookFailure(self.channel.clock(), result.reason, result.status, len(events))
            self.channel.failures.append(failure)
        return result

    async def _post(self, body: bytes, headers: dict[str, str]) -> DeliveryResult:
        start = time.perf_counter()
        status, reason = None, None
        try:
            async with self._connections().post(
                self.channel.settings.webhook_url,
                data=body if len(body) < LARGE_BODY_BYTES else io.BytesIO(body),
                headers=headers,
                allow_redirects=False,
            ) as answer:
                status = answer.status
                reason = None if 200 <= status < 300 else "error_status_code"
        except TimeoutError:
            reason = "request_timeout"
        except aiohttp.ClientError:
            reason = "could_not_connect"
        return DeliveryResult(status, reason, time.perf_counter() - start)

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_CONNECTION_S),
                timeout=aiohttp.ClientTimeout(total=self.channel.settings.answer_within_s),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _redeliver_later(self, events: list[Any], after_s: float) -> None:
        task = asyncio.create_task(self._redeliver(events, after_s))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _redeliver(self, events: list[Any], after_s: float) -> None:
        again = [redelivered(event) if isinstance(event, dict) else event for event in events]
        body = encode({"destination": self.channel.bot_user_id, "events": again})
        for _ in range(REDELIVERY_ATTEMPTS):
            await asyncio.sleep(after_s)
            self.channel.redeliveries += 1
            if (await self._send_genuine(body, again)).ok:
                return
