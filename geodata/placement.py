"""Standing a model on a site and checking it, in metres of EPSG:6677.

Conventions: glTF has y up, metres, and the front of a model is +z. The web scene has x = east, y = up,
z = -north. A heading H is where the front faces, in degrees clockwise from grid north; in the scene that is
rotation.y = pi - H. A placement's lon/lat is where the canonical origin stands: the middle of the footprint's
bounding box, at the lowest y. Outlines are given for heading 0: first coordinate east, second north.
"""

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from typing import Literal, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.crs import geometry_to_plane, to_plane
from geodata.shapes import to_geojson

Verdict = Literal["pass", "warn", "fail"]

RULES_VERSION = "placement-1"
PLANNING_AID_JA = "この結果は計画を助けるための目安であり、許可や承認ではありません。"
PLANNING_AID_EN = "This result is a planning aid, not a permit or an approval."

AREA_TOLERANCE_M2 = 1e-4  # 1 cm2
HEIGHT_TOLERANCE_M = 0.001
_SEVERITY: dict[Verdict, int] = {"pass": 0, "warn": 1, "fail": 2}


class Solid(Protocol):
    """What a check needs to know of a model; geodata.ingest.facts.ModelFacts is one."""

    @property
    def outline(self) -> BaseGeometry:
        """Area covered, in metres, relative to the canonical origin, for heading 0."""

    @property
    def outline_cell_m(self) -> float:
        """0 when the outline is exact, else how much too wide it may be, in metres."""

    @property
    def height_m(self) -> float:
        """From the lowest to the highest point, in metres."""


@dataclass(frozen=True)
class Placement:
    """Where a model stands: degrees, heading clockwise from grid north, base above the site's ground, scale."""

    lon: float
    lat: float
    heading_deg: float
    base_m: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) for value in asdict(self).values()) or self.scale <= 0:
            raise ValueError("a placement has finite numbers and a scale above 0")


@dataclass(frozen=True)
class SiteRules:
    """A site as the checks see it: boundary in lon/lat, ground height in metres (T.P.), level, limits if any."""

    boundary: Polygon
    ground_m: float
    level: str
    max_height_m: float | None = None
    max_footprint_m2: float | None = None


@dataclass(frozen=True)
class Check:
    """One checked rule: the value found, the limit (None: no limit), their unit, and the reason in words."""

    name: str
    verdict: Verdict
    value: float
    limit: float | None
    unit: str
    reason_ja: str
    reason_en: str


def place_outline(outline: BaseGeometry, placement: Placement) -> BaseGeometry:
    """Scale, turn and move an outline to its place; the result is in metres of EPSG:6677, order e, n."""
    heading = math.radians(placement.heading_deg)
    turn = np.array([[math.cos(heading), -math.sin(heading)], [math.sin(heading), math.cos(heading)]])
    anchor = np.array(to_plane(placement.lon, placement.lat))

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = placement.scale * points @ turn + anchor
        return moved

    return shapely.transform(outline, move)


def check_placement(solid: Solid, placement: Placement, site: SiteRules) -> list[Check]:
    """Check one placement against its site: inside_site, height, and footprint_area when the site limits it."""
    footprint = place_outline(solid.outline, placement)
    boundary = geometry_to_plane(site.boundary)
    checks = [
        _inside_site(footprint, boundary, solid.outline_cell_m * placement.scale),
        _height(placement.base_m + solid.height_m * placement.scale, site.max_height_m),
    ]
    if site.max_footprint_m2 is not None:
        checks.append(_footprint_area(footprint.area, site.max_footprint_m2))
    return checks


def placement_verdict(checks: list[Check]) -> Verdict:
    """Give the worst verdict of all checks; pass when there is none."""
    return max((check.verdict for check in checks), key=_SEVERITY.__getitem__, default="pass")


def inputs_sha256(model_sha256: str, placement: Placement, site: SiteRules) -> str:
    """Hash everything a result depends on: model file, placement, site and the version of these rules.

    SHA-256, in hexadecimal, of JSON with sorted keys and no spaces; the boundary in its canonical GeoJSON.
    """
    inputs = {
        "model_sha256": model_sha256,
        "placement": {name: float(value) for name, value in asdict(placement).items()},
        "rules_version": RULES_VERSION,
        "site": {
            "boundary": to_geojson(site.boundary),
            "ground_m": float(site.ground_m),
            "level": site.level,
            "max_footprint_m2": _number(site.max_footprint_m2),
            "max_height_m": _number(site.max_height_m),
        },
    }
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _number(limit: float | None) -> float | None:
    return None if limit is None else float(limit)


def _inside_site(footprint: BaseGeometry, boundary: BaseGeometry, widening_m: float) -> Check:
    overrun = float(shapely.difference(footprint, boundary).area)
    verdict: Verdict = "pass"
    if overrun > AREA_TOLERANCE_M2:
        may_fit = widening_m > 0 and boundary.buffer(widening_m, join_style="mitre").covers(footprint)
        verdict = "warn" if may_fit else "fail"
    ja, en = _inside_reason(verdict, overrun)
    return Check("inside_site", verdict, round(overrun, 4), 0.0, "m2", ja, en)


def _inside_reason(verdict: Verdict, overrun: float) -> tuple[str, str]:
    if verdict == "pass":
        return "場所の範囲に収まっています。", "It lies inside the site."
    if verdict == "warn":
        return (
            f"範囲から {overrun:.2f} m² はみ出して見えますが、形を粗く測ったための誤差かもしれません。"
            "図面で確かめてください。",
            f"It seems to overrun the site by {overrun:.2f} m², which may come from measuring the shape coarsely. "
            "Please check it on a plan.",
        )
    return (
        f"場所の範囲から {overrun:.2f} m² はみ出しています。位置か向きを変えるか、小さくしてください。",
        f"It overruns the site by {overrun:.2f} m². Please move it, turn it or make it smaller.",
    )


def _height(top_m: float, limit_m: float | None) -> Check:
    if limit_m is None:
        ja, en = "この場所に高さの制限はありません。", "This site has no height limit."
        return Check("height", "pass", round(top_m, 4), None, "m", ja, en)
    if top_m <= limit_m + HEIGHT_TOLERANCE_M:
        verdict: Verdict = "pass"
        ja = f"地面から {top_m:.2f} m で、制限 {limit_m:g} m 以内です。"
        en = f"Its top is {top_m:.2f} m above the ground, within the limit of {limit_m:g} m."
    else:
        verdict = "fail"
        ja = f"地面から {top_m:.2f} m で、制限 {limit_m:g} m を超えています。低くしてください。"
        en = f"Its top is {top_m:.2f} m above the ground, over the limit of {limit_m:g} m. Please lower it."
    return Check("height", verdict, round(top_m, 4), limit_m, "m", ja, en)


def _footprint_area(area_m2: float, limit_m2: float) -> Check:
    if area_m2 <= limit_m2 + AREA_TOLERANCE_M2:
        verdict: Verdict = "pass"
        ja = f"広さは {area_m2:.2f} m² で、制限 {limit_m2:g} m² 以内です。"
        en = f"It covers {area_m2:.2f} m², within the limit of {limit_m2:g} m²."
    else:
        verdict = "fail"
        ja = f"広さは {area_m2:.2f} m² で、制限 {limit_m2:g} m² を超えています。小さくしてください。"
        en = f"It covers {area_m2:.2f} m², over the limit of {limit_m2:g} m². Please make it smaller."
    return Check("footprint_area", verdict, round(area_m2, 4), limit_m2, "m2", ja, en)
