"""Runs in turns, the numbers they give, and the goals that ratios of them are held to."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Series:
    """One number of each round, in the order of the rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one: a round disturbed by something else on the machine does not move it."""
        return statistics.median(self.values)

    def __truediv__(self, other: "Series") -> "Series":
        """Round by round, so that what slowed the machine in a round slows both."""
        return Series(tuple(mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)))

    def as_json(self) -> dict[str, float]:
        """Median, lowest and highest."""
        return {"median": self.median, "min": min(self.values), "max": max(self.values)}


@dataclass(frozen=True)
class Line:
    """A measured number: what, in which unit, in each round."""

    label: str
    unit: str
    series: Series


@dataclass(frozen=True)
class Goal:
    """What a ratio has to be: ``at least`` or ``at most`` a limit, by the median of the rounds."""

    label: str
    kind: Literal["at least", "at most"]
    limit: float
    series: Series

    def holds(self, tolerance: float = 1.0) -> bool:
        """Whether it is reached; a tolerance of 0.7 lets a busy machine fall short by that factor."""
        if self.kind == "at least":
            return self.series.median >= self.limit * tolerance
        return self.series.median <= self.limit / tolerance


@dataclass
class Report:
    """What one section measured; ``notes`` say what was left out and why, ``checked`` what was found true."""

    lines: list[Line] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def line(self, label: str, unit: str, values: Sequence[float]) -> Series:
        """Keep a measured number."""
        series = Series(tuple(values))
        self.lines.append(Line(label, unit, series))
        return series

    def at_least(self, label: str, limit: float, series: Series) -> None:
        """Hold a ratio to a lower limit."""
        self.goals.append(Goal(label, "at least", limit, series))

    def at_most(self, label: str, limit: float, series: Series) -> None:
        """Hold a ratio to an upper limit."""
        self.goals.append(Goal(label, "at most", limit, series))

    def as_json(self, tolerance: float) -> dict[str, Any]:
        """The whole report for machines."""
        return {
            "lines": [{"label": x.label, "unit": x.unit, **x.series.as_json()} for x in self.lines],
            "goals": [
                {
                    "label": goal.label,
                    goal.kind.replace(" ", "_"): goal.limit,
                    **goal.series.as_json(),
                    "holds": goal.holds(tolerance),
                }
                for goal in self.goals
            ],
            "checked": self.checked,
            "notes": self.notes,
        }


@dataclass(frozen=True)
class Bench:
    """What a section is given: how often, how much (``scale`` 1.0 is the whole size), a folder of its own."""

    rounds: int
    scale: float
    folder: Path

    def sized(self, whole: int, least: int) -> int:
        """A size for this run: the whole one scaled down, but never below what still means something."""
        return max(least, int(whole * self.scale))


def interleave(contestants: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Let all contestants run in turns, there and back again: what drifts on the machine meets all of them."""
    found: dict[str, list[T]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(rounds):
        for name in names if number % 2 == 0 else names[::-1]:
            found[name].append(contestants[name]())
    return found


class WrongResult(Exception):
    """A run was fast and wrong: what it says does not fit what it did."""


class CannotMeasure(RuntimeError):
    """Something that is needed for measuring did not run; says what, with the end of its log."""


def require(holds: bool, what: str) -> None:
    """Stop the bench when a run did not do its work: a wrong result has no speed."""
    if not holds:
        raise WrongResult(what)
