"""Levels above one another: the right floor, what is above it, and the clear height over the ground."""

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.placement.check import Check, Verdict
from geodata.placement.checks.extent import AREA_TOLERANCE_M2, HEIGHT_TOLERANCE_M
from geodata.placement.drawing import areas_of, as_geojson
from geodata.placement.ground import Ground, OtherLevel
from geodata.placement.rulebook import ROAD_LAND, limit
from geodata.placement.stance import Stance
from geodata.placement.walkway import WIDTH_TOLERANCE_M

HEADROOM_STEP_M = 0.01


def level(stance: Stance, ground: Ground) -> Check | None:
    """Whether it stands on its own level and below the next; left out when no other level is at the spot."""
    here = [other for other in ground.levels if shapely.intersects(other.boundary, stance.footprint)]
    if not here:
        return None
    own_m = ground.site.ground_m
    nearest = min(here, key=lambda other: abs(other.ground_m - own_m - stance.bottom_m))
    if abs(nearest.ground_m - own_m - stance.bottom_m) < abs(stance.bottom_m):
        return _wrong_level(stance, own_m, nearest)
    above = [other for other in here if other.ground_m > own_m]
    if not above:
        return _right_level(stance, own_m, nearest)
    return _below(stance, own_m, min(above, key=lambda other: other.ground_m))


def _wrong_level(stance: Stance, own_m: float, nearest: OtherLevel) -> Check:
    off, half = abs(stance.bottom_m), abs(nearest.ground_m - own_m) / 2
    ja = (
        f"底がこの場所の地面から {off:.2f} m 離れていて、別の階（{nearest.name}）の床のほうに近くなっています。"
        "場所か底の高さを直してください。"
    )
    en = (
        f"Its base is {off:.2f} m from this site's ground, nearer to another level ({nearest.name}). "
        "Please correct the site or the base height."
    )
    drawn = as_geojson(stance.footprint)
    return Check("level", "fail", round(off, 4), round(half, 4), "m", ja, en, drawn)


def _right_level(stance: Stance, own_m: float, nearest: OtherLevel) -> Check:
    half = abs(nearest.ground_m - own_m) / 2
    ja, en = "この場所の階に立っています。", "It stands on the level of this site."
    return Check("level", "pass", round(abs(stance.bottom_m), 4), round(half, 4), "m", ja, en)


def _below(stance: Stance, own_m: float, above: OtherLevel) -> Check:
    gap, least = above.ground_m - own_m - stance.top_m, limit("level_gap")
    if gap < -HEIGHT_TOLERANCE_M:
        verdict: Verdict = "fail"
        ja = f"上の階（{above.name}）を {-gap:.2f} m 突き抜けています。低くしてください。"
        en = f"It sticks {-gap:.2f} m through the level above ({above.name}). Please lower it."
    elif gap < least - HEIGHT_TOLERANCE_M:
        verdict = "warn"
        ja = f"上の階（{above.name}）まで {gap:.2f} m しかありません。梁や設備を断面図で確かめてください。"
        en = (
            f"Only {gap:.2f} m are left to the level above ({above.name}). "
            "Please check beams and pipes on a section."
        )
    else:
        verdict = "pass"
        ja = f"この場所の階に立ち、上の階（{above.name}）まで {gap:.2f} m あいています。"
        en = f"It stands on the level of this site, {gap:.2f} m below the next ({above.name})."
    drawn = None if verdict == "pass" else as_geojson(stance.footprint)
    return Check("level", verdict, round(gap, 4), least, "m", ja, en, drawn)


def headroom(stance: Stance, ground: Ground) -> Check:
    """The lowest part that hangs over ground people walk on, between 2.1 m and the limit, found to 1 cm.

    On a road, where the rule is law, it fails when the way between the gates is then not wide enough at full
    height; else it warns. What hangs lower than 2.1 m is an obstacle: nobody walks under it.
    """
    need = limit("headroom")
    lowest, hanging = _lowest_overhang(stance, ground)
    if lowest is None:
        ja = f"人が歩くところの上は {need:g} m 以上あいています。"
        return Check("headroom", "pass", need, need, "m", ja, f"At least {need:g} m are clear above the ground.")
    ja = f"高さ {lowest:.2f} m のところで、人が歩くところの上に張り出しています。"
    en = f"It hangs over ground people walk on at a height of {lowest:.2f} m."
    verdict: Verdict = "warn"
    if _narrows_the_way(stance, ground):
        verdict = "fail"
        ja += f"高さ {need:g} m まであいた通り道が {ground.least_width_m:g} m 残りません。"
        en += f" No way {ground.least_width_m:g} m wide stays clear up to {need:g} m."
    ja, en = ja + f"できれば {need:g} m 以上あけてください。", en + f" Please leave {need:g} m clear if possible."
    return Check("headroom", verdict, round(lowest, 4), need, "m", ja, en, as_geojson(hanging))


def _narrows_the_way(stance: Stance, ground: Ground) -> bool:
    """Whether a road's way is too narrow at full height; a coarse outline gets the benefit of its doubt."""
    if ground.walkway is None or ground.site.land_type not in ROAD_LAND:
        return False
    things = stance.between(limit("obstacle_low"), limit("headroom"))
    return not ground.walkway.is_open(things, ground.least_width_m - WIDTH_TOLERANCE_M - 2 * stance.cell_m)


def _lowest_overhang(stance: Stance, ground: Ground) -> tuple[float | None, BaseGeometry]:
    """The height in metres, and the area that hangs between there and the limit."""
    low, high = 0, round((limit("headroom") - limit("obstacle_high")) / HEADROOM_STEP_M)
    overhead = shapely.difference(_slab(stance, high), stance.obstacle)
    hanging = areas_of(ground.free_within(overhead))
    if hanging.area <= AREA_TOLERANCE_M2:
        return None, hanging
    while high - low > 1:
        middle = (low + high) // 2
        empty = shapely.intersection(hanging, _slab(stance, middle)).area <= AREA_TOLERANCE_M2
        low, high = (middle, high) if empty else (low, middle)
    return limit("obstacle_high") + high * HEADROOM_STEP_M, hanging


def _slab(stance: Stance, steps: int) -> BaseGeometry:
    """What of the model is between 2.1 m and so many centimetres above."""
    floor = limit("obstacle_high")
    return stance.between(floor, floor + steps * HEADROOM_STEP_M)
