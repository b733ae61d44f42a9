"""What can be tapped in a message: buttons, quick replies and clickable parts, with the text around them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from webhooks.line.simulator.state import ChatEntry, JsonObject

BLOCKS = ("header", "hero", "body", "footer")


@dataclass(frozen=True, slots=True)
class Tappable:
    """An action object as sent, and the texts of the bubble (or message) it stands in."""

    action: JsonObject
    bubble: str

    @property
    def label(self) -> str:
        """What stands on the button; for a clickable part without a label, nothing."""
        return str(self.action.get("label") or "")


def tappables(message: JsonObject) -> list[Tappable]:
    """All actions of a message in reading order, quick replies last."""
    found = [Tappable(action, text) for part, text in _parts(message) for action in _actions(part)]
    quick = message.get("quickReply")
    around = found[0].bubble if found else message_text(message)
    return found + [Tappable(action, around) for action in _actions(quick)]


def _parts(message: JsonObject) -> Iterator[tuple[object, str]]:
    """Bubbles or columns with their texts."""
    container = message.get("contents") if message.get("type") == "flex" else message.get("template")
    if not isinstance(container, dict):
        return
    columns = container.get("contents") if container.get("type") == "carousel" else None
    columns = container.get("columns") if columns is None else columns
    for part in columns if isinstance(columns, list) else [container]:
        yield part, " ".join(texts(part))


def _actions(node: object) -> Iterator[JsonObject]:
    """Action objects below a component, document order."""
    if isinstance(node, list):
        for child in node:
            yield from _actions(child)
    elif isinstance(node, dict):
        for name, child in _in_order(node):
            if name in ("action", "defaultAction") and isinstance(child, dict):
                yield child
            else:
                yield from _actions(child) if name != "actions" else _action_list(child)


def _in_order(node: JsonObject) -> list[tuple[str, Any]]:
    """The properties of a component as they stand on the screen, whatever their order in the JSON."""
    return sorted(node.items(), key=lambda item: BLOCKS.index(item[0]) if item[0] in BLOCKS else -1)


def _action_list(value: object) -> Iterator[JsonObject]:
    yield from (action for action in value if isinstance(action, dict)) if isinstance(value, list) else ()


def texts(node: object) -> Iterator[str]:
    """All texts below a component, document order."""
    if isinstance(node, list):
        for child in node:
            yield from texts(child)
    elif isinstance(node, dict):
        for name in ("title", "text"):
            if isinstance(node.get(name), str):
                yield node[name]
        for name, child in _in_order(node):
            if name not in ("action", "actions", "defaultAction"):
                yield from texts(child)


def message_text(message: JsonObject) -> str:
    """The text of a message, or what it shows where it cannot be drawn."""
    value: Any = message.get("text") or message.get("altText") or ""
    return str(value)


def find_tap(
    chat: Iterable[ChatEntry], *, label: str, nth: int = 0, bubble_contains: str | None = None
) -> Tappable | None:
    """The ``nth`` button so labelled in the newest answer of the account that has so many; None without one.

    All messages of one API call are one answer. A label that is exactly equal goes before one that contains it.
    """
    for answer in _answers(chat):
        candidates = [t for message in answer for t in tappables(message)]
        if bubble_contains is not None:
            candidates = [t for t in candidates if bubble_contains in t.bubble]
        exact = [t for t in candidates if t.label == label]
        matches = exact or [t for t in candidates if label in t.label]
        if nth < len(matches):
            return matches[nth]
    return None


def find_data(chat: Iterable[ChatEntry], data: str) -> JsonObject | None:
    """The newest postback action with this data."""
    for answer in _answers(chat):
        for message in answer:
            for tappable in tappables(message):
                if tappable.action.get("type") == "postback" and tappable.action.get("data") == data:
                    return tappable.action
    return None


def _answers(chat: Iterable[ChatEntry]) -> list[list[JsonObject]]:
    """The account's messages by API call, newest call first."""
    by_batch: dict[str, list[JsonObject]] = {}
    for entry in chat:
        if entry.side == "account":
            by_batch.setdefault(entry.batch, []).append(entry.message)
    return list(reversed(by_batch.values()))
