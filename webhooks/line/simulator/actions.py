"""Which button somebody means: found in the chat by its label, or by what it carries."""

from collections.abc import Iterable

from webhooks.line.chatview.actions import Tappable, tappables
from webhooks.line.simulator.state import ChatEntry, JsonObject


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
