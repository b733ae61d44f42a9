"""If of each relation to the area as many had voted as the planners' figures say: a comparison only.

Weights correct what they are told, and nothing else: whoever did not vote, or said nothing, stays unheard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from civic.tallies.robustness.cells import FEWEST
from civic.tallies.robustness.types import RelationCell, RelationTable

MOST_MEANS = 5.0
"""No weight above so many times the mean."""

FEWEST_EFFECTIVE = 30.0
LEAST_EFFECTIVE = 0.3

_ROUNDS = 1_000
_STILL = 1e-9

Refusal = Literal["small_cell", "nobody_said", "no_target", "wrong_target", "small_target", "few_effective"]
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Target:
    """What a planner knows of a relation: ``percent`` (0-100) of the people have it; where from, and when."""

    relation: str
    percent: Fraction
    source: str
    on: date


@dataclass(frozen=True, slots=True)
class Raked:
    """The approvals by weight.

    Attributes:
        people: voters who said a relation; the others have no weight here.
        raw: approvals among them, in percent, one place.
        weighted: the same by weight.
        effective: Kish's effective number of voters, one place.
        design_effect: people by effective, two places.
        greatest: the greatest weight; the mean is 1; two places.
    """

    people: int
    raw: dict[str, str]
    weighted: dict[str, str]
    effective: str
    design_effect: str
    greatest: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why weights would say nothing: ``reason`` is a code of ``Refusal``."""

    reason: Refusal


def rake_relations(table: RelationTable, targets: Sequence[Target]) -> Raked | Refused:
    """The approvals of those who said a relation, weighted until each target is met.

    Refused: ``small_cell`` and ``nobody_said`` (there is no table), ``no_target``, ``wrong_target`` (not between 0
    and 100, or named twice), ``small_target`` (fewer than ten voters on one side of a target), ``few_effective``
    (fewer than 30 effective voters, or less than 0.3 of all).
    """
    if table.cells is None:
        return Refused("nobody_said" if table.reason == "nobody_said" else "small_cell")
    cells = [cell for cell in table.cells if cell.relations]
    people = np.array([cell.voters for cell in cells], dtype=np.float64)
    refusal = _refusal(cells, targets)
    if refusal:
        return Refused(refusal)
    margins = [_margin(cells, target) for target in targets]
    weights = trimmed(people, margins)
    effective = effective_number(people, weights)
    if effective < FEWEST_EFFECTIVE or effective < LEAST_EFFECTIVE * people.sum():
        return Refused("few_effective")
    return Raked(
        people=int(people.sum()),
        raw=_percent(cells, np.ones(len(cells))),
        weighted=_percent(cells, weights),
        effective=f"{effective:.1f}",
        design_effect=f"{people.sum() / effective:.2f}",
        greatest=f"{weights.max():.2f}",
    )


@dataclass(frozen=True, slots=True)
class Margin:
    """The cells on one side of a target (shape (cells,)), and the share of people that belongs there (0-1)."""

    inside: NDArray[np.bool_]
    share: float


def rake(people: Weights, margins: Sequence[Margin], start: Weights) -> Weights:
    """Iterative proportional fitting: weights (cells,) by which every margin has its share; their mean is 1."""
    weights = start
    for _ in range(_ROUNDS):
        before = weights
        for margin in margins:
            inside = float((people * weights)[margin.inside].sum() / (people * weights).sum())
            factors = np.where(margin.inside, margin.share / inside, (1 - margin.share) / (1 - inside))
            weights = weights * factors
        if np.abs(weights - before).max() < _STILL:
            break
    mean: float = float((people * weights).sum() / people.sum())
    return weights / mean


def trimmed(people: Weights, margins: Sequence[Margin]) -> Weights:
    """Raked, cut at ``MOST_MEANS`` times the mean, and raked once more from there."""
    weights = rake(people, margins, np.ones(len(people)))
    if weights.max() <= MOST_MEANS:
        return weights
    return rake(people, margins, np.minimum(weights, MOST_MEANS))


def effective_number(people: Weights, weights: Weights) -> float:
    """Kish: the square of the sum of weights by the sum of their squares."""
    return float((people * weights).sum() ** 2 / (people * weights**2).sum())


def _refusal(cells: Sequence[RelationCell], targets: Sequence[Target]) -> Refusal | None:
    if not cells:
        return "nobody_said"
    if not targets:
        return "no_target"
    if len({target.relation for target in targets}) < len(targets):
        return "wrong_target"
    if not all(0 < target.percent < 100 for target in targets):
        return "wrong_target"
    everybody = sum(cell.voters for cell in cells)
    for target in targets:
        inside = sum(cell.voters for cell in cells if target.relation in cell.relations)
        if min(inside, everybody - inside) < FEWEST:
            return "small_target"
    return None


def _margin(cells: Sequence[RelationCell], target: Target) -> Margin:
    inside = np.array([target.relation in cell.relations for cell in cells])
    return Margin(inside, float(target.percent / 100))


def _percent(cells: Sequence[RelationCell], weights: Weights) -> dict[str, str]:
    """Approvals in percent of all weight, one place."""
    weight = sum(cell.voters * float(by) for cell, by in zip(cells, weights, strict=True))
    return {
        proposal: f"{100 * _approving(cells, weights, proposal) / weight:.1f}" for proposal in cells[0].approvals
    }


def _approving(cells: Sequence[RelationCell], weights: Weights, proposal: str) -> float:
    approvals: list[Mapping[str, int]] = [cell.approvals for cell in cells]
    return sum(of[proposal] * float(by) for of, by in zip(approvals, weights, strict=True))
