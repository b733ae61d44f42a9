"""LINE's signature: base64 of HMAC-SHA256 over the raw body with the channel secret."""

import base64
import binascii
import hmac
from collections.abc import Sequence


def is_signed(body: bytes, header: bytes | None, secrets: Sequence[bytes]) -> bool:
    """Whether one of the channel secrets (old and new during a rotation) signed exactly these bytes."""
    if not header:
        return False
    try:
        given = base64.b64decode(header, validate=True)
    except (binascii.Error, ValueError):
        return False
    return any(hmac.compare_digest(hmac.digest(secret, body, "sha256"), given) for secret in secrets)
