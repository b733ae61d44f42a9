"""Messages as the chat page draws them: plain text, cards from Flex and templates, buttons.

A small, safe reading of Flex: texts, pictures, buttons and rules in order; sizes and colours are left out.
Everything here is data; the template escapes it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal
from urllib.parse import urlsplit

from webhooks.line.simulator.actions import tappables, texts
from webhooks.line.simulator.state import ChatEntry, JsonObject

JST = timezone(timedelta(hours=9))
TAPPABLE_KINDS = frozenset({"postback", "message"})


@dataclass(frozen=True, slots=True)
class TextRow:
    """Texts on one line of a card; ``strong`` for a title."""

    texts: list[str]
    strong: bool = False
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Picture:
    """``src`` is a path on this very server, or None for a picture that the page may not load.

    ``href`` and ``label`` are those of the link it carries, if any.
    """

    src: str | None
    url: str
    href: str | None = None
    label: str = ""
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Button:
    """``position`` counts the actions of the message; ``href`` is set for links, ``can_tap`` for the rest."""

    label: str
    position: int
    href: str | None = None
    can_tap: bool = False
    primary: bool = False
    kind: Literal["button"] = "button"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between parts."""

    kind: Literal["rule"] = "rule"


Item = TextRow | Picture | Button | Rule


@dataclass(frozen=True, slots=True)
class EntryView:
    """One chat entry: either ``text`` or ``cards``, and quick replies."""

    id: int
    side: str
    time: str
    text: str | None = None
    cards: list[list[Item]] = field(default_factory=list)
    quick: list[Button] = field(default_factory=list)


def entry_view(entry: ChatEntry, public_url: str) -> EntryView:
    """How one entry is drawn; times in Japan's time."""
    message = entry.message
    reader = _Reader(message, public_url)
    cards = [list(reader.part(part)) for part in _parts(message)]
    time = datetime.fromtimestamp(entry.at_ms / 1000, UTC).astimezone(JST).strftime("%H:%M")
    text = None if cards else _plain_text(message)
    return EntryView(entry.id, entry.side, time, text, cards, list(reader.quick_replies()))


def _plain_text(message: JsonObject) -> str:
    return str(message.get("text") or message.get("altText") or f"[{message.get('type')}]")


def _parts(message: JsonObject) -> list[Any]:
    """Bubbles of a Flex message, columns of a template."""
    if message.get("type") == "flex":
        container = message["contents"]
        return list(container["contents"]) if container["type"] == "carousel" else [container]
    template = message.get("template")
    if message.get("type") == "template" and isinstance(template, dict):
        columns = template.get("columns")
        return columns if isinstance(columns, list) else [template]
    return []


class _Reader:
    """Walks one message; actions get the position they have among ``tappables``."""

    def __init__(self, message: JsonObject, public_url: str) -> None:
        self._message = message
        self._origin = urlsplit(public_url)[:2]
        self._positions = {id(t.action): i for i, t in enumerate(tappables(message))}

    def part(self, part: object) -> Iterator[Item]:
        """A bubble or a template column."""
        if not isinstance(part, dict):
            return
        if part.get("type") == "bubble":
            for block in ("header", "hero", "body", "footer"):
                yield from self._component(part.get(block))
            yield from self._clickable(part)
        else:
            yield from self._column(part)

    def quick_replies(self) -> Iterator[Button]:
        """Buttons under the message."""
        for item in (self._message.get("quickReply") or {}).get("items", []):
            yield self._button(item["action"], "")

    def _column(self, column: Mapping[str, Any]) -> Iterator[Item]:
        for name in ("title", "text"):
            if isinstance(column.get(name), str):
                yield TextRow([column[name]], strong=name == "title")
        for action in column.get("actions") or []:
            if id(action) in self._positions:
                yield self._button(action, "")

    def _component(self, component: object) -> Iterator[Item]:
        if not isinstance(component, dict):
            return
        match component.get("type"):
            case "box":
                yield from self._box(component)
            case "text":
                yield TextRow(["".join(texts(component))], strong=component.get("weight") == "bold")
                yield from self._clickable(component)
            case "image":
                yield from self._image(component)
            case "video":
                yield from self._component(component.get("altContent"))
            case "button":
                yield self._button(component["action"], "", primary=component.get("style") == "primary")
            case "separator":
                yield Rule()

    def _box(self, box: Mapping[str, Any]) -> Iterator[Item]:
        children: list[Any] = box["contents"]
        in_a_row = box.get("layout") != "vertical" and _only_texts(children)
        if in_a_row:
            yield TextRow(["".join(texts(child)) for child in children if child.get("type") == "text"])
        for child in children:
            yield from self._clickable(child) if in_a_row else self._component(child)
        yield from self._clickable(box)

    def _clickable(self, component: Mapping[str, Any]) -> Iterator[Item]:
        """A part with an action of its own becomes a button after it."""
        if isinstance(component.get("action"), dict):
            yield self._button(component["action"], next(iter(texts(component)), ""))

    def _button(self, action: JsonObject, fallback: str, *, primary: bool = False) -> Button:
        label = str(action.get("label") or fallback or "▶")
        position = self._positions[id(action)]
        can_tap = action.get("type") in TAPPABLE_KINDS
        return Button(label, position, web_link(action), can_tap, primary)

    def _image(self, image: Mapping[str, Any]) -> Iterator[Item]:
        """A picture, itself the link where it has one; a button follows where a tap does something else."""
        action, url = image.get("action") or {}, str(image["url"])
        href = web_link(action)
        yield Picture(self._own_path(url), url, href, str(action.get("label") or "") if href else "")
        if href is None:
            yield from self._clickable(image)

    def _own_path(self, url: str) -> str | None:
        """Pictures of this server are shown by their path; the page loads nothing from elsewhere."""
        parts = urlsplit(url)
        if parts[:2] != self._origin:
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")


def _only_texts(children: Iterable[Mapping[str, Any]]) -> bool:
    return all(child.get("type") in ("text", "icon", "filler") for child in children)


def web_link(action: JsonObject) -> str | None:
    """The address of a link action when a browser may open it: http or https."""
    uri = action.get("uri")
    if action.get("type") != "uri" or not isinstance(uri, str):
        return None
    return uri if urlsplit(uri).scheme in ("http", "https") else None
