"""LINE's id tokens: checked here, with the algorithm that the flow has, whatever the token says of itself. Pure.

OpenID Connect Core 1.0, 3.1.3.7. LIFF gives tokens signed with ES256 by a key that LINE publishes, LINE Login on
the web HS256 with the secret of the login channel.
"""

import hmac
import re
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from jwt.types import Options

from civic.kernel.errors import NotAllowed

ISSUER = "https://access.line.me"
LONGEST_TOKEN = 4_096
LEEWAY_S = 60
"""How far LINE's clock may be ahead of ours."""

_ACCOUNT = re.compile(r"U[0-9a-f]{32}")
_OPTIONS: Options = {
    "require": ["iss", "sub", "aud", "exp", "iat"],
    "strict_aud": True,
    # Times are compared with our own clock, below.
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


def token_refused() -> NotAllowed:
    """The error for a token that LINE did not make for us just now."""
    return NotAllowed(
        "line_token_refused",
        "LINE のアカウントを確かめられませんでした。このページをいったん閉じて、もう一度開いてください。",
    )


def key_id_of(token: str) -> str:
    """The name of the key that signed a token, as the token says. NotAllowed when it cannot be read."""
    if len(token) > LONGEST_TOKEN:
        raise token_refused()
    try:
        name = jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError:
        raise token_refused() from None
    if not isinstance(name, str):
        raise token_refused()
    return name


def account_of_liff(token: str, key: EllipticCurvePublicKey, channel: str, now: datetime) -> str:
    """The account (``U`` and 32 hex digits) that a token of LIFF stands for. NotAllowed otherwise."""
    return _account(_claims(token, key, "ES256", channel), now)


def account_of_login(token: str, secret: str, channel: str, nonce: str, now: datetime) -> str:
    """The account that a token of LINE Login stands for, asked for with this nonce. NotAllowed otherwise."""
    claims = _claims(token, secret, "HS256", channel)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise token_refused()
    return _account(claims, now)


def _claims(token: str, key: EllipticCurvePublicKey | str, algorithm: str, channel: str) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN:
        raise token_refused()
    try:
        return jwt.decode(token, key, algorithms=[algorithm], audience=channel, issuer=ISSUER, options=_OPTIONS)
    except (jwt.InvalidTokenError, jwt.InvalidKeyError):
        raise token_refused() from None


def _account(claims: dict[str, Any], now: datetime) -> str:
    ends, made, account = claims["exp"], claims["iat"], claims["sub"]
    if type(ends) is not int or type(made) is not int or not made - LEEWAY_S <= now.timestamp() < ends:
        raise token_refused()
    if not isinstance(account, str) or _ACCOUNT.fullmatch(account) is None:
        raise token_refused()
    return account
