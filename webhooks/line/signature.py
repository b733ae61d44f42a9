"""LINE's signature: base64 of HMAC-SHA256 over the raw body with the channel secret."""

import base64
import hmac
from collections.abc import Sequence


def is_signed(body: bytes, header: bytes | None, secrets: Sequence[bytes]) -> bool:
    """Whether one of the channel secrets (old and new during a rotation) signed exactly these bytes.

    The texts are compared, not what they decode to: base64 has several spellings of the same bytes, LINE uses one.
    """
    if not header:
        return False
    return any(hmac.compare_digest(_signature(body, secret), header) for secret in secrets)


def _signature(body: bytes, secret: bytes) -> bytes:
    return base64.b64encode(hmac.digest(secret, body, "sha256"))
