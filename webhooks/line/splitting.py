"""Cut the events out of a call that is not sound JSON as a whole, so that one broken event harms only itself.

Half an emoji in a chat message (``"\\ud83d"``), a NaN or very deep nesting make a strict reader refuse the whole
call. Only strings and brackets are looked at here; every piece is then read strictly on its own.
"""

import re
from collections.abc import Iterator

# A string without its end takes the rest, so that no byte is looked at twice.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
_EVENTS = re.compile(rb'"events"\s*:\s*\[')
_OPENING, _CLOSING = frozenset(b"[{"), frozenset(b"]}")


def split_events(body: bytes) -> list[bytes] | None:
    """The pieces between the commas of the call's list ``events``; None when no whole list is there."""
    start = _start_of_events(body)
    return None if start is None else _pieces(body, start)


def _start_of_events(body: bytes) -> int | None:
    """Where the list begins: behind the key ``events`` of the outermost object, not one further inside."""
    for depth, token in _tokens(body, 0):
        if depth == 1 and token.group() == b'"events"':
            found = _EVENTS.match(body, token.start())
            if found is not None:
                return found.end()
    return None


def _pieces(body: bytes, start: int) -> list[bytes] | None:
    pieces: list[bytes] = []
    begin = start
    for depth, token in _tokens(body, start):
        ends = depth == -1
        if ends or (depth == 0 and token.group() == b","):
            pieces.append(body[begin : token.start()].strip())
            begin = token.end()
        if ends:
            return pieces if pieces != [b""] else []
    return None


def _tokens(body: bytes, start: int) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Every string, bracket and comma with the depth it stands at; a closing bracket stands outside itself."""
    depth = 0
    for token in _TOKEN.finditer(body, start):
        mark = token.group()[0]
        depth += (mark in _OPENING) - (mark in _CLOSING)
        yield depth, token
