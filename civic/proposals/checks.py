"""The placement checks of a proposal as they are kept and shown: a planning aid, never an approval."""

from dataclasses import asdict, dataclass
from typing import Any

from civic.sites.tables import Site
from geodata import placement as geometry
from geodata.ingest.glb import Model
from geodata.shapes import from_wkb


@dataclass(frozen=True)
class PlacementReport:
    """All checks of one placement, their worst verdict, and what they were computed from.

    ``data_year`` is the year of the building data; None while no building data is used.
    """

    verdict: str
    checks: tuple[geometry.Check, ...]
    inputs_sha256: str
    rules_version: str
    data_year: int | None

    def as_json(self) -> dict[str, Any]:
        """As ``civic placement check --json`` prints it and as it is stored."""
        return {
            "verdict": self.verdict,
            "checks": [asdict(check) for check in self.checks],
            "inputs_sha256": self.inputs_sha256,
            "rules_version": self.rules_version,
            "data_year": self.data_year,
            "notice_ja": geometry.PLANNING_AID_JA,
            "notice_en": geometry.PLANNING_AID_EN,
        }


def rules_of_site(site: Site) -> geometry.SiteRules:
    """A stored site as the checks see it."""
    return geometry.SiteRules(
        boundary=from_wkb(site.boundary),
        level=site.level,
        ground_m=site.ground_m,
        max_height_m=site.rules.get("max_height_m"),
        max_footprint_m2=site.rules.get("max_footprint_m2"),
    )


def check_placement(
    model: Model, model_sha256: str, placement: geometry.Placement, site: geometry.SiteRules
) -> PlacementReport:
    """Check a model at a place against a site's rules, in metres of EPSG:6677."""
    checks = geometry.check_placement(model.facts, placement, site)
    return PlacementReport(
        verdict=geometry.placement_verdict(checks),
        checks=tuple(checks),
        inputs_sha256=geometry.inputs_sha256(model_sha256, placement, site),
        rules_version=geometry.RULES_VERSION,
        data_year=None,
    )
