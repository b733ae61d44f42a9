"""How much room a model takes: inside the site, on the ground, upwards."""

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.placement.check import Check, Verdict
from geodata.placement.drawing import areas_of, as_geojson
from geodata.placement.ground import Ground
from geodata.placement.rulebook import limit
from geodata.placement.stance import Stance

AREA_TOLERANCE_M2 = 1e-4  # 1 cm2
HEIGHT_TOLERANCE_M = 0.001


def inside_site(stance: Stance, ground: Ground) -> Check:
    """The area that lies outside the site; a coarse outline only warns where the grid may be to blame."""
    inside = ground.boundary.covers(stance.footprint)
    outside = Polygon() if inside else areas_of(shapely.difference(stance.footprint, ground.boundary))
    verdict: Verdict = "pass"
    if outside.area > AREA_TOLERANCE_M2:
        verdict = "warn" if _may_fit(stance, ground.boundary) else "fail"
    ja, en = _inside_reason(verdict, outside.area)
    drawn = None if verdict == "pass" else as_geojson(outside)
    return Check("inside_site", verdict, round(outside.area, 4), 0.0, "m2", ja, en, drawn)


def _may_fit(stance: Stance, boundary: BaseGeometry) -> bool:
    return stance.cell_m > 0 and bool(boundary.buffer(stance.cell_m, join_style="mitre").covers(stance.footprint))


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


def footprint_area(stance: Stance, ground: Ground) -> Check | None:
    """The area covered, against the site's limit; left out when there is none."""
    limit_m2 = ground.site.max_footprint_m2
    if limit_m2 is None:
        return None
    area = stance.footprint.area
    drawn = as_geojson(stance.footprint) if area > limit_m2 + AREA_TOLERANCE_M2 else None
    if drawn is None:
        verdict: Verdict = "pass"
        ja = f"広さは {area:.2f} m² で、制限 {limit_m2:g} m² 以内です。"
        en = f"It covers {area:.2f} m², within the limit of {limit_m2:g} m²."
    elif stance.cell_m and stance.footprint.buffer(-stance.cell_m).area <= limit_m2:
        verdict = "warn"
        ja = (
            f"広さは {area:.2f} m² で制限 {limit_m2:g} m² を超えて見えますが、"
            "形を粗く測ったための誤差かもしれません。図面で確かめてください。"
        )
        en = (
            f"It seems to cover {area:.2f} m², over the limit of {limit_m2:g} m², which may come from measuring "
            "the shape coarsely. Please check it on a plan."
        )
    else:
        verdict = "fail"
        ja = f"広さは {area:.2f} m² で、制限 {limit_m2:g} m² を超えています。小さくしてください。"
        en = f"It covers {area:.2f} m², over the limit of {limit_m2:g} m². Please make it smaller."
    return Check("footprint_area", verdict, round(area, 4), limit_m2, "m2", ja, en, drawn)


def height(stance: Stance, ground: Ground) -> Check:
    """The top above the site's ground, against the site's limit, and the height from which papers are needed."""
    limit_m = ground.site.max_height_m
    verdict, ja, en = _height_reason(stance.top_m, limit_m)
    drawn = None if verdict == "pass" else as_geojson(stance.footprint)
    return Check("height", verdict, round(stance.top_m, 4), limit_m, "m", ja, en, drawn)


def _height_reason(top_m: float, limit_m: float | None) -> tuple[Verdict, str, str]:
    if limit_m is not None and top_m > limit_m + HEIGHT_TOLERANCE_M:
        return (
            "fail",
            f"地面から {top_m:.2f} m で、制限 {limit_m:g} m を超えています。低くしてください。",
            f"Its top is {top_m:.2f} m above the ground, over the limit of {limit_m:g} m. Please lower it.",
        )
    if top_m > limit("structure_height") + HEIGHT_TOLERANCE_M:
        papers = limit("structure_height")
        return (
            "warn",
            f"地面から {top_m:.2f} m です。{papers:g} m を超える工作物は確認申請が要ることがあります。"
            "建築指導の窓口に確かめてください。",
            f"Its top is {top_m:.2f} m above the ground. A structure over {papers:g} m may need a building "
            "confirmation. Please ask the building office.",
        )
    if limit_m is None:
        return "pass", "この場所に高さの制限はありません。", "This site has no height limit."
    return (
        "pass",
        f"地面から {top_m:.2f} m で、制限 {limit_m:g} m 以内です。",
        f"Its top is {top_m:.2f} m above the ground, within the limit of {limit_m:g} m.",
    )
