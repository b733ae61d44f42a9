"""What the pages of residents and of staff show of a place in the same way: its plan, and how a check reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civic.kernel.i18n import html_lang, translate
from civic.proposals.surroundings import Neighbour, Surroundings, placement_of
from civic.proposals.tables import Placement, ProposalVersion
from civic.web import words
from civic.web.plans import Around, PlanView, Standing, findings_of, outline_of_size, site_plan
from geodata.layers import KINDS

_UNITS = {"m2": "m²", "kN/m2": "kN/m²"}


@dataclass(frozen=True)
class CheckLine:
    """One checked rule: the value found and the limit with their unit; a limit that there is not is empty."""

    name: str
    verdict: str
    verdict_words: str
    value: str
    limit: str
    reason: str


def check_line(check: Mapping[str, Any], lang: str) -> CheckLine:
    """One check as it is stored; what stands outside the site is named so, since its limit is nothing at all."""
    outside = check["name"] == "inside_site"
    return CheckLine(
        name=translate(lang, "はみ出し") if outside else words.check_name(check["name"], lang),
        verdict=check["verdict"],
        verdict_words=words.verdict(check["verdict"], lang),
        value=_measured(check["value"], check["unit"], lang),
        limit="" if outside or check["limit"] is None else _measured(check["limit"], check["unit"], lang),
        reason=check[f"reason_{html_lang(lang)}"],
    )


def place_plan(
    proposal: str, version: ProposalVersion, placement: Placement, around: Surroundings, *, staff: bool
) -> PlanView:
    """The plan of a stored placement; residents do not see proposals that nobody agreed to publish."""
    stands, bounds_m = placement_of(placement), version.facts["bounds_m"]
    rivals = [rival for rival in around.near(proposal, bounds_m, stands) if staff or rival.shown]
    drawn = drawn_around(around, rivals, placement.checks["checks"])
    return site_plan(around.site.boundary, [Standing(outline_of_size(bounds_m), stands)], drawn)


def drawn_around(around: Surroundings, rivals: Iterable[Neighbour], checks: Sequence[Mapping[str, Any]]) -> Around:
    """What a plan shows around a placement."""
    return Around(
        layers={kind: getattr(around.site.layers, kind) for kind in KINDS},
        buildings=[building.footprint for building in around.buildings],
        rivals=[Standing(outline_of_size(rival.bounds_m), rival.placement) for rival in rivals],
        findings=findings_of(checks),
    )


def _measured(value: float, unit: str, lang: str) -> str:
    if unit == "share":
        return f"{100 * value:.0f}%"
    words_of = {"days": translate(lang, "日"), "h": translate(lang, "時間")}
    return f"{round(value, 2):,.12g} {words_of.get(unit, _UNITS.get(unit, unit))}"
