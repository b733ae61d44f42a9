"""Text formats read in columns: lines are sorted by their first word, and each sort's numbers are read at once.

Text is taken in blocks of about a megabyte, so that time and memory grow with the file and no faster.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.errors import reject
from geodata.ingest.formats.part import Floats, Numbers

BOM = b"\xef\xbb\xbf"
BLOCK_BYTES = 1_000_000
MAX_LINE_BYTES = 65_536
MAX_WORD = 10

_NEWLINE, _SPACE = ord("\n"), ord(" ")
_BLANKS = b" \t\r\n\v\f"
_NO_FLOAT = re.compile(b"[^" + re.escape(b"0123456789+-.eE" + _BLANKS) + b"]")
_NO_INTEGER = re.compile(b"[^" + re.escape(b"-0123456789" + _BLANKS) + b"]")


class Block:
    """Some whole lines of a text. Lines are numbered inside the block; empty ones have no word."""

    def __init__(self, text: bytes) -> None:
        self._codes = np.frombuffer(text if text.endswith(b"\n") else text + b"\n", np.uint8)
        ends = np.flatnonzero(self._codes == _NEWLINE)
        self._lengths = np.diff(ends, prepend=-1)
        if self._lengths.max() > MAX_LINE_BYTES:
            reject("text_line_too_long", limit=MAX_LINE_BYTES)
        starts = word_starts(self._codes)
        line_of_word = np.searchsorted(ends, starts)
        is_first = np.diff(line_of_word, prepend=-1) > 0
        self._firsts = starts[is_first]
        self._line_numbers = line_of_word[is_first]
        self._word_counts = np.diff(np.append(np.flatnonzero(is_first), len(starts)))

    @cached_property
    def words(self) -> NDArray[np.bytes_]:
        """The first word of each line that is not empty, cut after ten letters."""
        places = self._firsts[:, None] + np.arange(MAX_WORD)
        letters = self._codes[np.minimum(places, len(self._codes) - 1)]
        letters = letters * np.minimum.accumulate(letters > _SPACE, axis=1)
        return np.ascontiguousarray(letters).view(f"S{MAX_WORD}")[:, 0]

    def kinds(self) -> set[bytes]:
        """The different first words."""
        return set(np.unique(self.words).tolist())

    def lines_of(self, word: bytes) -> Numbers:
        """Give the numbers of the lines that begin with this word."""
        found: Numbers = self._line_numbers[self.words == word]
        return found

    def rest_of(self, word: bytes) -> tuple[bytes, Numbers]:
        """Give what follows the word on all of its lines, and how many words that is on each."""
        chosen = self.words == word
        codes = self._codes.copy()
        codes[self._firsts[chosen][:, None] + np.arange(len(word))] = _SPACE
        marked = np.zeros(len(self._lengths), bool)
        marked[self._line_numbers[chosen]] = True
        return codes[np.repeat(marked, self._lengths)].tobytes(), self._word_counts[chosen] - 1


def blocks(text: bytes) -> Iterator[Block]:
    """Cut a text into blocks of whole lines; a line may be continued by a backslash at its end."""
    text = text.replace(b"\\\r\n", b"  ").replace(b"\\\n", b" ")
    start = 0
    while start < len(text):
        end = _block_end(text, start)
        yield Block(text[start:end])
        start = end


def _block_end(text: bytes, start: int) -> int:
    if start + BLOCK_BYTES >= len(text):
        return len(text)
    end = text.rfind(b"\n", start, start + BLOCK_BYTES) + 1
    return end or reject("text_line_too_long", limit=MAX_LINE_BYTES)


def word_starts(codes: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Find where words begin; everything up to a space counts as blank."""
    visible = codes > _SPACE
    return np.flatnonzero(visible & ~np.concatenate([[False], visible[:-1]]))


def floats(text: bytes, where: str) -> Floats:
    """Read a text of nothing but finite numbers between blanks; raises ModelRejected naming `where`."""
    if odd := _NO_FLOAT.search(text):
        reject("not_finite" if odd.group().lower() in (b"n", b"i") else "text_number", where=where)
    values = _parsed(text, float, np.float64, where)
    if not np.isfinite(values).all():
        reject("not_finite", where=where)
    return values


def integers(text: bytes, where: str) -> Numbers:
    """Read a text of nothing but whole numbers between blanks; raises ModelRejected naming `where`."""
    if _NO_INTEGER.search(text):
        reject("text_number", where=where)
    return _parsed(text, int, np.int64, where)


def _parsed(text: bytes, read: type[int] | type[float], dtype: Any, where: str) -> NDArray[Any]:
    try:
        return np.array([read(word) for word in text.split()], dtype)
    except (ValueError, OverflowError):
        reject("text_number", where=where)


def columns(values: NDArray[Any], widths: Numbers, wanted: int, fill: float) -> NDArray[Any]:
    """Lay numbers out as rows (n, wanted) when row i holds widths[i] of them; what a row lacks is `fill`."""
    starts = np.cumsum(widths) - widths
    places = starts[:, None] + np.arange(wanted)
    present = np.arange(wanted) < widths[:, None]
    padded = np.append(values, fill)
    return padded[np.where(present, places, len(values))]
