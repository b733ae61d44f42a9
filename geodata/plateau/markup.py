"""The bytes of a CityGML file, judged before and while a parser sees them."""

import re
from typing import BinaryIO

from geodata.plateau.errors import refuse_file
from geodata.plateau.limits import Limits

HEAD_BYTES = 1 << 16
PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
ROOT = re.compile(rb"<(?:[\w.-]+:)?CityModel[\s>]")


class MarkupStream:
    """A readable stream over one file that starts as a CityModel.

    Refused: anything but comments and instructions before the root element (a DOCTYPE could name other files or
    grow without end), a file over its limit, and a single object too large to be held in memory.
    """

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream, self._limits = stream, limits
        self._head = stream.read(HEAD_BYTES)
        self._total = self._since_object = 0
        _require_city_model(self._head)

    def read(self, size: int) -> bytes:
        """The next bytes, at most the size of the head or ``size``; FileRefused over a limit."""
        chunk, self._head = (self._head or self._stream.read(size)), b""
        self._total += len(chunk)
        self._since_object += len(chunk)
        if self._total > self._limits.markup_bytes:
            refuse_file("too_large", limit_mb=self._limits.markup_bytes >> 20)
        if self._since_object > self._limits.object_bytes:
            refuse_file("object_too_large", limit_mb=self._limits.object_bytes >> 20)
        return chunk

    def object_done(self) -> None:
        """An object of the file was read and let go."""
        self._since_object = 0


def is_city_model(head: bytes) -> bool:
    """Whether the first bytes of a file begin a CityModel, with nothing risky before it."""
    return ROOT.match(_after_prologue(head)) is not None


def _require_city_model(head: bytes) -> None:
    if _after_prologue(head)[:9].upper() == b"<!DOCTYPE":
        refuse_file("doctype")
    if not is_city_model(head):
        refuse_file("not_citygml")


def _after_prologue(head: bytes) -> bytes:
    prologue = PROLOGUE.match(head)
    return head[prologue.end() if prologue else 0 :]
