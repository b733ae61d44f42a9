"""A letter as a phone shows it: the very bytes that go out, drawn as the chat is drawn."""

from dataclasses import dataclass
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import to_ms
from civic.kernel.context import Context
from civic.kernel.i18n import html_lang, translate
from civic.outbox.about import About
from webhooks.line.announcing import broadcast_about
from webhooks.line.chatview import STYLESHEET, TEMPLATES
from webhooks.line.chatview.cards import EntryView, entry_view

_TEMPLATES = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class _Entry:
    id: int
    at_ms: int
    message: dict[str, Any]
    side: str = "account"


@dataclass(frozen=True)
class _PreviewPage:
    """``tap_path`` is empty: nothing can be pressed."""

    lang: str
    looks: str
    title: str
    by: str
    texts: dict[str, str]
    entries: tuple[EntryView, ...]
    tap_path: str = ""


class Previews:
    """What a letter says in a language, and how that looks."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._template = _TEMPLATES.get_template("preview.html")
        self.stylesheet = STYLESHEET.read_bytes()

    async def letter(self, session: AsyncSession, about: About, language: str) -> bytes:
        """The very messages that people get, as JSON; see ``Broadcast.letter_going_out``."""
        return await broadcast_about(self._context, about).letter_going_out(session, language)

    def draw(self, letter: bytes, language: str, *, dark: bool) -> str:
        """A letter as an HTML page of its own, for a phone on light or dark ground."""
        base_url, now = self._context.settings.base_url, to_ms(self._context.clock())
        said = [_Entry(number, now, message) for number, message in enumerate(orjson.loads(letter))]
        page = _PreviewPage(
            lang=html_lang(language),
            looks="dark" if dark else "light",
            title=translate(language, "お知らせ"),
            by=self._context.settings.organiser,
            texts={"picture": translate(language, "絵を開く")},
            entries=tuple(entry_view(entry, base_url) for entry in said),
        )
        return self._template.render(page=page)
