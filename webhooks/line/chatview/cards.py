"""Messages as the chat page draws them: plain text, cards from Flex and templates, quick replies.

The very JSON that goes to LINE becomes a tree of views with class names (``looks``); the template escapes texts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from webhooks.line.chatview import looks
from webhooks.line.chatview.actions import BLOCKS, JsonObject, tappables, texts

JST = timezone(timedelta(hours=9))


class Entry(Protocol):
    """A message in a chat: said by ``account`` or ``resident``, at a time in ms since 1970 UTC."""

    @property
    def id(self) -> int:
        """Its number in this chat."""

    @property
    def at_ms(self) -> int:
        """When it was said."""

    @property
    def side(self) -> str:
        """Who said it."""

    @property
    def message(self) -> JsonObject:
        """The message object as sent."""


@dataclass(frozen=True, slots=True)
class Tap:
    """What a tap does: opens ``href``, or does the action at ``position`` among those of the message.

    ``says`` is what the chat will show as said; neither link nor ``can_tap`` means that this page cannot do it.
    """

    label: str
    position: int
    href: str | None = None
    is_own: bool = False
    can_tap: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A stack or row."""

    classes: str
    children: tuple["Component", ...]
    kind: Literal["box"] = "box"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a card."""

    classes: str
    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Picture:
    """``src`` is a path on this very server, or None for a picture that the page may not load."""

    classes: str
    src: str | None
    url: str
    link: Tap | None
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a card; ``place`` are the classes of what stands in the box, be it the button or its form."""

    classes: str
    place: str
    tap: Tap
    kind: Literal["button"] = "button"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between parts."""

    classes: str
    kind: Literal["rule"] = "rule"


Component = Box | Text | Picture | Button | Rule


@dataclass(frozen=True, slots=True)
class Block:
    """Header, hero, body or footer of a card."""

    classes: str
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A bubble, or a column of a template."""

    classes: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One chat entry: either ``text`` or ``cards``, and quick replies. ``key`` is its own in every simulator."""

    id: int
    key: str
    side: str
    time: str
    alt: str
    text: str | None = None
    cards: tuple[Card, ...] = ()
    quick: tuple[Tap, ...] = field(default=())


def entry_view(entry: Entry, public_url: str) -> EntryView:
    """How one entry is drawn; times in Japan's time."""
    message = entry.message
    reader = _Reader(message, public_url)
    cards = tuple(reader.card(part) for part in _parts(message))
    time = datetime.fromtimestamp(entry.at_ms / 1000, UTC).astimezone(JST).strftime("%H:%M")
    return EntryView(
        id=entry.id,
        key=f"{entry.at_ms}-{entry.id}",
        side=entry.side,
        time=time,
        alt=str(message.get("altText") or ""),
        text=None if cards else _plain_text(message),
        cards=cards,
        quick=tuple(reader.quick_replies()),
    )


def _plain_text(message: JsonObject) -> str:
    return str(message.get("text") or message.get("altText") or f"[{message.get('type')}]")


def _parts(message: JsonObject) -> list[JsonObject]:
    """Bubbles of a Flex message, columns of a template."""
    if message.get("type") == "flex":
        container = message["contents"]
        return list(container["contents"]) if container["type"] == "carousel" else [container]
    template = message.get("template")
    if message.get("type") == "template" and isinstance(template, dict):
        columns = template.get("columns")
        return [part for part in columns if isinstance(part, dict)] if isinstance(columns, list) else [template]
    return []


class _Reader:
    """Walks one message; actions get the position they have among ``tappables``."""

    def __init__(self, message: JsonObject, public_url: str) -> None:
        self._message = message
        self._origin = urlsplit(public_url)[:2]
        self._positions = {id(t.action): i for i, t in enumerate(tappables(message))}

    def card(self, part: JsonObject) -> Card:
        """A bubble or a template column."""
        if part.get("type") != "bubble":
            return Card(
                "card-mega", (Block("block-body", (Box("box-vertical gap-md", tuple(self._column(part))),)),)
            )
        blocks = [self._block(part, block) for block in BLOCKS if isinstance(part.get(block), dict)]
        whole = tuple(self._clickable(part))
        return Card(looks.bubble_classes(part), (*blocks, *([Block("block-footer", whole)] if whole else [])))

    def quick_replies(self) -> Iterator[Tap]:
        """Buttons under the message."""
        for item in (self._message.get("quickReply") or {}).get("items", []):
            yield self._tap(item["action"])

    def _block(self, bubble: JsonObject, block: str) -> Block:
        return Block(looks.block_classes(bubble, block), tuple(self._component(bubble[block])))

    def _column(self, column: Mapping[str, Any]) -> Iterator[Component]:
        for name in ("title", "text"):
            if isinstance(column.get(name), str):
                look = {"wrap": True, "weight": "bold" if name == "title" else "regular"}
                yield Text(looks.text_classes(look), column[name])
        for action in column.get("actions") or []:
            if id(action) in self._positions:
                yield Button(looks.button_classes({}), "", self._tap(action))

    def _component(self, component: object) -> Iterator[Component]:
        if not isinstance(component, dict):
            return
        place = looks.place_classes(component)
        match component.get("type"):
            case "box":
                yield self._box(component, place)
            case "text":
                yield Text(f"{looks.text_classes(component)} {place}", "".join(texts(component)))
                yield from self._clickable(component)
            case "image":
                yield from self._image(component, place)
            case "video":
                yield from self._component(component.get("altContent"))
            case "button":
                yield Button(looks.button_classes(component), place, self._tap(component["action"]))
            case "separator":
                yield Rule(place)

    def _box(self, box: Mapping[str, Any], place: str) -> Box:
        children = [child for component in box["contents"] for child in self._component(component)]
        return Box(f"{looks.box_classes(box)} {place}", (*children, *self._clickable(box)))

    def _image(self, image: Mapping[str, Any], place: str) -> Iterator[Component]:
        """A picture, itself the link where it has one; a button follows where a tap does something else."""
        url = str(image["url"])
        tap = self._tap(image["action"]) if isinstance(image.get("action"), dict) else None
        link = tap if tap is not None and tap.href else None
        yield Picture(f"{looks.picture_classes(image)} {place}", self._own_path(url), url, link)
        if link is None:
            yield from self._clickable(image)

    def _clickable(self, component: Mapping[str, Any]) -> Iterator[Component]:
        """A part with an action of its own becomes a button after it."""
        if isinstance(component.get("action"), dict):
            fallback = next(iter(texts(component)), "")
            yield Button(looks.button_classes({}), "", self._tap(component["action"], fallback))

    def _tap(self, action: JsonObject, fallback: str = "") -> Tap:
        label = str(action.get("label") or fallback or "▶")
        position = self._positions[id(action)]
        link = web_link(action)
        if link is not None:
            own = self._own_path(link)
            return Tap(label, position, own or link, is_own=own is not None)
        says = {"postback": "displayText", "message": "text"}.get(str(action.get("type")))
        return Tap(label, position, can_tap=says is not None, says=str(action.get(says) or "") if says else "")

    def _own_path(self, url: str) -> str | None:
        """The path of what is on this server, which is all that the page itself loads."""
        parts = urlsplit(url)
        if parts[:2] != self._origin:
            return None
        # One slash only: "//host" would lead away from here.
        return "/" + parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")


def web_link(action: JsonObject) -> str | None:
    """The address of a link action when a browser may open it: http or https."""
    uri = action.get("uri")
    if action.get("type") != "uri" or not isinstance(uri, str):
        return None
    return uri if urlsplit(uri).scheme in ("http", "https") else None
