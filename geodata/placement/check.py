"""What a check says: one rule, the value found, the limit, the verdict and the reason in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["pass", "warn", "fail"]

PLANNING_AID_JA = "この結果は計画を助けるための目安であり、許可や承認ではありません。"
PLANNING_AID_EN = "This result is a planning aid, not a permit or an approval."

_SEVERITY: dict[Verdict, int] = {"pass": 0, "warn": 1, "fail": 2}


@dataclass(frozen=True)
class Check:
    """One checked rule: the value found, the limit (None: no limit), their unit, and the reason in words.

    ``geometry`` is a GeoJSON geometry in lon/lat that shows on a map what the reason speaks of; None when
    there is nothing to show.
    """

    name: str
    verdict: Verdict
    value: float
    limit: float | None
    unit: str
    reason_ja: str
    reason_en: str
    geometry: dict[str, Any] | None = None


def placement_verdict(checks: Iterable[Check]) -> Verdict:
    """Give the worst verdict of all checks; pass when there is none."""
    return worst(check.verdict for check in checks)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the worst of some verdicts; pass when there is none."""
    return max(verdicts, key=severity, default="pass")


def severity(verdict: Verdict) -> int:
    """Order verdicts: the higher, the worse."""
    return _SEVERITY[verdict]
