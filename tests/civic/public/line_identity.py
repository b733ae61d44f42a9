"""LINE's side of LIFF and LINE Login, in small: signs id tokens, publishes its keys, exchanges codes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from support.serving import serving
from support.site import Site

CHANNEL = "1650000000"
SECRET = "0123456789abcdef0123456789abcdef"
LIFF_ID = f"{CHANNEL}-AbCdEfGh"
ACCOUNT = "U0123456789abcdef0123456789abcdef"


@dataclass
class Line:
    """LINE, as far as tokens go. ``answers`` is what is given instead of the keys, ``asked`` counts for them."""

    site: Site
    keys: dict[str, ec.EllipticCurvePrivateKey] = field(
        default_factory=lambda: {"key-1": ec.generate_private_key(ec.SECP256R1())}
    )
    asked: int = 0
    answers: Response | None = None
    nonces: dict[str, tuple[str, str]] = field(default_factory=dict)
    account: str = ACCOUNT
    url: str = ""

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(self.site.clock().timestamp())
        usual = {
            "iss": "https://access.line.me",
            "sub": self.account,
            "aud": CHANNEL,
            "exp": now + 3600,
            "iat": now,
            "amr": ["linesso"],
        }
        return {name: value for name, value in (usual | changed).items() if value is not None}

    def token(self, kid: str | None = "key-1", **changed: Any) -> str:
        headers = {"kid": kid} if kid else {}
        return jwt.encode(self.claims(**changed), self.keys["key-1"], "ES256", headers=headers)

    def public_set(self) -> dict[str, Any]:
        made = [
            json.loads(ECAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "alg": "ES256", "use": "sig"}
            for kid, key in self.keys.items()
        ]
        return {"keys": [*made, {"kty": "RSA", "kid": "other", "n": "AQAB", "e": "AQAB"}, {"kty": "EC"}]}

    async def certs(self, _: Request) -> Response:
        self.asked += 1
        return self.answers or JSONResponse(self.public_set())

    async def exchange(self, request: Request) -> Response:
        """A code is taken once, with the right secret, and by whoever began (PKCE)."""
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        nonce, challenge = self.nonces.pop(form["code"], ("", ""))
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
        if not nonce or not proven or (form["client_id"], form["client_secret"]) != (CHANNEL, SECRET):
            return JSONResponse({"error": "invalid_grant"}, 400)
        assert form["redirect_uri"] == "https://vote.example.jp/login/line"
        token = jwt.encode(self.claims(nonce=nonce), SECRET, "HS256")
        return self.answers or JSONResponse({"access_token": "a", "id_token": token, "token_type": "Bearer"})

    def consent(self, authorize_url: str, code: str = "code-1") -> dict[str, str]:
        """Somebody says yes on LINE's page: the query of the answer."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query).items()}
        assert (query["client_id"], query["scope"], query["response_type"]) == (CHANNEL, "openid", "code")
        assert query["code_challenge_method"] == "S256"
        self.nonces[code] = query["nonce"], query["code_challenge"]
        return {"code": code, "state": query["state"]}


@asynccontextmanager
async def with_line(site: Site, **settings: Any) -> AsyncIterator[tuple[Site, Line]]:
    """A site that knows this LINE, and LINE."""
    line = Line(site)
    app = Starlette(
        routes=[Route("/certs", line.certs), Route("/token", line.exchange, methods=["POST"])],
    )
    async with serving(app) as line.url:
        known = {
            "liff_id": LIFF_ID,
            "line_login_channel_id": CHANNEL,
            "line_login_channel_secret": SecretStr(SECRET),
            "line_login_jwks_url": f"{line.url}/certs",
            "line_login_token_url": f"{line.url}/token",
        }
        async with site.served_as(**{**known, **settings}) as served:
            yield served, line
