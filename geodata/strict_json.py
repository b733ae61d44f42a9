"""JSON from strangers: size, depth and number tokens are judged on the raw bytes, before any parser sees them.

A parser given 200,000 nested arrays runs out of stack, and Python's accepts NaN; both are refused by a scan that
takes time and memory in proportion to the text and builds nothing.
"""

import json
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

QUOTE, BACKSLASH = ord('"'), ord("\\")


class JsonRefused(ValueError):
    """The text was not parsed; `reason` is one of too_large, too_deep, not_a_number, invalid."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(text: bytes, max_bytes: int, max_depth: int) -> Any:
    """Parse UTF-8 JSON of at most max_bytes whose arrays and objects nest at most max_depth deep.

    Raises JsonRefused, and nothing else, for any bytes.
    """
    if len(text) > max_bytes:
        raise JsonRefused("too_large")
    bare = _outside_strings(np.frombuffer(text, dtype=np.uint8))
    if _depth(bare) > max_depth:
        raise JsonRefused("too_deep")
    if any(token in bare.tobytes() for token in (b"NaN", b"Infinity")):
        raise JsonRefused("not_a_number")
    try:
        return json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
    except ValueError as error:
        raise JsonRefused("invalid") from error


def _refuse_constant(_token: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _outside_strings(text: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Keep the bytes that stand outside string literals; exact for every prefix that is valid JSON."""
    quotes = np.flatnonzero(text == QUOTE)
    quotes = quotes[_backslashes_before(text, quotes) % 2 == 0]
    toggles = np.zeros(len(text), dtype=np.uint8)
    toggles[quotes] = 1
    inside = np.bitwise_xor.accumulate(toggles)  # the opening quote counts as inside, the closing one does not
    outside: NDArray[np.uint8] = text[(inside | toggles) == 0]
    return outside


def _backslashes_before(text: NDArray[np.uint8], positions: NDArray[np.intp]) -> NDArray[np.intp]:
    """Count the unbroken run of backslashes that ends just before each position."""
    others = np.flatnonzero(text != BACKSLASH)
    rank = np.searchsorted(others, positions)  # positions hold quotes, so each is itself among `others`
    previous = np.where(rank > 0, others[np.maximum(rank - 1, 0)], -1) if len(others) else positions - 1
    return positions - 1 - previous


def _depth(bare: NDArray[np.uint8]) -> int:
    steps = np.zeros(256, dtype=np.int8)
    steps[list(b"[{")] = 1
    steps[list(b"]}")] = -1
    return int(np.cumsum(steps[bare], dtype=np.int64).max(initial=0))
