"""A placement with its checks as a planner reads them: what was found, what is allowed, in which unit."""

from collections.abc import Mapping
from typing import Any

from civic.admin.pages_programmes import CheckLine, Placed
from civic.kernel.i18n import localized, translate
from civic.proposals.tables import Placement, ProposalVersion
from civic.sites.tables import Site
from civic.web import words

_UNITS = {"m2": "m²"}


def placed(version: ProposalVersion, placement: Placement, site: Site, lang: str) -> Placed:
    """Where a version would stand, with the result of each check."""
    report = placement.checks
    return Placed(
        site_slug=site.slug,
        site=localized(site.title, lang),
        size=words.size(version.facts["bounds_m"], placement.scale, lang),
        cost=words.yen(placement.cost_yen, lang),
        verdict=placement.verdict,
        verdict_words=words.verdict(placement.verdict, lang),
        checks=tuple(check_line(check, lang) for check in report["checks"]),
        notice=report[f"notice_{lang}"],
    )


def check_line(check: Mapping[str, Any], lang: str) -> CheckLine:
    """One stored check; what stands outside the site is named so, since its limit is nothing at all."""
    outside = check["name"] == "inside_site"
    return CheckLine(
        name=translate(lang, "はみ出し") if outside else words.check_name(check["name"], lang),
        verdict=check["verdict"],
        verdict_words=words.verdict(check["verdict"], lang),
        value=_measured(check["value"], check["unit"]),
        limit="" if outside or check["limit"] is None else _measured(check["limit"], check["unit"]),
        reason=check[f"reason_{lang}"],
    )


def _measured(value: float, unit: str) -> str:
    return f"{round(value, 2):,g} {_UNITS.get(unit, unit)}"
