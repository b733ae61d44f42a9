"""A placement with its checks as a planner reads them: what was found, what is allowed, in which unit."""

from civic.admin.pages_programmes import Placed
from civic.kernel.i18n import localized
from civic.proposals.surroundings import Surroundings
from civic.proposals.tables import Placement, ProposalVersion
from civic.sites.tables import Site
from civic.web import words
from civic.web.places import check_line, place_plan
from civic.web.times import moment


def placed(
    proposal: str,
    version: ProposalVersion,
    placement: Placement,
    site: Site,
    around: Surroundings | None,
    lang: str,
) -> Placed:
    """Where a version would stand, with the result of each check; its plan where the surroundings are known."""
    report = placement.checks
    return Placed(
        site_slug=site.slug,
        site=localized(site.title, lang),
        size=words.size(version.facts["bounds_m"], placement.scale, lang),
        cost=words.yen(placement.cost_yen, lang),
        verdict=placement.verdict,
        verdict_words=words.verdict(placement.verdict, lang),
        checks=tuple(check_line(check, lang) for check in report["checks"]),
        checked=moment(placement.checked_at or version.written_at, lang),
        plan=place_plan(proposal, version, placement, around, staff=True) if around else None,
        notice=report[f"notice_{lang}"],
    )
