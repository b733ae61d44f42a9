"""Texts people read: Japanese is the source, other languages come from gettext catalogues.

A message id is the Japanese sentence itself, with ``{named}`` places for values, so a page reads the
same in code and on screen; ``frontend/locale/<lang>/civic.po`` holds the translations.
Easy Japanese (``ja@easy``) has readings in brackets after its kanji: 投票（とうひょう）.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "ja"
EASY_JAPANESE = "ja@easy"
LANGUAGES = ("ja", EASY_JAPANESE, "en")
"""What residents can choose; ``@easy`` is gettext's way to name a variant."""

STAFF_LANGUAGES = ("ja", "en")
LANGUAGE_NAMES = {"ja": "日本語", EASY_JAPANESE: "やさしい日本語", "en": "English"}
"""Each language by its own name, for whoever reads only that one."""


def frontend_dir() -> Path:
    """The folder with templates, styles and catalogues: inside the wheel, else the checkout's ``frontend``."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_frontend"
    return packaged if packaged.is_dir() else package.parent / "frontend"


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """The translations of one language, message id to text; empty for the source language."""
    path = frontend_dir() / "locale" / lang / "civic.po"
    if lang == SOURCE_LANGUAGE or not path.is_file():
        return {}
    with path.open("rb") as file:
        messages = read_po(file)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def translate(lang: str, message: str, /, **values: object) -> str:
    """The message in ``lang`` with its values put in; Japanese where a translation is missing."""
    text = catalogue(lang).get(message, message)
    return text.format(**values) if values else text


def marked(message: str) -> str:
    """A sentence that is translated later, where it is shown; marked here so that the catalogue knows it."""
    return message


def localized(texts: Mapping[str, str], lang: str) -> str:
    """Content written by people in some languages: the wanted one, else Japanese, else any there is."""
    return texts.get(lang) or texts.get(SOURCE_LANGUAGE) or next(iter(texts.values()), "")


def supported_language(tag: str | None) -> str:
    """A BCP 47 tag, or one of our own, as one of our languages: ``en-GB`` is ``en``, anything unknown Japanese."""
    primary = (tag or SOURCE_LANGUAGE).split("-")[0].lower()
    return primary if primary in LANGUAGES else SOURCE_LANGUAGE


def html_lang(lang: str) -> str:
    """The BCP 47 tag that browsers and screen readers know: easy Japanese is Japanese."""
    return lang.partition("@")[0]


def other_languages(lang: str) -> tuple[str, ...]:
    """What a resident who reads ``lang`` can change to, in the order of ``LANGUAGES``."""
    return tuple(other for other in LANGUAGES if other != lang)
