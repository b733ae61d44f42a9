"""LINE Login on the web: OAuth 2.0 with state, nonce and PKCE (RFC 7636), kept in a sealed cookie meanwhile."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import msgspec

from civic.kernel.clock import from_ms, to_ms
from civic.kernel.errors import Gone, NotFound
from civic.kernel.security import Vault
from civic.kernel.settings import Settings
from civic.public.liff.keys import fetched, unavailable
from civic.public.liff.tokens import account_of_login, token_refused

CALLBACK = "/login/line"
COOKIE = "civic-line-login"
VALID_FOR = timedelta(minutes=10)
_PURPOSE = "line login"
_RANDOM_BYTES = 32


class Login(msgspec.Struct, frozen=True):
    """One way to LINE and back: for which ballot and language, its secrets, and until when (ms since 1970 UTC)."""

    ballot: str
    lang: str
    state: str
    nonce: str
    verifier: str
    until_ms: int

    @classmethod
    def begun(cls, ballot: str, lang: str, now: datetime) -> "Login":
        """A new one."""
        state, nonce, verifier = (secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3))
        return cls(ballot, lang, state, nonce, verifier, to_ms(now + VALID_FOR))

    def sealed(self, vault: Vault) -> str:
        """The value of the cookie; nobody else can read or make one."""
        return base64.urlsafe_b64encode(vault.seal(msgspec.json.encode(self), _PURPOSE)).decode()


@dataclass(frozen=True)
class LineLogin:
    """The login channel of an installation."""

    settings: Settings

    @property
    def callback(self) -> str:
        """Where LINE leads back to; it stands in the channel's settings at LINE too."""
        return f"{self.settings.base_url}{CALLBACK}"

    def authorize_url(self, login: Login) -> str:
        """LINE's page for this login."""
        digest = hashlib.sha256(login.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.settings.line_login_channel_id,
            "redirect_uri": self.callback,
            "state": login.state,
            "nonce": login.nonce,
            "scope": "openid",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "ui_locales": "en" if login.lang == "en" else "ja",
        }
        return f"{self.settings.line_login_authorize_url}?{urlencode(query)}"

    async def account(self, login: Login, code: str, now: datetime) -> str:
        """The account behind the code that LINE gave. NotAllowed, or Unavailable when LINE does not answer."""
        secret = self.settings.line_login_channel_secret
        assert secret is not None, "the address exists only with a secret"
        token = await self._token(login, code, secret.get_secret_value())
        channel = self.settings.line_login_channel_id
        return account_of_login(token, secret.get_secret_value(), channel, login.nonce, now)

    async def _token(self, login: Login, code: str, secret: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "client_id": self.settings.line_login_channel_id,
            "client_secret": secret,
            "code_verifier": login.verifier,
        }
        try:
            answer: Any = await fetched(self.settings.line_login_token_url, form)
        except aiohttp.ClientResponseError as error:
            raise (token_refused() if error.status < 500 else unavailable()) from None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise unavailable() from None
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise token_refused()
        return token


def login_of(vault: Vault, cookie: str, state: str, now: datetime) -> Login:
    """The login that a cookie holds and LINE's answer names. Gone when there is none, or its time is over."""
    try:
        sealed = base64.b64decode(cookie, altchars=b"-_", validate=True)
        login = msgspec.json.decode(vault.open(sealed, _PURPOSE), type=Login)
    except (NotFound, ValueError, msgspec.DecodeError):
        raise _over() from None
    if not hmac.compare_digest(login.state.encode(), state.encode()) or now >= from_ms(login.until_ms):
        raise _over()
    return login


def _over() -> Gone:
    return Gone(
        "login_over",
        "LINE のログインを続けられませんでした。時間がたったか、ほかの画面で始めたログインです。"
        "投票のページから、もう一度始めてください。",
    )
