"""The last resort of a tie: who is first when votes and costs are level. docs/methods.md, "Order in a tie".

A public lot is the SHA-256 of what is fixed before anybody can know the beacon, the beacon, and the proposal's id:
nobody can choose it, and everybody can compute it again. Without a beacon ``every_lot`` finds out whether the lot
would change anything at all.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

# More lots than these are not tried: then the tie counts as open.
MOST_LOTS = 200

First = Callable[[Sequence[str]], str]
"""Tells which of several level proposals comes first."""


@dataclass(frozen=True, slots=True)
class Beacon:
    """A public value that was named before the vote opened and known only after it closed.

    Attributes:
        manifest_sha256: hash of the ballot's manifest, 64 hexadecimal digits.
        root: last root of the vote log, 64 hexadecimal digits.
        value: the beacon as it was published.
    """

    manifest_sha256: str
    root: str
    value: str

    def lot(self, proposal: str) -> str:
        """The lot of a proposal, 64 hexadecimal digits; the smallest comes first."""
        fixed = bytes.fromhex(self.manifest_sha256) + bytes.fromhex(self.root)
        drawn = unicodedata.normalize("NFC", self.value + proposal).encode()
        return hashlib.sha256(fixed + drawn).hexdigest()


LastTie = Literal["pending", "id_order"] | Beacon


def in_order(proposals: Iterable[str], last_tie: LastTie) -> list[str]:
    """Level proposals by lot where there is a beacon, else by id in code-point order."""
    if isinstance(last_tie, Beacon):
        return sorted(proposals, key=lambda proposal: (last_tie.lot(proposal), proposal))
    return sorted(proposals)


@dataclass(frozen=True, slots=True)
class Lots:
    """What the lots of an election can lead to.

    Attributes:
        decided: the winners of every lot, in the order of the lot by id; empty when not all lots were tried.
        between: the level proposals whose order changes the winners; empty when no lot changes anything.
    """

    decided: tuple[str, ...]
    between: tuple[str, ...]


class _Scripted:
    """Answers by a script, then by id; never against an earlier answer, since a lot is one order of all."""

    def __init__(self, script: Sequence[str]) -> None:
        self.script = script
        self._later: dict[str, set[str]] = {}
        self.offered: list[list[str]] = []
        self.taken: list[str] = []

    def first(self, level: Sequence[str]) -> str:
        possible = sorted(p for p in level if not any(p in self._after(other) for other in level))
        step = len(self.taken)
        chosen = self.script[step] if step < len(self.script) else possible[0]
        self._later.setdefault(chosen, set()).update(other for other in level if other != chosen)
        self.offered.append(possible)
        self.taken.append(chosen)
        return chosen

    def _after(self, proposal: str) -> set[str]:
        """Everyone who is known to come after it."""
        found: set[str] = set()
        rest = list(self._later.get(proposal, ()))
        while rest:
            other = rest.pop()
            if other not in found:
                found.add(other)
                rest += self._later.get(other, ())
        return found


def every_lot(winners_of: Callable[[First], Sequence[str]]) -> Lots:
    """Count once for each lot that could matter, and compare the winners."""
    by_id = _Scripted(())
    winners = list(winners_of(by_id.first))
    scripts = _others(by_id, 0)
    common, where, tried = set(winners), len(by_id.taken), 1
    while scripts and tried < MOST_LOTS:
        lot = _Scripted(scripts.pop())
        found = set(winners_of(lot.first))
        tried += 1
        scripts += _others(lot, len(lot.script))
        if found != set(winners):
            where = min(where, _parting(by_id.taken, lot.taken))
        common &= found
    if scripts:
        return Lots((), tuple(by_id.offered[0]))
    between = by_id.offered[where] if where < len(by_id.offered) else []
    return Lots(tuple(p for p in winners if p in common), tuple(between))


def _others(lot: _Scripted, begin: int) -> list[tuple[str, ...]]:
    """The scripts that part from a lot after its own script ended."""
    return [
        (*lot.taken[:step], other)
        for step in range(begin, len(lot.taken))
        for other in lot.offered[step]
        if other != lot.taken[step]
    ]


def _parting(one: Sequence[str], other: Sequence[str]) -> int:
    """The first step at which two lots answered differently."""
    return next((step for step, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
