"""Identifiers: ULIDs for rows that we name, slugs for things that people name, codes that voters keep."""

import re
import unicodedata
from datetime import datetime

from ulid import ULID

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE_BYTES = 10
_PAIRS = tuple(first + second for first in CROCKFORD for second in CROCKFORD)
"""The two characters of each number of ten bits: every vote needs eight of them."""


def new_ulid() -> str:
    """A fresh ULID: 48 bits of time, 80 random bits, 26 characters that sort by time."""
    return str(ULID())


def new_ulids(number: int) -> list[str]:
    """Fresh ULIDs of one moment in ascending order, at most 2^20: the last 20 of their random bits count."""
    start = new_ulid()[:22]
    return [f"{start}{_PAIRS[count >> 10]}{_PAIRS[count & 1023]}" for count in range(number)]


def first_ulid(instant: datetime) -> str:
    """What sorts before every ULID of an instant, and behind all earlier ones."""
    return str(ULID.from_bytes(int(instant.timestamp() * 1000).to_bytes(6, "big") + bytes(10)))


def is_slug(text: str) -> bool:
    """Whether the text is a slug: 1-64 of a-z, 0-9 and hyphen, not starting with a hyphen."""
    return SLUG.fullmatch(text) is not None


def receipt_code(digest: bytes) -> str:
    """The first 80 bits of a digest in Crockford's base32, four groups of four: ``N7K4-2M0Q-…``."""
    high, low = int.from_bytes(digest[:5], "big"), int.from_bytes(digest[5:_CODE_BYTES], "big")
    return f"{_eight(high)}-{_eight(low)}"


def normalize_receipt(typed: str) -> str | None:
    """A receipt code as typed by a person (lower case, O for 0, I for 1, spaces), or None if it is none."""
    text = as_crockford(typed)
    if len(text) != 16:
        return None
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def as_crockford(typed: str) -> str:
    """What a person typed in Crockford's base32; empty when anything else is in it.

    Full-width letters, lower case, O for 0, I and L for 1, spaces and hyphens are all understood.
    """
    text = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper().translate(_MISREAD)
    return text if all(character in CROCKFORD for character in text) else ""


def _eight(number: int) -> str:
    """Forty bits as eight characters, in two groups."""
    first, second = _PAIRS[number >> 30], _PAIRS[number >> 20 & 1023]
    third, fourth = _PAIRS[number >> 10 & 1023], _PAIRS[number & 1023]
    return f"{first}{second}-{third}{fourth}"
