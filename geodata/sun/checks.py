"""What the rays say about a placement, as checks a planner reads."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.placement import Check
from geodata.placement.check import Verdict
from geodata.placement.drawing import as_geojson
from geodata.placement.rulebook import limit
from geodata.sun.views import ViewLoss

Floats = NDArray[np.float64]

ROUNDING_H = 1e-6


def sun_check(lost: Floats, points: Floats) -> Check:
    """Judge the hours of winter sun lost (k,) at points (k, 3) of EPSG:6677, by the greatest loss anywhere.

    Up to the rule `sun_loss_notice` it passes, up to `sun_loss` it warns. The geometry holds the points that lose
    more than it takes to pass.
    """
    notice, most = limit("sun_loss_notice"), limit("sun_loss")
    greatest = round(float(lost.max(initial=0.0)), 4)
    ja, en = _sun_reason(greatest, most)
    hurt = shapely.multipoints(points[lost > notice + ROUNDING_H, :2])
    return Check("sun_hours", _verdict(greatest, notice, most), greatest, most, "h", ja, en, as_geojson(hurt))


def view_check(loss: ViewLoss, eye: BaseGeometry | None = None) -> Check:
    """Judge the share of a view that is newly hidden, by the rules `view_loss_notice` and `view_loss`.

    The geometry is where one looks from, given in EPSG:6677.
    """
    notice, most = limit("view_loss_notice"), limit("view_loss")
    share = round(loss.share, 4)
    ja, en = _view_reason(loss, most)
    return Check(
        "view",
        _verdict(share, notice, most),
        share,
        most,
        "share",
        ja,
        en,
        None if eye is None else as_geojson(eye),
    )


def _verdict(value: float, notice: float, most: float) -> Verdict:
    if value <= notice + ROUNDING_H:
        return "pass"
    return "warn" if value <= most + ROUNDING_H else "fail"


def _sun_reason(greatest: float, most: float) -> tuple[str, str]:
    if greatest == 0:
        return (
            "冬至の日の8時から16時に、まわりの日なたは減りません。",
            "At the winter solstice, from 8 to 16, no place around it loses any sun.",
        )
    ja = (
        f"冬至の日の8時から16時に、いちばん影響の大きい所で日なたが {greatest:.1f} 時間減ります"
        f"（目安 {most:g} 時間まで）。"
    )
    en = (
        f"At the winter solstice, from 8 to 16, the place it affects most loses {greatest:.1f} hours of sun "
        f"(guide: at most {most:g})."
    )
    if greatest > most + ROUNDING_H:
        return f"{ja}低くするか、位置を変えてください。", f"{en} Please make it lower or move it."
    return ja, en


def _view_reason(loss: ViewLoss, most: float) -> tuple[str, str]:
    if not loss.seen:
        return (
            f"まわりの建物は、もともと見えません（視線 {loss.rays:,} 本で確認）。",
            f"The buildings around could not be seen before either (checked with {loss.rays:,} lines of sight).",
        )
    ja = (
        f"いちばん影響の大きい出入口から、まわりの建物の見えていた部分の {loss.share:.0%} が隠れます"
        f"（視線 {loss.rays:,} 本で確認、目安 {most:.0%} まで）。"
    )
    en = (
        f"From the gate it affects most it hides {loss.share:.0%} of what could be seen of the "
        f"buildings around (checked with {loss.rays:,} lines of sight; guide: at most {most:.0%})."
    )
    if loss.share > most:
        return f"{ja}位置か高さを見直してください。", f"{en} Please reconsider its place or height."
    return ja, en
