"""The personal link to the voting form: for an hour it opens one voter's form of one ballot, and tells nothing.

The token is the voter's pseudonym in this ballot and the end of its hour (and the keyed hash of a code card, if
one opened it), sealed with AES-256-GCM for the ballot's name: no account is in it, and nobody can read, make or
carry one over to another ballot.
"""

import base64
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.kernel.clock import from_ms, to_ms
from civic.kernel.errors import Gone, NotFound
from civic.kernel.security import PSEUDONYM_BYTES, Vault
from civic.votes.channels import CODE, WEB

VALID_FOR = timedelta(minutes=60)
_CONTENT = struct.Struct(f">{PSEUDONYM_BYTES}sQ")


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """Whose form a link opens (a pseudonym), and the first instant (UTC) at which it no longer does.

    ``card`` is the keyed hash of the code card that opened it; empty for a LINE account.
    """

    voter: bytes
    until: datetime
    card: bytes = b""

    @classmethod
    def from_now(cls, voter: bytes, now: datetime, card: bytes = b"") -> "PersonalLink":
        """A link that works for an hour."""
        return cls(voter, now + VALID_FOR, card)

    @property
    def channel(self) -> str:
        """The channel of what is voted by this link."""
        return CODE if self.card else WEB


def link_path(vault: Vault, ballot: str, link: PersonalLink) -> str:
    """The path of a voter's form, ``/b/{ballot}/vote/{token}``; another one at every call."""
    sealed = vault.seal(_CONTENT.pack(link.voter, to_ms(link.until)) + link.card, _purpose(ballot))
    return f"/b/{ballot}/vote/{base64.urlsafe_b64encode(sealed).rstrip(b'=').decode()}"


def read_link(vault: Vault, ballot: str, token: str, now: datetime) -> PersonalLink:
    """The link behind a token. NotFound when it is none for this ballot, Gone when its hour is over."""
    opened = _opened(vault, ballot, token)
    voter, until_ms = _CONTENT.unpack_from(opened)
    link = PersonalLink(voter, from_ms(until_ms), opened[_CONTENT.size :])
    if now >= link.until:
        raise Gone(
            "link_expired",
            "この投票ページのリンクは、60分の期限が過ぎました。いま送った内容があっても、記録していません。"
            "LINE のトークで「投票」と送り、「ブラウザで投票」を押すと、新しいリンクが届きます。"
            "カードで投票する人は、カードの QR コードをもう一度読んでください。",
        )
    return link


def _opened(vault: Vault, ballot: str, token: str) -> bytes:
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return vault.open(sealed, _purpose(ballot))
    except (NotFound, ValueError):
        raise NotFound(
            "link_unknown",
            "この投票ページのリンクは使えません。途中で切れたか、ほかの投票のものかもしれません。"
            "LINE のトークで「投票」と送り、「ブラウザで投票」を押すと、新しいリンクが届きます。",
        ) from None


def _purpose(ballot: str) -> str:
    return f"vote form of {ballot}"
