"""Calls to LINE's Messaging API over one shared aiohttp session.

The official SDK takes ten times the CPU for a multicast (it rebuilds every message as objects); its models and
parser are the other side of our tests instead.
"""

from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
NO_ANSWER = 0


@dataclass(frozen=True)
class Answer:
    """What LINE said: ``status`` 0 when no answer came; ``request_id`` is LINE's own number for the call."""

    status: int
    request_id: str | None
    body: Any

    @property
    def reason(self) -> str:
        """LINE's sentence, if it gave one."""
        return str(self.body.get("message", "")) if isinstance(self.body, dict) else ""


@dataclass(frozen=True)
class Quota:
    """Messages of this month: ``limit`` None means no limit."""

    limit: int | None
    used: int

    def fits(self, messages: int) -> bool:
        """Whether so many more messages may still be sent."""
        return self.limit is None or self.used + messages <= self.limit


class LineClient:
    """A channel's access to LINE, at LINE's own address or at a simulator's."""

    def __init__(self, api_url: str, access_token: str) -> None:
        self._url = api_url
        self._headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        self._session: aiohttp.ClientSession | None = None

    async def reply(self, token: str, messages: bytes) -> Answer:
        """Answer one event; free of charge, once, within a minute."""
        body = b'{"replyToken":' + orjson.dumps(token) + b',"messages":' + messages + b"}"
        return await self._post("/v2/bot/message/reply", body)

    async def multicast(self, body: bytes, retry_key: str) -> Answer:
        """Send one message to up to 500 people; under the same retry key at most once within 24 hours."""
        return await self._post("/v2/bot/message/multicast", body, {"X-Line-Retry-Key": retry_key})

    async def quota(self) -> Quota | None:
        """What may be sent this month and what has been; None when LINE does not say."""
        limit = await self._call("GET", "/v2/bot/message/quota")
        used = await self._call("GET", "/v2/bot/message/quota/consumption")
        if limit.status != 200 or used.status != 200:
            return None
        value = limit.body.get("value") if limit.body.get("type") == "limited" else None
        return Quota(value, int(used.body["totalUsage"]))

    async def profile_language(self, account: str) -> str | None:
        """The language of a friend's phone as a BCP 47 tag; None when LINE does not say."""
        profile = await self._call("GET", f"/v2/bot/profile/{account}")
        language = profile.body.get("language") if isinstance(profile.body, dict) else None
        return language if profile.status == 200 and isinstance(language, str) else None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        return await self._call("POST", path, body, headers)

    async def _call(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, headers=self._headers)
        try:
            async with self._session.request(method, self._url + path, data=body, headers=headers) as answer:
                content = await answer.read()
                return Answer(answer.status, answer.headers.get("x-line-request-id"), _json(content))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(NO_ANSWER, None, None)


def multicast_body(accounts: list[str], messages: bytes) -> bytes:
    """The body of a multicast, the same bytes for the same people and messages."""
    return b'{"to":' + orjson.dumps(accounts) + b',"messages":' + messages + b"}"


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
