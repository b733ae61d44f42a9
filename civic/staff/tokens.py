"""Secrets that stand for a person for a while: sign-in links and sessions."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits as 43 characters that fit in an address and in a cookie. Nobody guesses one."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def fingerprint(token: str) -> bytes:
    """What the database keeps of a token: SHA-256, 32 bytes. Any text has one, a mistyped token too."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
