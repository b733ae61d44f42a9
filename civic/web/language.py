"""The reader of a page: the language, links that keep it, and the way to the other languages."""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request

from civic.kernel.i18n import (
    LANGUAGE_NAMES,
    LANGUAGES,
    SOURCE_LANGUAGE,
    STAFF_LANGUAGES,
    html_lang,
    other_languages,
)

_TAGS = frozenset(html_lang(lang) for lang in LANGUAGES)
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")


class LanguageLink(NamedTuple):
    """The way to a page in another language: the language's own name, its BCP 47 tag, the address."""

    name: str
    html_lang: str
    href: str


@dataclass(frozen=True)
class Reader:
    """Who reads, as far as a page knows: the language, whether it was chosen with ``?lang=``, the path."""

    lang: str
    chosen: bool
    path: str

    def link(self, path: str) -> str:
        """A path of ours, with or without a query, with the language kept when the reader chose it."""
        joined = "&" if "?" in path else "?"
        return f"{path}{joined}lang={self.lang}" if self.chosen else path

    @property
    def html_lang(self) -> str:
        """The language as a browser knows it."""
        return html_lang(self.lang)

    @property
    def other_languages(self) -> tuple[LanguageLink, ...]:
        """What the switch offers: three languages for residents, two for staff."""
        return tuple(
            LanguageLink(LANGUAGE_NAMES[lang], html_lang(lang), f"{self.path}?lang={lang}")
            for lang in other_languages(self.lang)
            if lang in _languages(self.path)
        )


def reader_of(request: Request) -> Reader:
    """The reader of a request: ``?lang=``, else the browser's wish, else Japanese."""
    wished = request.query_params.get("lang", "")
    # One slash only: "//host" would lead away from here. Not request.url, which trusts the Host header.
    path = "/" + quote(request.scope["path"].lstrip("/"), errors="replace")
    if wished in LANGUAGES:
        return Reader(wished if wished in _languages(path) else html_lang(wished), True, path)
    return Reader(preferred_language(request.headers.get("accept-language", "")), False, path)


def _languages(path: str) -> tuple[str, ...]:
    """Staff read Japanese and English only; who comes with easy Japanese reads Japanese."""
    return STAFF_LANGUAGES if path.startswith("/admin") else LANGUAGES


def preferred_language(header: str) -> str:
    """The best of our languages in an Accept-Language header (RFC 9110, 12.5.4); Japanese when none is named."""
    best, best_weight = SOURCE_LANGUAGE, 0.0
    for item in header[:500].split(","):
        tag, _, weight = item.partition(";")
        lang = tag.strip().split("-")[0].lower()
        if lang in _TAGS and _weight(weight) > best_weight:
            best, best_weight = lang, _weight(weight)
    return best


def is_japanese(text: str) -> bool:
    """Whether a text by people holds Japanese letters; on an English page it is marked so, to be read out well."""
    return _JAPANESE.search(text) is not None


def _weight(parameter: str) -> float:
    """``q=0.8`` as a number; 1 without it, 0 when it cannot be read."""
    text = parameter.strip().removeprefix("q=")
    if not text:
        return 1.0
    try:
        return float(text)
    except ValueError:
        return 0.0
