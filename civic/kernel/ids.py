"""Identifiers: ULIDs for rows that we name, slugs for things that people name, codes that voters keep."""

import re

from ulid import ULID

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE_BYTES = 10


def new_ulid() -> str:
    """A fresh ULID: 48 bits of time, 80 random bits, 26 characters that sort by time."""
    return str(ULID())


def is_slug(text: str) -> bool:
    """Whether the text is a slug: 1-64 of a-z, 0-9 and hyphen, not starting with a hyphen."""
    return SLUG.fullmatch(text) is not None


def receipt_code(digest: bytes) -> str:
    """The first 80 bits of a digest in Crockford's base32, four groups of four: ``N7K4-2M0Q-…``."""
    number = int.from_bytes(digest[:_CODE_BYTES], "big")
    text = "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(75, -1, -5))
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def normalize_receipt(typed: str) -> str | None:
    """A receipt code as typed by a person (lower case, O for 0, I for 1, spaces), or None if it is none."""
    text = re.sub(r"[\s-]", "", typed).upper().translate(_MISREAD)
    if len(text) != 16 or any(c not in _CROCKFORD for c in text):
        return None
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))
