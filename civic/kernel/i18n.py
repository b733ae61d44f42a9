"""Texts people read: Japanese is the source, other languages come from gettext catalogues.

A message id is the Japanese sentence itself, with ``{named}`` places for values, so a page reads the
same in code and on screen; ``frontend/locale/<lang>/civic.po`` holds the translations.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "ja"
LANGUAGES = ("ja", "en")


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
        messages = read_po(file, locale=lang)
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
    """A BCP 47 tag as one of our languages: ``en-GB`` is ``en``, anything unknown is Japanese."""
    primary = (tag or SOURCE_LANGUAGE).split("-")[0].lower()
    return primary if primary in LANGUAGES else SOURCE_LANGUAGE
