"""The limits that LINE documents but its OpenAPI specification leaves out, for the messages we send.

``check_messages`` knows only the parts that ``flex`` builds and refuses anything else, so that a new part
cannot be sent without its limits having been written down here. Numbers: LINE's Messaging API reference.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import urlsplit

from webhooks.line.messages.graphemes import grapheme_length, utf16_length

Json = Mapping[str, Any]

# LINE says KB without saying of what; thousands are the smaller reading.
BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
REQUEST_BYTES = 2_000_000
MESSAGES = 5
BUBBLES = 12
QUICK_REPLIES = 13
TEXT_UNITS = 5000
# LINE takes 1,500, but older apps and the chat list show far less: what matters has to stand in front.
ALT_TEXT_UNITS = 400
BUTTON_LABEL = 40
QUICK_REPLY_LABEL = 20
CHAT_TEXT = 300
DATA_UNITS = 300
URI_UNITS = 1000
IMAGE_URL_UNITS = 2000

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?")
_URI = re.compile(r"(?:https?|line|tel):[!-~]+")
_RATIO = re.compile(r"([1-9][0-9]{0,4}):([1-9][0-9]{0,4})")
_COLOUR_KEYS = ("color", "backgroundColor", "borderColor")


class MessageLimitError(ValueError):
    """A message that LINE would refuse: ``path`` says where, ``problem`` what and by how much."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


def json_sizes(value: object) -> tuple[int, int]:
    r"""The bytes of a value as compact UTF-8 JSON, and as ASCII JSON with ``\uXXXX`` and spaces.

    LINE does not say which it measures, and clients send both.
    """
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(compact.encode()), len(json.dumps(value))


def json_size(value: object) -> int:
    """The larger of the two readings of a value's size, in bytes."""
    return max(json_sizes(value))


def check_messages(messages: Sequence[Json]) -> None:
    """Nothing, when LINE's limits allow these messages in one request.

    Raises:
        MessageLimitError: with the path of the first part that is over a limit or not built here.
    """
    _within("messages", len(messages), MESSAGES, "messages")
    for index, message in enumerate(messages):
        _check_message(f"messages[{index}]", message)
    _within("messages", json_size(messages), REQUEST_BYTES, "bytes")


def _check_message(path: str, message: Json) -> None:
    if message["type"] == "text":
        _within(f"{path}.text", utf16_length(message["text"]), TEXT_UNITS, "UTF-16 units")
    elif message["type"] == "flex":
        _within(f"{path}.altText", utf16_length(message["altText"]), ALT_TEXT_UNITS, "UTF-16 units")
        _check_container(f"{path}.contents", message["contents"])
    else:
        _unknown(path, message)
    if "quickReply" in message:
        _check_quick_reply(f"{path}.quickReply.items", message["quickReply"]["items"])


def _check_quick_reply(path: str, items: Sequence[Json]) -> None:
    _within(path, len(items), QUICK_REPLIES, "quick replies")
    for index, item in enumerate(items):
        _check_offered(f"{path}[{index}].action", item["action"])


def _check_offered(path: str, action: Json) -> None:
    """A quick reply: here alone a position can be asked for, which has a label and nothing else."""
    _within(f"{path}.label", grapheme_length(action.get("label", "")), QUICK_REPLY_LABEL, "characters")
    if action["type"] != "location":
        _check_action(path, action)


def _check_container(path: str, container: Json) -> None:
    if container["type"] == "bubble":
        _check_bubble(path, container)
    elif container["type"] == "carousel":
        _check_carousel(path, container)
    else:
        _unknown(path, container)


def _check_carousel(path: str, carousel: Json) -> None:
    bubbles = carousel["contents"]
    _within(f"{path}.contents", len(bubbles), BUBBLES, "bubbles")
    if len({bubble.get("size") for bubble in bubbles}) > 1:
        raise MessageLimitError(f"{path}.contents", "all bubbles of a carousel have the same size")
    for index, bubble in enumerate(bubbles):
        _check_bubble(f"{path}.contents[{index}]", bubble)
    _within(path, json_size(carousel), CAROUSEL_BYTES, "bytes")


def _check_bubble(path: str, bubble: Json) -> None:
    for block in ("header", "hero", "body", "footer"):
        if block in bubble:
            _check_component(f"{path}.{block}", bubble[block])
    for block, style in bubble.get("styles", {}).items():
        _check_colours(f"{path}.styles.{block}", style)
    _within(path, json_size(bubble), BUBBLE_BYTES, "bytes")


def _check_component(path: str, component: Json) -> None:
    _check_colours(path, component)
    match component["type"]:
        case "box":
            for index, child in enumerate(component["contents"]):
                _check_component(f"{path}.contents[{index}]", child)
        case "text":
            _within(f"{path}.text", utf16_length(component["text"]), TEXT_UNITS, "UTF-16 units")
        case "button":
            _check_labelled(f"{path}.action", component["action"], BUTTON_LABEL)
        case "image":
            _check_image(path, component)
        case "separator":
            pass
        case _:
            _unknown(path, component)


def _check_image(path: str, image: Json) -> None:
    _within(f"{path}.url", utf16_length(image["url"]), IMAGE_URL_UNITS, "UTF-16 units")
    if not is_picture_url(image["url"]):
        raise MessageLimitError(f"{path}.url", "LINE shows pictures from https addresses only")
    ratio = _RATIO.fullmatch(image.get("aspectRatio", "1:1"))
    if ratio is None or int(ratio[2]) > 3 * int(ratio[1]):
        raise MessageLimitError(f"{path}.aspectRatio", "width:height, at most three times as high as wide")
    if "action" in image:
        _check_action(f"{path}.action", image["action"])


def is_picture_url(url: str) -> bool:
    """Whether the URL may stand in an image: https, or http on this machine, where only a simulator looks."""
    if not _URI.fullmatch(url):
        return False
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


def _check_labelled(path: str, action: Json, limit: int) -> None:
    _within(f"{path}.label", grapheme_length(action.get("label", "")), limit, "characters")
    _check_action(path, action)


def _check_action(path: str, action: Json) -> None:
    match action["type"]:
        case "postback":
            _within(f"{path}.data", utf16_length(action["data"]), DATA_UNITS, "UTF-16 units")
            _within(f"{path}.displayText", grapheme_length(action["displayText"]), CHAT_TEXT, "characters")
        case "message":
            _within(f"{path}.text", grapheme_length(action["text"]), CHAT_TEXT, "characters")
        case "uri":
            _within(f"{path}.uri", utf16_length(action["uri"]), URI_UNITS, "UTF-16 units")
            if not _URI.fullmatch(action["uri"]):
                raise MessageLimitError(f"{path}.uri", "http, https, line or tel, percent-encoded")
        case _:
            _unknown(path, action)


def _check_colours(path: str, part: Json) -> None:
    for key in _COLOUR_KEYS:
        if key in part and not _COLOUR.fullmatch(part[key]):
            raise MessageLimitError(f"{path}.{key}", "a colour is #RRGGBB or #RRGGBBAA")


def _within(path: str, measured: int, limit: int, unit: str) -> None:
    if not 1 <= measured <= limit:
        raise MessageLimitError(path, f"{measured} {unit}, allowed are 1 to {limit}")


def _unknown(path: str, part: Json) -> NoReturn:
    raise MessageLimitError(f"{path}.type", f"{part['type']!r} is nothing that we send")
