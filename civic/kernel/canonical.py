"""Canonical JSON: one byte string for one value, so that hashes mean something (RFC 8785's spirit).

Sorted keys, no spaces, UTF-8, NFC text, integers only: a float has no single spelling, so it is refused.
"""

import hashlib
import unicodedata
from typing import Any

import orjson


def canonical_json(value: Any) -> bytes:
    """The one encoding of a JSON value. Raises TypeError on floats and non-string keys."""
    return orjson.dumps(_checked(value), option=orjson.OPT_SORT_KEYS)


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _checked(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {_key(key): _checked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    raise TypeError(f"canonical JSON has no {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("canonical JSON keys are strings")
    return unicodedata.normalize("NFC", key)
