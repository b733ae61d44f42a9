"""The placement checks of a proposal as they are kept and shown: a planning aid, never an approval."""

from dataclasses import asdict, dataclass
from typing import Any

import orjson

from geodata import placement as geometry
from geodata.footprints import footprint_geojson
from geodata.ingest.model import Model
from geodata.sun import Occluders, Outlook, Sunlight, block_triangles, winter_solstice


@dataclass(frozen=True)
class PlacementReport:
    """All checks of one placement, their worst verdict, and what they were computed from.

    ``data_year`` is the year of the building data; None while no building data is used. ``footprint`` is what the
    model covers there, a GeoJSON geometry in lon/lat.
    """

    verdict: str
    checks: tuple[geometry.Check, ...]
    inputs_sha256: str
    rules_version: str
    data_year: int | None
    footprint: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As ``civic placement check --json`` prints it and as it is stored: lists, no tuples."""
        report = {
            "verdict": self.verdict,
            "checks": [asdict(check) for check in self.checks],
            "inputs_sha256": self.inputs_sha256,
            "rules_version": self.rules_version,
            "data_year": self.data_year,
            "footprint": self.footprint,
            "notice_ja": geometry.PLANNING_AID_JA,
            "notice_en": geometry.PLANNING_AID_EN,
        }
        plain: dict[str, Any] = orjson.loads(orjson.dumps(report))
        return plain


def check_placement(model: Model, placement: geometry.Placement, ground: geometry.Ground) -> PlacementReport:
    """Check a model at a place, in metres of EPSG:6677; sun and view too, where the buildings around are known."""
    checks = [*geometry.check_placement(model, placement, ground), *_sun_and_view(model, placement, ground)]
    return PlacementReport(
        verdict=geometry.placement_verdict(checks),
        checks=tuple(checks),
        inputs_sha256=geometry.inputs_sha256(model.sha256, placement, ground),
        rules_version=geometry.RULES_VERSION,
        data_year=ground.data_year,
        footprint=footprint_geojson(model.outline, placement),
    )


def _sun_and_view(model: Model, placement: geometry.Placement, ground: geometry.Ground) -> list[geometry.Check]:
    """The sun it takes at the winter solstice of the buildings' year, the view from gates; none under ground."""
    around = ground.buildings_around
    if ground.data_year is None or not around or ground.site.level == "underground":
        return []
    ground_m, buildings = ground.site.ground_m, Occluders(block_triangles(around, ground.site.ground_m))
    sun = Sunlight(ground_m, buildings, winter_solstice(ground.data_year)).check(model.triangles, model, placement)
    view = Outlook(ground_m, buildings, ground.site.layers.gates).check(model.triangles, placement)
    return [sun] if view is None else [sun, view]
