"""Whether people get past: the clear width between the gates, and room for a wheelchair to turn."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.placement.check import Check, Verdict
from geodata.placement.drawing import as_geojson
from geodata.placement.ground import Ground
from geodata.placement.nearby import line_between
from geodata.placement.rulebook import limit
from geodata.placement.stance import Stance
from geodata.placement.walkway import WIDTH_TOLERANCE_M, Passage

NARROWEST_WITHIN_M = 0.03


def passages(stance: Stance, ground: Ground) -> list[Check]:
    """`clear_width` and `turning_circle`; left out when the site has fewer than two gates."""
    walkway = ground.walkway
    if walkway is None:
        return []
    passage = walkway.passage(stance.obstacle, limit("turning_circle_powered"))
    return [_clear_width(stance, ground, passage.width_m), _turning_circle(stance, passage)]


def _clear_width(stance: Stance, ground: Ground, found_m: float) -> Check:
    least, usual = ground.least_width_m, limit("clear_width")
    width = round(found_m, 2)
    verdict = _width_verdict(width, least, usual, 2 * stance.cell_m)
    ja, en = _width_reason(verdict, width, least, usual)
    return Check("clear_width", verdict, width, least, "m", ja, en, as_geojson(_narrowest(stance, ground, width)))


def _width_verdict(width: float, least: float, usual: float, blur: float) -> Verdict:
    if width >= max(least, usual) - WIDTH_TOLERANCE_M:
        return "pass"
    return "warn" if width + blur >= least - WIDTH_TOLERANCE_M else "fail"


def _width_reason(verdict: Verdict, width: float, least: float, usual: float) -> tuple[str, str]:
    if width == 0:
        return "通り道がふさがれています。位置を変えてください。", "The way is blocked. Please move it."
    ja, en = f"通れるはばは {width:.2f} m です。", f"A way {width:.2f} m wide stays open."
    if verdict == "pass":
        return ja, en
    if verdict == "fail":
        return ja + f"{least:g} m 以上あけてください。", en + f" Please leave {least:g} m."
    if width >= least - WIDTH_TOLERANCE_M:
        return ja + f"できれば {usual:g} m あけてください。", en + f" Please leave {usual:g} m if possible."
    return (
        ja + f"{least:g} m より狭く見えますが、形を粗く測ったための誤差かもしれません。図面で確かめてください。",
        en + f" This seems less than {least:g} m, which may come from measuring the shape coarsely. "
        "Please check it on a plan.",
    )


def _narrowest(stance: Stance, ground: Ground, width: float) -> BaseGeometry:
    """The gap at the model that is as wide as the whole way; empty when the narrowest place is elsewhere."""
    if width == 0:
        return stance.obstacle
    parts = shapely.get_parts(stance.obstacle)
    part, wall = ground.walls.pairs_within(parts, width + NARROWEST_WITHIN_M)
    off = np.abs(shapely.distance(parts[part], wall) - width)
    if not len(off) or off.min() > NARROWEST_WITHIN_M:
        return shapely.Point()
    nearest = off.argmin()
    return line_between(parts[part[nearest]], wall[nearest])


def _turning_circle(stance: Stance, passage: Passage) -> Check:
    manual, powered = limit("turning_circle"), limit("turning_circle_powered")
    found = round(passage.circle_m, 2)
    ja = f"車いすが回れる直径 {found:.2f} m の円が通り道にあります。"
    en = f"A circle {found:.2f} m across is free for a wheelchair to turn."
    if found >= powered - WIDTH_TOLERANCE_M:
        verdict: Verdict = "pass"
    elif found + 2 * stance.cell_m >= manual - WIDTH_TOLERANCE_M:
        verdict = "warn"
        ja = ja + f"電動車いすには {powered:g} m が要ります。"
        en = en + f" A powered wheelchair needs {powered:g} m."
    else:
        verdict = "fail"
        ja = f"車いすが回れる場所が通り道にありません（直径 {found:.2f} m）。{manual:g} m をあけてください。"
        en = f"A wheelchair cannot turn on the way ({found:.2f} m across). Please leave {manual:g} m."
    drawn = None if verdict == "pass" else as_geojson(passage.circles.buffer(passage.circle_m / 2))
    return Check("turning_circle", verdict, found, manual, "m", ja, en, drawn)
