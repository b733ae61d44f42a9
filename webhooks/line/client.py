"""Calls to LINE's Messaging API over one shared aiohttp session.

The official SDK takes ten times the CPU for a multicast (it rebuilds every message as objects); its models and
parser are the other side of our tests instead.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import orjson

from civic.kernel.settings import LINE_API_URL

LINE_DATA_URL = "https://api-data.line.me"
"""Where LINE itself takes and gives pictures."""

TIMEOUT_S = 15.0
CONNECT_WITHIN_S = 5.0
NO_ANSWER = 0


T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What LINE said: ``status`` 0 when no answer came; ``request_id`` is LINE's own number for the call.

    ``accepted_request_id`` is that of the call which was taken earlier under the same retry key (409).
    """

    status: int
    request_id: str | None = None
    body: Any = None
    accepted_request_id: str | None = None
    retry_after_s: float = 0.0

    @property
    def reason(self) -> str:
        """LINE's sentence, if it gave one."""
        return str(self.body.get("message", "")) if isinstance(self.body, dict) else ""

    @property
    def properties(self) -> Sequence[str]:
        """The properties of the request that LINE found wrong, such as ``to[3]``."""
        details = self.body.get("details") if isinstance(self.body, dict) else None
        wrong = details if isinstance(details, list) else []
        return [str(detail.get("property", "")) for detail in wrong if isinstance(detail, dict)]


@dataclass(frozen=True)
class Quota:
    """Messages of this month: ``limit`` None means no limit."""

    limit: int | None
    used: int


class LineClient:
    """A channel's access to LINE, at LINE's own address or at a simulator's."""

    def __init__(self, api_url: str, access_token: str, timeout_s: float = TIMEOUT_S) -> None:
        self._url = api_url
        self._data_url = LINE_DATA_URL if api_url == LINE_API_URL else api_url
        self._headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=min(CONNECT_WITHIN_S, timeout_s))
        self._session: aiohttp.ClientSession | None = None
        self._beside: set[asyncio.Task[Any]] = set()

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

    async def call(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """Any other call, as its reader knows it; ``body`` is JSON."""
        return await self._call(method, path, body)

    async def picture(self, path: str) -> Answer:
        """Whether LINE has a picture under a path: 200 or 404."""
        return await self._call("GET", path, base=self._data_url)

    async def upload(self, path: str, png: bytes) -> Answer:
        """Hand over a picture; LINE takes these at another address, a simulator at its one."""
        return await self._call("POST", path, png, {"Content-Type": "image/png"}, base=self._data_url)

    def beside(self, asking: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task that asks LINE something while nobody waits; it does not outlive the client."""
        task = asyncio.create_task(asking)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        return task

    async def close(self) -> None:
        """End what still asks LINE something, give the connections back. Raises what such a task raised."""
        asking = list(self._beside)
        for task in asking:
            task.cancel()
        ended = await asyncio.gather(*asking, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        return await self._call("POST", path, body, headers)

    async def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        base: str = "",
    ) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout, headers=self._headers, cookie_jar=aiohttp.DummyCookieJar()
            )
        url = (base or self._url) + path
        try:
            async with self._session.request(method, url, data=body, headers=headers) as answer:
                return _read(answer.status, answer.headers, await answer.read())
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(NO_ANSWER)


def multicast_body(accounts: Sequence[str], messages: bytes) -> bytes:
    """The body of a multicast, the same bytes for the same people and messages."""
    return b'{"to":' + orjson.dumps(accounts) + b',"messages":' + messages + b"}"


def _read(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    return Answer(
        status,
        headers.get("x-line-request-id"),
        _json(content),
        headers.get("x-line-accepted-request-id"),
        _seconds(headers.get("retry-after", "")),
    )


def _seconds(retry_after: str) -> float:
    """LINE does not document Retry-After; whole seconds are honoured, a date is not expected."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
