"""Forms: read with a limit, and only when they come from a page of ours."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from civic.kernel.db import clean_text
from civic.kernel.errors import CivicError, InvalidInput, NotAllowed

MOST_BYTES = 64 * 1024
MOST_FIELDS = 1_000
MOST_UPLOAD_BYTES = 64_000_000
"""Read before it is refused: a little too large a file then gets a sentence, not a broken connection."""
MOST_UPLOAD_FIELDS = 300
MOST_UPLOAD_TEXT_BYTES = 256 * 1024
_LONGEST_FILE_NAME = 100
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


@dataclass(frozen=True)
class Upload:
    """A file that came with a form.

    ``name`` is what the sender calls it, printable characters only: to be shown, never to be opened. ``data`` is
    None when the file is larger than it may be; ``size`` is in bytes.
    """

    name: str
    size: int
    data: bytes | None


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
    return _form(pairs)


async def read_upload_form(request: Request, file_field: str, most_bytes: int) -> tuple[Form, Upload | None]:
    """A multipart form and its one file, if one was chosen; larger files wait on disk, not in memory.

    FormTooLarge, or InvalidInput when it cannot be read or holds what cannot be stored.
    """
    if int(request.headers.get("content-length", "0")) > MOST_UPLOAD_BYTES:
        raise _upload_too_large()
    parser = MultiPartParser(
        request.headers,
        _limited(request),
        max_files=1,
        max_fields=MOST_UPLOAD_FIELDS,
        max_part_size=MOST_UPLOAD_TEXT_BYTES,
    )
    try:
        sent = await parser.parse()
    except (MultiPartException, KeyError):
        raise InvalidInput(
            "upload_unreadable",
            "送られた内容を読めませんでした。文章が長すぎるときは短くして、ページを開き直してから、"
            "もう一度送ってください。",
        ) from None
    try:
        form = _form((name, value) for name, value in sent.multi_items() if isinstance(value, str))
        file = sent.get(file_field)
        return form, await _upload(file, most_bytes) if isinstance(file, UploadFile) else None
    finally:
        await sent.close()


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > MOST_UPLOAD_BYTES:
            raise _upload_too_large()
        yield chunk


async def _upload(file: UploadFile, most_bytes: int) -> Upload | None:
    size, sent_name = file.size or 0, file.filename or ""
    if not size and not sent_name:
        return None
    name = "".join(char for char in sent_name if char.isprintable())[:_LONGEST_FILE_NAME]
    return Upload(name, size, await file.read() if size <= most_bytes else None)


def _upload_too_large() -> FormTooLarge:
    return FormTooLarge(
        "upload_too_large",
        "送られたファイルが大きすぎます（{limit} MB まで）。小さくして、もう一度送ってください。",
        limit=MOST_UPLOAD_BYTES // 1_000_000,
    )


def _form(pairs: Iterable[tuple[str, str]]) -> Form:
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
