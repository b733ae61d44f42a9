"""What can be tapped in a message: buttons, quick replies and clickable parts, with the text around them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

JsonObject = dict[str, Any]
"""A decoded JSON object."""

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
