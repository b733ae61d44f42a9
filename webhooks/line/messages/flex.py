"""Typed builders for the part of LINE's message format that we use; each gives plain JSON.

Every text wraps and grows with the reader's font size. Colours are explicit, text and ground, so that a
bubble reads the same in light and dark mode: LINE does not recolour what is given.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NotRequired, TypedDict

Message = dict[str, Any]
"""One message object of a request's ``messages``."""

PAPER = "#FFFFFF"
INK = "#1A1A1C"
QUIET = "#555558"
LINK = "#0017C1"
LINE_GREEN = "#06C755"
LINE_DARK_LABEL = "#111111"
"""The label colour LINE gives a button of style ``secondary``; white on its green would not be readable."""

TextSize = Literal["sm", "md", "lg", "xl"]
BubbleSize = Literal["kilo", "mega"]
Margin = Literal["none", "sm", "md", "lg"]


class PostbackAction(TypedDict):
    """Sends ``data`` to us and shows ``displayText`` as said by the person."""

    type: Literal["postback"]
    label: str
    data: str
    displayText: str


class MessageAction(TypedDict):
    """Says ``text`` in the chat for the person."""

    type: Literal["message"]
    label: str
    text: str


class UriAction(TypedDict):
    """Opens a page."""

    type: Literal["uri"]
    label: str
    uri: str


class LocationAction(TypedDict):
    """Asks for a position on the phone's map; only among quick replies."""

    type: Literal["location"]
    label: str


Action = PostbackAction | MessageAction | UriAction | LocationAction


class Text(TypedDict):
    """A paragraph."""

    type: Literal["text"]
    text: str
    size: TextSize
    weight: Literal["regular", "bold"]
    color: str
    margin: Margin
    wrap: Literal[True]
    scaling: Literal[True]
    flex: NotRequired[int]


class Button(TypedDict):
    """A button; style ``secondary`` has a dark label on ``color``, ``link`` a label in ``color``."""

    type: Literal["button"]
    action: Action
    style: Literal["secondary", "link"]
    color: str
    height: Literal["sm", "md"]
    scaling: Literal[True]
    flex: NotRequired[int]


class Separator(TypedDict):
    """A thin line."""

    type: Literal["separator"]
    margin: Margin


class Image(TypedDict):
    """A picture, cut to its aspect ratio."""

    type: Literal["image"]
    url: str
    size: Literal["full"]
    aspectRatio: str
    aspectMode: Literal["cover"]
    action: Action


class Box(TypedDict):
    """A stack or row of components."""

    type: Literal["box"]
    layout: Literal["vertical", "horizontal"]
    contents: list["Component"]
    spacing: Literal["sm", "md"]
    alignItems: NotRequired[Literal["center"]]


Component = Box | Text | Button | Separator | Image


class BlockStyle(TypedDict):
    """The ground of one block of a bubble."""

    backgroundColor: str


class Bubble(TypedDict):
    """One card."""

    type: Literal["bubble"]
    size: BubbleSize
    hero: NotRequired[Image]
    body: Box
    footer: NotRequired[Box]
    styles: dict[str, BlockStyle]


class Carousel(TypedDict):
    """Cards side by side."""

    type: Literal["carousel"]
    contents: list[Bubble]


def postback(label: str, data: str, display: str) -> PostbackAction:
    """An action that reaches our webhook; ``display`` (<= 300 characters) is what the chat shows as said."""
    return {"type": "postback", "label": label, "data": data, "displayText": display}


def say(label: str, text: str) -> MessageAction:
    """An action that says something in the chat (<= 300 characters)."""
    return {"type": "message", "label": label, "text": text}


def link(label: str, uri: str) -> UriAction:
    """An action that opens a page; the URI (<= 1000 characters) is percent-encoded."""
    return {"type": "uri", "label": label, "uri": uri}


def ask_location(label: str) -> LocationAction:
    """An action that lets the person send a position; only for quick replies."""
    return {"type": "location", "label": label}


def paragraph(text: str, size: TextSize = "md", margin: Margin = "none", *, quiet: bool = False) -> Text:
    """Running text; ``quiet`` for what is less important."""
    return _text(text, size, "regular", QUIET if quiet else INK, margin)


def heading(text: str, size: TextSize = "lg", margin: Margin = "none") -> Text:
    """The title of a card or of a part of it."""
    return _text(text, size, "bold", INK, margin)


def _text(text: str, size: TextSize, weight: Literal["regular", "bold"], color: str, margin: Margin) -> Text:
    return {
        "type": "text",
        "text": text,
        "size": size,
        "weight": weight,
        "color": color,
        "margin": margin,
        "wrap": True,
        "scaling": True,
    }


def main_button(action: Action) -> Button:
    """The one thing a card asks for: a dark label on LINE's green."""
    return _button(action, "secondary", LINE_GREEN, "md")


def link_button(action: Action) -> Button:
    """Anything else a card offers."""
    return _button(action, "link", LINK, "sm")


def _button(
    action: Action, style: Literal["secondary", "link"], color: str, height: Literal["sm", "md"]
) -> Button:
    return {
        "type": "button",
        "action": action,
        "style": style,
        "color": color,
        "height": height,
        "scaling": True,
    }


def separator() -> Separator:
    """A line between two parts of a card."""
    return {"type": "separator", "margin": "lg"}


def picture(url: str, action: Action) -> Image:
    """A 4:3 picture over the full width that opens something when tapped."""
    return {
        "type": "image",
        "url": url,
        "size": "full",
        "aspectRatio": "4:3",
        "aspectMode": "cover",
        "action": action,
    }


def row(text: Text, button: Button) -> Box:
    """A text with its button to the right."""
    contents: list[Component] = [{**text, "flex": 3}, {**button, "flex": 2}]
    return {
        "type": "box",
        "layout": "horizontal",
        "contents": contents,
        "spacing": "sm",
        "alignItems": "center",
    }


def bubble(
    body: Sequence[Component],
    footer: Sequence[Component] = (),
    hero: Image | None = None,
    size: BubbleSize = "mega",
) -> Bubble:
    """A card with its picture above and its buttons below; all cards of a carousel have one size."""
    card: Bubble = {
        "type": "bubble",
        "size": size,
        "body": _stack(body, "md"),
        "styles": {"body": {"backgroundColor": PAPER}, "footer": {"backgroundColor": PAPER}},
    }
    if hero is not None:
        card["hero"] = hero
    if footer:
        card["footer"] = _stack(footer, "sm")
    return card


def _stack(contents: Sequence[Component], spacing: Literal["sm", "md"]) -> Box:
    return {"type": "box", "layout": "vertical", "contents": list(contents), "spacing": spacing}


def carousel(bubbles: Sequence[Bubble]) -> Carousel:
    """Up to 12 cards side by side, 50 KB together."""
    return {"type": "carousel", "contents": list(bubbles)}


def flex_message(alt_text: str, contents: Bubble | Carousel, quick: Iterable[Action] = ()) -> Message:
    """A Flex message; ``alt_text`` is what notifications, the chat list and old clients show."""
    return _with_quick_replies({"type": "flex", "altText": alt_text, "contents": contents}, quick)


def text_message(text: str, quick: Iterable[Action] = ()) -> Message:
    """A plain text (<= 5000 UTF-16 units)."""
    return _with_quick_replies({"type": "text", "text": text}, quick)


def _with_quick_replies(message: Message, quick: Iterable[Action]) -> Message:
    items = [{"type": "action", "action": action} for action in quick]
    return {**message, "quickReply": {"items": items}} if items else message
