"""LINE's signature: base64 of HMAC-SHA256 over the raw body with the channel secret."""

import binascii
import hmac
from collections.abc import Sequence


def is_signed(body: bytes, header: bytes | None, secrets: Sequence[bytes]) -> bool:
    """Whether one of the channel secrets (old and new during a rotation) signed exactly these bytes.

    The texts are compared, not what they decode to: base64 has several spellings of the same bytes, LINE uses one.
    """
    if not header:
        return False
    for secret in secrets:
        signature = binascii.b2a_base64(hmac.digest(secret, body, "sha256"), newline=False)
        if hmac.compare_digest(signature, header):
            return True
    return False
