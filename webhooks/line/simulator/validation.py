"""The part of LINE's message checks that a product can get wrong without noticing.

Limits come from the public reference of the Messaging API (message objects, Flex, actions); the OpenAPI
specification leaves most of them out. A violation names the property as LINE does: ``messages[0].altText``.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MAX_MESSAGES = 5
MAX_TEXT = 5000
MAX_ALT_TEXT = 1500
MAX_BUBBLES = 12
MAX_BUBBLE_BYTES = 30_000
MAX_CAROUSEL_BYTES = 50_000
MAX_QUICK_REPLIES = 13
MAX_DATA = 300
MAX_ACTION_TEXT = 300
MAX_ACTION_URI = 1000
MAX_MEDIA_URI = 2000
MAX_NESTING = 30
MAX_COLUMNS = 10
MAX_TEMPLATE_TEXT = 240
TEMPLATE_ACTIONS = {"buttons": 4, "confirm": 2, "carousel": 3}
FLEX_LABEL = 40
SHORT_LABEL = 20

LAYOUTS = frozenset({"horizontal", "vertical", "baseline"})
LINK_SCHEMES = frozenset({"http", "https", "line", "tel"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?")
ACTION_TYPES = frozenset(
    {
        "postback",
        "message",
        "uri",
        "clipboard",
        "datetimepicker",
        "camera",
        "cameraRoll",
        "location",
        "richmenuswitch",
    }
)
PLAIN_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "textV2": ("text",),
    "sticker": ("packageId", "stickerId"),
    "image": ("originalContentUrl", "previewImageUrl"),
    "video": ("originalContentUrl", "previewImageUrl"),
    "audio": ("originalContentUrl", "duration"),
    "location": ("title", "address", "latitude", "longitude"),
    "imagemap": ("baseUrl", "altText", "baseSize", "actions"),
}
"""Message types accepted as they are when these properties are there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One violated rule and the JSON path of the property."""

    property: str
    message: str


Problems = Iterator[Problem]


def message_problems(messages: object) -> list[Problem]:
    """All violations in the ``messages`` of a send request; empty when LINE would take them."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MAX_MESSAGES:
        return [Problem("messages", f"Size must be between 1 and {MAX_MESSAGES}")]
    return [p for i, message in enumerate(messages) for p in _message(message, f"messages[{i}]")]


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, as LINE counts texts and data."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def grapheme_length(text: str) -> int:
    """About the number of characters a person sees, as LINE counts labels.

    Combining marks, joiners, variation selectors, skin tones and what follows a joiner belong to the
    character before; two regional indicators are one flag. Unicode's full segmentation knows more.
    """
    count, joined, half_flag = 0, False, False
    for char in text:
        is_flag = "\U0001f1e6" <= char <= "\U0001f1ff"
        attached = joined or _extends(char) or (is_flag and half_flag)
        half_flag = is_flag and not half_flag
        joined = char == "\u200d"
        count += not attached
    return count


def _extends(char: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    return char == "\u200d" or is_skin_tone or unicodedata.category(char) in ("Mn", "Me", "Mc")


def json_size(value: object) -> int:
    """Bytes as sent with every non-ASCII character escaped: the largest of the usual encodings."""
    return len(json.dumps(value, separators=(",", ":")))


def _text(value: object, path: str, limit: int, measure: Callable[[str], int] = utf16_length) -> Problems:
    if not isinstance(value, str) or not value:
        yield Problem(path, "May not be empty")
    elif measure(value) > limit:
        yield Problem(path, f"Length must be between 0 and {limit}")


def _optional(value: object, path: str, limit: int, measure: Callable[[str], int] = utf16_length) -> Problems:
    if value is not None:
        yield from _text(value, path, limit, measure)


def _link(value: object, path: str, limit: int, schemes: frozenset[str]) -> Problems:
    yield from _text(value, path, limit)
    if isinstance(value, str) and value and _scheme(value) not in schemes:
        yield Problem(path, "Invalid URI scheme")


def _media(value: object, path: str) -> Problems:
    """Media must be https; http on loopback stands in for it, since a demo on one machine has no certificate."""
    on_loopback = isinstance(value, str) and _host(value) in LOOPBACK
    schemes = frozenset({"https", "http"}) if on_loopback else frozenset({"https"})
    yield from _link(value, path, MAX_MEDIA_URI, schemes)


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _message(message: object, path: str) -> Problems:
    if not isinstance(message, dict):
        yield Problem(path, "Must be an object")
        return
    kind = message.get("type")
    if kind == "text":
        yield from _text(message.get("text"), f"{path}.text", MAX_TEXT)
    elif kind == "flex":
        yield from _text(message.get("altText"), f"{path}.altText", MAX_ALT_TEXT)
        yield from _container(message.get("contents"), f"{path}.contents")
    elif kind == "template":
        yield from _text(message.get("altText"), f"{path}.altText", MAX_ALT_TEXT)
        yield from _template(message.get("template"), f"{path}.template")
    elif isinstance(kind, str) and kind in PLAIN_MESSAGES:
        yield from _plain_message(message, PLAIN_MESSAGES[kind], path)
    else:
        yield Problem(f"{path}.type", "Unknown message type")
    yield from _quick_reply(message.get("quickReply"), f"{path}.quickReply")


def _plain_message(message: dict[str, Any], required: tuple[str, ...], path: str) -> Problems:
    for name in required:
        if message.get(name) in (None, "", []):
            yield Problem(f"{path}.{name}", "May not be empty")
        elif name.endswith("Url"):
            yield from _media(message[name], f"{path}.{name}")


def _template(template: object, path: str) -> Problems:
    kind = template.get("type") if isinstance(template, dict) else None
    limit = TEMPLATE_ACTIONS.get(kind) if isinstance(kind, str) else None
    if not isinstance(template, dict) or limit is None:
        yield Problem(f"{path}.type", f"Must be one of {', '.join(TEMPLATE_ACTIONS)}")
        return
    if kind != "carousel":
        yield from _column(template, path, limit)
        return
    columns = template.get("columns")
    if not isinstance(columns, list) or not 1 <= len(columns) <= MAX_COLUMNS:
        yield Problem(f"{path}.columns", f"Size must be between 1 and {MAX_COLUMNS}")
        return
    for i, column in enumerate(columns):
        yield from _column(column, f"{path}.columns[{i}]", limit)


def _column(column: object, path: str, most_actions: int) -> Problems:
    if not isinstance(column, dict):
        yield Problem(path, "Must be an object")
        return
    yield from _text(column.get("text"), f"{path}.text", MAX_TEMPLATE_TEXT, grapheme_length)
    actions = column.get("actions")
    if not isinstance(actions, list) or not 1 <= len(actions) <= most_actions:
        yield Problem(f"{path}.actions", f"Size must be between 1 and {most_actions}")
        return
    for i, action in enumerate(actions):
        yield from _action(action, f"{path}.actions[{i}]", SHORT_LABEL, label_required=True)


def _quick_reply(quick_reply: object, path: str) -> Problems:
    if quick_reply is None:
        return
    items = quick_reply.get("items") if isinstance(quick_reply, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_QUICK_REPLIES:
        yield Problem(f"{path}.items", f"Size must be between 1 and {MAX_QUICK_REPLIES}")
        return
    for i, item in enumerate(items):
        action = item.get("action") if isinstance(item, dict) else None
        yield from _action(action, f"{path}.items[{i}].action", SHORT_LABEL, label_required=True)


def _container(container: object, path: str) -> Problems:
    kind = container.get("type") if isinstance(container, dict) else None
    if kind == "bubble":
        yield from _bubble(container, path)
    elif kind == "carousel" and isinstance(container, dict):
        yield from _carousel(container, path)
    else:
        yield Problem(f"{path}.type", "Must be bubble or carousel")


def _carousel(carousel: dict[str, Any], path: str) -> Problems:
    bubbles = carousel.get("contents")
    if not isinstance(bubbles, list) or not 1 <= len(bubbles) <= MAX_BUBBLES:
        yield Problem(f"{path}.contents", f"Size must be between 1 and {MAX_BUBBLES}")
        return
    if json_size(carousel) > MAX_CAROUSEL_BYTES:
        yield Problem(path, f"Carousel is larger than {MAX_CAROUSEL_BYTES // 1000} KB")
    if len({str(bubble.get("size", "mega")) for bubble in bubbles if isinstance(bubble, dict)}) > 1:
        yield Problem(path, "All bubbles of a carousel must have the same size")
    for i, bubble in enumerate(bubbles):
        yield from _bubble(bubble, f"{path}.contents[{i}]")


def _bubble(bubble: object, path: str) -> Problems:
    if not isinstance(bubble, dict) or bubble.get("type") != "bubble":
        yield Problem(f"{path}.type", "Must be bubble")
        return
    if json_size(bubble) > MAX_BUBBLE_BYTES:
        yield Problem(path, f"Bubble is larger than {MAX_BUBBLE_BYTES // 1000} KB")
    yield from _optional_action(bubble, path)
    for block in ("header", "hero", "body", "footer"):
        if block in bubble:
            yield from _block(bubble[block], block, f"{path}.{block}")


def _block(component: object, block: str, path: str) -> Problems:
    allowed = ("box", "image", "video") if block == "hero" else ("box",)
    if not isinstance(component, dict) or component.get("type") not in allowed:
        yield Problem(f"{path}.type", f"Must be one of {', '.join(allowed)}")
        return
    yield from _component(component, path, layout="vertical", depth=0)


def _component(component: object, path: str, layout: str, depth: int) -> Problems:
    if not isinstance(component, dict):
        yield Problem(path, "Must be an object")
        return
    if depth > MAX_NESTING:
        yield Problem(path, "Nested too deeply")
        return
    kind = component.get("type")
    if kind == "icon" and layout != "baseline":
        yield Problem(path, "icon is allowed only in a baseline box")
    check = COMPONENTS.get(kind) if isinstance(kind, str) else None
    if check is None:
        yield Problem(f"{path}.type", "Unknown component type")
        return
    yield from _colours(component, path)
    yield from check(component, path, depth)


def _colours(component: dict[str, Any], path: str) -> Problems:
    for name in ("color", "backgroundColor", "borderColor"):
        value = component.get(name)
        if value is not None and not (isinstance(value, str) and COLOUR.fullmatch(value)):
            yield Problem(f"{path}.{name}", "Invalid color")


def _box(box: dict[str, Any], path: str, depth: int) -> Problems:
    layout, contents = box.get("layout"), box.get("contents")
    if layout not in LAYOUTS:
        yield Problem(f"{path}.layout", "Must be horizontal, vertical or baseline")
    if not isinstance(contents, list):
        yield Problem(f"{path}.contents", "Must be an array")
        return
    yield from _optional_action(box, path)
    for i, child in enumerate(contents):
        yield from _component(child, f"{path}.contents[{i}]", str(layout), depth + 1)


def _flex_text(component: dict[str, Any], path: str, depth: int) -> Problems:
    yield from _optional_action(component, path)
    spans = component.get("contents")
    if spans is None:
        yield from _text(component.get("text"), f"{path}.text", MAX_BUBBLE_BYTES)
    elif not isinstance(spans, list):
        yield Problem(f"{path}.contents", "Must be an array")
    else:
        for i, span in enumerate(spans):
            is_span = isinstance(span, dict) and span.get("type") == "span"
            yield from () if is_span else (Problem(f"{path}.contents[{i}].type", "Must be span"),)


def _button(button: dict[str, Any], path: str, depth: int) -> Problems:
    yield from _action(button.get("action"), f"{path}.action", FLEX_LABEL, label_required=True)


def _image(image: dict[str, Any], path: str, depth: int) -> Problems:
    yield from _optional_action(image, path)
    yield from _media(image.get("url"), f"{path}.url")


def _video(video: dict[str, Any], path: str, depth: int) -> Problems:
    for name in ("url", "previewUrl"):
        yield from _media(video.get(name), f"{path}.{name}")
    yield from _component(video.get("altContent"), f"{path}.altContent", "vertical", depth + 1)


def _nothing(component: dict[str, Any], path: str, depth: int) -> Problems:
    yield from ()


COMPONENTS: Mapping[str, Callable[[dict[str, Any], str, int], Problems]] = {
    "box": _box,
    "button": _button,
    "filler": _nothing,
    "icon": _image,
    "image": _image,
    "separator": _nothing,
    "text": _flex_text,
    "video": _video,
}


def _optional_action(component: dict[str, Any], path: str) -> Problems:
    if "action" in component:
        yield from _action(component["action"], f"{path}.action", FLEX_LABEL, label_required=False)


def action_problems(action: object, path: str, label_limit: int) -> list[Problem]:
    """All violations in an action that needs a label."""
    return list(_action(action, path, label_limit, label_required=True))


def _action(action: object, path: str, label_limit: int, *, label_required: bool) -> Problems:
    if not isinstance(action, dict) or action.get("type") not in ACTION_TYPES:
        yield Problem(f"{path}.type", "Unknown action type")
        return
    label = _text if label_required else _optional
    yield from label(action.get("label"), f"{path}.label", label_limit, grapheme_length)
    yield from _action_payload(action, path)


def _action_payload(action: dict[str, Any], path: str) -> Problems:
    match action["type"]:
        case "postback":
            yield from _text(action.get("data"), f"{path}.data", MAX_DATA)
            yield from _optional(
                action.get("displayText"), f"{path}.displayText", MAX_ACTION_TEXT, grapheme_length
            )
        case "message":
            yield from _text(action.get("text"), f"{path}.text", MAX_ACTION_TEXT, grapheme_length)
        case "uri":
            yield from _link(action.get("uri"), f"{path}.uri", MAX_ACTION_URI, LINK_SCHEMES)
        case "clipboard":
            yield from _text(action.get("clipboardText"), f"{path}.clipboardText", 1000)
        case "datetimepicker" | "richmenuswitch":
            yield from _text(action.get("data"), f"{path}.data", MAX_DATA)
