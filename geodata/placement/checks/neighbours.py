"""What stands near: buildings, obstacles, doors, rivals, tactile paving, emergency lanes."""

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.placement.check import Check, Verdict, severity, worst
from geodata.placement.checks.extent import AREA_TOLERANCE_M2, HEIGHT_TOLERANCE_M
from geodata.placement.drawing import areas_of, as_geojson
from geodata.placement.ground import Ground, Neighbour, PlacedRival
from geodata.placement.nearby import line_between
from geodata.placement.rulebook import limit
from geodata.placement.stance import Stance

_KINDS = {
    "building": ("建物", "building"),
    "obstacle": ("障害物", "obstacle"),
    "entrance": ("出入口", "entrance"),
}
DISTANCE_TOLERANCE_M = 0.001
NAMED = 5  # rivals named in a sentence
_COARSE_JA = "形を粗く測ったための誤差かもしれません。図面で確かめてください。"
_COARSE_EN = " This may come from measuring the shape coarsely; please check it on a plan."


@dataclass(frozen=True)
class _Gap:
    neighbour: Neighbour
    distance_m: float
    verdict: Verdict


def clearance(stance: Stance, ground: Ground) -> Check | None:
    """Distance to the nearest building, obstacle or entrance; left out when nothing of the kind is known.

    Standing in something fails, and so does blocking a door; another narrow gap warns. The worst is told.
    """
    least = limit("clearance")
    close = ground.neighbours.within(stance.footprint, least)
    nearest = ground.neighbours.nearest(stance.footprint)
    if nearest is None:
        return None
    gaps = [_gap(stance, neighbour, least) for neighbour in (close or [nearest])]
    gap = min(gaps, key=lambda gap: (-severity(gap.verdict), gap.distance_m))
    ja, en = _gap_reason(gap, least)
    line = as_geojson(line_between(stance.footprint, gap.neighbour.shape))
    return Check("clearance", gap.verdict, round(gap.distance_m, 4), least, "m", ja, en, line)


def _gap(stance: Stance, neighbour: Neighbour, least: float) -> _Gap:
    distance = float(shapely.distance(stance.footprint, neighbour.shape))
    if distance >= least - DISTANCE_TOLERANCE_M:
        return _Gap(neighbour, distance, "pass")
    wrong = neighbour.kind == "entrance" or distance <= 0
    may_be_free = stance.cell_m > 0 and _is_free_when_narrower(stance, neighbour, least)
    return _Gap(neighbour, distance, "fail" if wrong and not may_be_free else "warn")


def _is_free_when_narrower(stance: Stance, neighbour: Neighbour, least: float) -> bool:
    distance = shapely.distance(stance.footprint.buffer(-stance.cell_m), neighbour.shape)
    return bool(distance >= least if neighbour.kind == "entrance" else distance > 0)


def _gap_reason(gap: _Gap, least: float) -> tuple[str, str]:
    kind_ja, kind_en = _KINDS[gap.neighbour.kind]
    ja = f"いちばん近い{kind_ja}まで {gap.distance_m:.2f} m です。"
    en = f"The nearest {kind_en} is {gap.distance_m:.2f} m away."
    if gap.verdict == "pass":
        return ja, en
    if gap.distance_m <= 0:
        return f"{kind_ja}と重なっています。位置を変えてください。", f"It stands in the {kind_en}. Please move it."
    return (
        ja + f"{least:g} m より狭く、車いすが間を通れません。",
        en + f" Less than {least:g} m: a wheelchair does not pass in between.",
    )


def overlap(stance: Stance, ground: Ground) -> Check | None:
    """The area shared with other proposals on the same level and at the same height; left out without any."""
    if not ground.placed_rivals.all:
        return None
    meeting = [
        (rival, areas_of(shapely.intersection(stance.area, rival.footprint)))
        for rival in ground.placed_rivals.meeting(stance.footprint)
        if _same_height(stance, ground, rival)
    ]
    shared = [(rival, area) for rival, area in meeting if area.area > AREA_TOLERANCE_M2]
    verdict = worst(_rival_verdict(stance, rival) for rival, _ in shared)
    total = float(sum(area.area for _, area in shared))
    ja, en = _overlap_reason(verdict, total, [rival.rival.name for rival, _ in shared], stance.cell_m)
    drawn = as_geojson(shapely.union_all([area for _, area in shared[:NAMED]]))
    return Check("overlap", verdict, round(total, 4), 0.0, "m2", ja, en, drawn)


def _same_height(stance: Stance, ground: Ground, rival: PlacedRival) -> bool:
    bottom, top = (ground.site.ground_m + height for height in (stance.bottom_m, stance.top_m))
    shared = min(top, rival.top_m) - max(bottom, rival.bottom_m)
    return shared > HEIGHT_TOLERANCE_M


def _rival_verdict(stance: Stance, rival: PlacedRival) -> Verdict:
    if not rival.rival.standing:
        return "warn"
    narrower = stance.footprint.buffer(-stance.cell_m) if stance.cell_m else stance.footprint
    sure = shapely.intersection(narrower, rival.footprint).area > AREA_TOLERANCE_M2
    return "fail" if sure else "warn"


def _overlap_reason(verdict: Verdict, total: float, names: list[str], cell_m: float) -> tuple[str, str]:
    if verdict == "pass":
        return "ほかの提案と重なっていません。", "It overlaps no other proposal."
    more = len(names) - NAMED
    listed_ja = "、".join(names[:NAMED]) + (f"ほか{more}件" if more > 0 else "")
    listed_en = ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
    ja = f"{listed_ja}と {total:.2f} m² 重なっています。"
    en = f"It overlaps {listed_en} by {total:.2f} m²."
    if verdict == "fail":
        return (
            ja + "先に決まったものなので、位置を変えてください。",
            en + " That one is decided; please move this one.",
        )
    ja, en = ja + "同じ場所に立てられるのは一つだけです。", en + " Only one of them can stand here."
    return (ja + _COARSE_JA, en + _COARSE_EN) if cell_m else (ja, en)


def tactile_paving(stance: Stance, ground: Ground) -> Check | None:
    """Distance of the obstacle to tactile paving; left out when none is known or nothing stands on the ground."""
    paving = ground.tactile_paving
    if paving is None or stance.obstacle.is_empty:
        return None
    nearest = paving.geometries[paving.nearest(stance.obstacle)]
    distance = float(shapely.distance(stance.obstacle, nearest))
    least, comfortable = limit("tactile_paving"), limit("tactile_paving_comfortable")
    ja = f"点字ブロックまで {distance:.2f} m です。"
    en = f"Tactile paving is {distance:.2f} m away."
    if distance >= comfortable - DISTANCE_TOLERANCE_M:
        verdict: Verdict = "pass"
    elif distance >= least - DISTANCE_TOLERANCE_M:
        verdict = "warn"
        ja, en = (
            ja + f"できれば {comfortable:g} m あけてください。",
            en + f" Please leave {comfortable:g} m if possible.",
        )
    else:
        verdict, coarse = _paving_verdict(stance, nearest, least)
        ja, en = ja + f"{least:g} m 以上あけてください。{coarse[0]}", en + f" Please leave {least:g} m.{coarse[1]}"
    line = as_geojson(line_between(stance.obstacle, nearest))
    return Check("tactile_paving", verdict, round(distance, 4), least, "m", ja, en, line)


def _paving_verdict(stance: Stance, paving: BaseGeometry, least: float) -> tuple[Verdict, tuple[str, str]]:
    narrower = stance.obstacle.buffer(-stance.cell_m)
    if stance.cell_m and shapely.distance(narrower, paving) >= least:
        return "warn", (_COARSE_JA, _COARSE_EN)
    return "fail", ("", "")


def emergency_access(stance: Stance, ground: Ground) -> Check | None:
    """The obstacle's area in emergency lanes and round hydrants; left out when neither is known.

    What hangs over a lane lower than a fire engine needs is told as a warning.
    """
    if ground.kept_free is None:
        return None
    if not ground.kept_free.intersects(stance.footprint):
        return _kept_free()
    blocked = areas_of(shapely.intersection(stance.obstacle, ground.kept_free))
    if blocked.area > AREA_TOLERANCE_M2:
        return _blocked(stance, blocked, ground.kept_free)
    low = limit("emergency_lane_height")
    if ground.lanes is not None and stance.bottom_m < low:
        hanging = areas_of(shapely.intersection(stance.between(limit("obstacle_high"), low), ground.lanes))
        if hanging.area > AREA_TOLERANCE_M2:
            return _over_lane(hanging, low)
    return _kept_free()


def _kept_free() -> Check:
    ja, en = "緊急車両の通り道と消火栓のまわりはあいています。", "Emergency lanes and hydrants are kept free."
    return Check("emergency_access", "pass", 0.0, 0.0, "m2", ja, en)


def _blocked(stance: Stance, blocked: BaseGeometry, kept: BaseGeometry) -> Check:
    narrower = stance.obstacle.buffer(-stance.cell_m) if stance.cell_m else stance.obstacle
    sure = shapely.intersection(narrower, kept).area > AREA_TOLERANCE_M2
    ja = f"緊急車両の通り道か消火栓のまわりを {blocked.area:.2f} m² ふさいでいます。位置を変えてください。"
    en = f"It blocks {blocked.area:.2f} m² of an emergency lane or round a hydrant. Please move it."
    if not sure:
        ja, en = ja + _COARSE_JA, en + _COARSE_EN
    value, drawn = round(blocked.area, 4), as_geojson(blocked)
    return Check("emergency_access", "fail" if sure else "warn", value, 0.0, "m2", ja, en, drawn)


def _over_lane(hanging: BaseGeometry, low: float) -> Check:
    ja = f"緊急車両の通り道の上に {hanging.area:.2f} m² 張り出しています。高さ {low:g} m まであけてください。"
    en = f"It hangs over an emergency lane by {hanging.area:.2f} m². Please keep it clear up to {low:g} m."
    value = round(hanging.area, 4)
    return Check("emergency_access", "warn", value, 0.0, "m2", ja, en, as_geojson(hanging))
