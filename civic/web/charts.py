"""What charts show, as the macros of templates/tally_charts.html draw it. All words come with it, translated.

A chart is never colour alone: its values stand in words beside it, and its table follows it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One row: ``share`` is its length in percent of the whole width; ``won`` ones are filled, others hatched."""

    label: str
    value: str
    share: float
    won: bool = False
    note: str = ""


@dataclass(frozen=True)
class Bars:
    """Bars below each other. ``name`` is unique on its page; ``headings`` are those of the table's columns.

    The columns are label, value and, where there are three headings, the note.
    """

    name: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[Bar, ...]


@dataclass(frozen=True)
class Segment:
    """A part of a whole, ``share`` in percent of it; ``rest`` marks what is left over, which stays white."""

    label: str
    value: str
    share: float
    rest: bool = False


@dataclass(frozen=True)
class Stacked:
    """A bar of numbered parts beside each other, with their list below it. ``name`` is unique on its page."""

    name: str
    title: str
    headings: tuple[str, str]
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Column:
    """A step of time: ``share`` is its height in percent of the highest, ``tick`` mostly empty.

    ``marked`` ones stand out by a pattern, and ``value`` says why; a hidden number has no height and says so too.
    """

    label: str
    value: str
    share: float
    tick: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Columns:
    """Columns side by side over time; ``most`` says how high the highest is."""

    name: str
    title: str
    most: str
    headings: tuple[str, str]
    columns: tuple[Column, ...]


def percent(part: int, whole: int) -> float:
    """A length for a drawing, in percent with one decimal; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0
