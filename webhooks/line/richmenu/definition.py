"""What the menu below the chat holds: five areas, in each language, as LINE's rich menu object.

A published menu cannot be changed, only replaced. So its name carries the SHA-256 of all that it is, the picture
included: whoever reads the names of the channel's menus knows which are ours and which are out of date.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from civic.kernel.i18n import LANGUAGES, SOURCE_LANGUAGE, marked, translate
from webhooks.line.messages import taps
from webhooks.line.messages.flex import PostbackAction
from webhooks.line.postback import CommandName

WIDTH, HEIGHT = 2500, 1000
"""Pixels of the picture. On a phone of 390 points the menu is 156 points high: the beginning of a card stays in
sight above it, every area is far above 44 points, and what stands in it is as large as the chat's own text."""

ALIASES = {"ja": "attara-ja", "ja@easy": "attara-easy", "en": "attara-en"}
"""A name for the newest menu of each language, as LINE allows it: ``[a-z0-9_-]{1,32}``."""

MENU_LANGUAGES = LANGUAGES
DEFAULT_LANGUAGE = SOURCE_LANGUAGE
"""Whoever has no menu of their own sees the one in this language."""

_PICTURES = Path(__file__).parent / "pictures"
_NAME = re.compile(rf"attara ({'|'.join(LANGUAGES)}) [0-9a-f]{{64}}")


@dataclass(frozen=True)
class Area:
    """A part of the picture that can be tapped: where it is in pixels, what it asks for and what stands there."""

    command: CommandName
    word: str
    left: int
    top: int
    width: int
    height: int

    def label(self, lang: str) -> str:
        """What stands there. The catalogue has some words as one types them: a label begins with a capital."""
        word = translate(lang, self.word)
        return word[:1].upper() + word[1:]

    def action(self, lang: str) -> PostbackAction:
        """What a tap does; the label is read aloud and shown as said."""
        return taps.command(self.label(lang), self.command, lang)


AREAS = (
    Area("ballot", marked("投票"), 0, 0, 834, 1000),
    Area("my_votes", marked("わたしの票"), 834, 0, 833, 500),
    Area("map", marked("地図"), 1667, 0, 833, 500),
    Area("results", marked("けっか"), 834, 500, 833, 500),
    Area("settings", marked("設定"), 1667, 500, 833, 500),
)
"""In the order in which they are read; they fill the picture without a gap."""


@dataclass(frozen=True)
class Menu:
    """A menu in one language: its name, the rich menu object as JSON, and the PNG that is drawn for it."""

    lang: str
    name: str
    body: bytes
    picture: bytes


@cache
def menu(lang: str) -> Menu:
    """The menu in one of ``MENU_LANGUAGES``."""
    picture = picture_path(lang).read_bytes()
    content = _content(lang)
    written = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    name = f"attara {lang} {hashlib.sha256(written + picture).hexdigest()}"
    return Menu(lang, name, orjson.dumps({"name": name, **content}), picture)


def menus() -> list[Menu]:
    """The menus of all languages."""
    return [menu(lang) for lang in MENU_LANGUAGES]


def language_in(name: str) -> str | None:
    """The language of a menu of ours by its name; None for what others have published."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


def picture_path(lang: str) -> Path:
    """Where the picture of a language is kept (see ``drawing``)."""
    return _PICTURES / f"{lang}.png"


def _content(lang: str) -> dict[str, Any]:
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": translate(lang, "メニュー"),
        "areas": [{"bounds": _bounds(area), "action": area.action(lang)} for area in AREAS],
    }


def _bounds(area: Area) -> dict[str, int]:
    return {"x": area.left, "y": area.top, "width": area.width, "height": area.height}
