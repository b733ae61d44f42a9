"""Texts in the cells of a spreadsheet, and times as its readers know them."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO

from civic.kernel.clock import JST

Cell = str | int
Row = Sequence[Cell]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula."""


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """A table that Excel in Japan opens by a double click: UTF-8 with a byte order mark, lines ended by CR LF."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: Cell) -> Cell:
    """The cell, a text that would be a formula behind an apostrophe; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \n").startswith(_FORMULA) else cell


def japan_time(instant: datetime) -> str:
    """``2026-10-15 00:05:00``, the time in Japan, a form that spreadsheets sort and understand."""
    return instant.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")
