"""Which numbers about groups of people may stand beside the whole, so that none tells of fewer than ten.

To hide the small groups is not enough: a hidden one is often the whole less all others. So a group is shown only
if nothing small can be computed from it and what stands there already; the largest come first.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

FEWEST = 10
"""Nothing is shown about fewer people than these."""

# Of more small cells not every combination is looked at: then only the whole is shown.
MOST_SMALL = 12

Cell = TypeVar("Cell", bound=Hashable)
Name = TypeVar("Name", bound=Hashable)


def shown_alone(sizes: Mapping[Cell, int]) -> frozenset[Cell]:
    """The cells that can be shown where each person is in one of them and the sum of all is known.

    Empty cells are shown: they hold nobody. The hidden ones hold at least ten people together.
    """
    hidden = {cell for cell, size in sizes.items() if 0 < size < FEWEST}
    rest = [cell for cell, size in sizes.items() if size >= FEWEST]
    if rest and 0 < sum(sizes[cell] for cell in hidden) < FEWEST:
        hidden.add(min(rest, key=sizes.__getitem__))
    return frozenset(sizes) - hidden


def shown_groups(sizes: Mapping[Cell, int], groups: Mapping[Name, Collection[Cell]]) -> frozenset[Name]:
    """The groups that can be shown where groups overlap; ``sizes`` are the disjoint cells they consist of.

    The sum over all cells is known. No set of cells with fewer than ten people can be had by adding and
    subtracting what is shown. Groups without people are shown.
    """
    cells = [cell for cell, size in sizes.items() if size]
    people = {name: sum(sizes[cell] for cell in group) for name, group in groups.items()}
    empty = frozenset(name for name, number in people.items() if not number)
    if sum(size < FEWEST for size in sizes.values() if size) > MOST_SMALL:
        return empty
    small = list(_small_sets(sizes, cells))
    shown: dict[Name, list[int]] = {}
    for name in sorted((name for name, n in people.items() if n >= FEWEST), key=lambda name: -people[name]):
        row = _row(groups[name], cells)
        if not _tells_any([*shown.values(), row], small):
            shown[name] = row
    return empty | frozenset(shown)


def _small_sets(sizes: Mapping[Cell, int], cells: list[Cell]) -> Iterator[list[int]]:
    """Every set of cells with fewer than ten people, but for the whole."""
    few = [cell for cell in cells if sizes[cell] < FEWEST]
    for number in range(1, min(len(few), FEWEST - 1) + 1):
        for some in combinations(few, number):
            if sum(sizes[cell] for cell in some) < FEWEST and number < len(cells):
                yield _row(some, cells)


def _row(group: Collection[Cell], cells: list[Cell]) -> list[int]:
    return [int(cell in group) for cell in cells]


def _tells_any(shown: list[list[int]], small: list[list[int]]) -> bool:
    """Whether a small set is a sum of multiples of what is shown and the whole."""
    basis: list[tuple[int, list[Fraction]]] = []
    for row in [[1] * len(row) for row in small[:1]] + shown:
        rest = _reduced([Fraction(number) for number in row], basis)
        lead = next((at for at, number in enumerate(rest) if number), None)
        if lead is not None:
            basis.append((lead, [number / rest[lead] for number in rest]))
    return any(not any(_reduced([Fraction(number) for number in row], basis)) for row in small)


def _reduced(row: list[Fraction], basis: list[tuple[int, list[Fraction]]]) -> list[Fraction]:
    """What is left of a row when the basis took its part."""
    for lead, unit in basis:
        if row[lead]:
            factor = row[lead]
            row = [number - factor * other for number, other in zip(row, unit, strict=True)]
    return row
