"""Forms: read with a limit, and only when they come from a page of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from civic.kernel.db import clean_text
from civic.kernel.errors import CivicError, InvalidInput, NotAllowed

MOST_BYTES = 64 * 1024
MOST_FIELDS = 1_000
_OWN_PAGES = frozenset({"same-origin", "none"})


class FormTooLarge(CivicError):
    """More was sent than any form of ours can hold."""

    status = 413


@dataclass(frozen=True)
class Form:
    """What was sent, by field; a field may come several times."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """The last value of a field, empty when it is missing."""
        return self.every(name)[-1] if self.every(name) else ""

    def every(self, name: str) -> Sequence[str]:
        """All values of a field in the order sent."""
        return self.fields.get(name, ())


async def read_form(request: Request) -> Form:
    """The form of a request (URL-encoded, UTF-8, at most 64 kB), its values in NFC.

    FormTooLarge, or InvalidInput when it cannot be read or holds what cannot be stored.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise FormTooLarge(
                "form_too_large", "送られた内容が大きすぎます（64 KB まで）。短くして、もう一度送ってください。"
            )
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise InvalidInput(
            "form_unreadable", "送られた内容を読めませんでした。ページを開き直して、もう一度送ってください。"
        ) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(clean_text(value))
    return Form(fields)


def require_own_page(request: Request, base_url: str) -> None:
    """NotAllowed when a browser says that another site's page sent this.

    ``Sec-Fetch-Site`` decides where it is sent (every current browser); else ``Origin`` has to be ours. A client
    that sends neither is no browser, so nobody's open session can be misused through it.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = site in _OWN_PAGES if site is not None else origin in {None, origin_of(base_url)}
    if not own:
        raise NotAllowed(
            "foreign_page",
            "ほかのサイトのページからは操作できません。このサイトの画面を開いて、もう一度操作してください。",
        )


def origin_of(url: str) -> str:
    """``https://host:port`` of a URL, as a browser's Origin header spells it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
