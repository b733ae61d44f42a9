"""The keys with which LINE signs, fetched from the address in the settings and kept.

A token names its key. An unknown name fetches the keys anew, once a minute at most, whoever sends how many tokens.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from jwt.algorithms import ECAlgorithm

from civic.kernel.errors import Unavailable
from civic.kernel.logging import logger
from civic.public.liff.tokens import token_refused

NOT_AGAIN_FOR = timedelta(minutes=1)
KEPT_FOR = timedelta(days=1)
"""Then they are asked for again, so that a key LINE has given up is given up here too."""

MOST_KEYS = 50
MOST_BYTES = 64 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=5)


class SigningKeys:
    """LINE's public keys by name."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, EllipticCurvePublicKey] = {}
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._fetching = asyncio.Lock()

    async def key(self, name: str, now: datetime) -> EllipticCurvePublicKey:
        """The key of a name. NotAllowed when LINE has none, Unavailable while that cannot be known."""
        if name not in self._keys or self._is_old(now):
            await self._refresh(name, now)
        if name in self._keys:
            return self._keys[name]
        if self._fetched is None or self._fetched != self._tried:
            raise unavailable()
        raise token_refused()

    def _is_old(self, now: datetime) -> bool:
        return self._fetched is None or now - self._fetched >= KEPT_FOR

    async def _refresh(self, name: str, now: datetime) -> None:
        """Fetch the keys, unless somebody did while we waited or tried within the minute."""
        async with self._fetching:
            was_tried = self._tried is not None and now - self._tried < NOT_AGAIN_FOR
            if was_tried or (name in self._keys and not self._is_old(now)):
                return
            self._tried = now
            try:
                self._keys = _read_keys(await fetched(self._url))
                self._fetched = now
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                logger("liff").warning("line_keys_unavailable", error=type(error).__name__)


async def fetched(url: str, form: dict[str, str] | None = None) -> Any:
    """The JSON at one of LINE's addresses, asked for with GET, or with POST when there is a form.

    aiohttp.ClientError or TimeoutError when it cannot be had, ValueError when it is too large or no JSON.
    """
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT, raise_for_status=True) as http,
        http.request("POST" if form else "GET", url, data=form, allow_redirects=False) as answer,
    ):
        body = bytearray()
        async for part in answer.content.iter_chunked(MOST_BYTES):
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError("the answer is too large")
    return orjson.loads(body)


def unavailable() -> Unavailable:
    """LINE does not answer."""
    return Unavailable(
        "line_unavailable",
        "いま LINE のアカウントを確かめられません。少し待ってから、もう一度ためしてください。"
        "LINE のトークのボタンでも投票できます。",
    )


def _read_keys(answer: Any) -> dict[str, EllipticCurvePublicKey]:
    """The keys of a JWK Set (RFC 7517) that ES256 can use. ValueError when it is none."""
    if not isinstance(answer, dict) or not isinstance(answer.get("keys"), list):
        raise ValueError("not a set of keys")
    found = [(entry, _read_key(entry)) for entry in answer["keys"][:MOST_KEYS] if isinstance(entry, dict)]
    return {entry["kid"]: key for entry, key in found if key is not None}


def _read_key(entry: dict[str, Any]) -> EllipticCurvePublicKey | None:
    if entry.get("kty") != "EC" or entry.get("crv") != "P-256" or not isinstance(entry.get("kid"), str):
        return None
    try:
        key = ECAlgorithm.from_jwk(entry)
    except jwt.InvalidKeyError:
        return None
    is_right = isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    return key if is_right else None  # type: ignore[return-value]
