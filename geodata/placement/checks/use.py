"""How a place may be used: the load on its floor, the days of a year."""

from geodata.placement.check import Check, Verdict
from geodata.placement.drawing import as_geojson
from geodata.placement.ground import Ground
from geodata.placement.rulebook import DAY_LIMITED_LAND, limit
from geodata.placement.stance import Stance

GRAVITY_M_S2 = 9.80665


def load(stance: Stance, ground: Ground) -> Check | None:
    """Weight on the area that touches the floor; left out without a mass, a limit, or a part on the floor."""
    mass, most = stance.placement.mass_kg, ground.site.max_load_kn_m2
    if mass is None or most is None:
        return None
    contact = stance.between(stance.bottom_m, stance.bottom_m + limit("obstacle_low"))
    if contact.area == 0:
        return None
    found = mass * GRAVITY_M_S2 / 1000 / contact.area
    verdict = _verdict(found, most, limit("load_margin"))
    ja, en = _load_reason(verdict, found, most)
    drawn = None if verdict == "pass" else as_geojson(contact)
    return Check("load", verdict, round(found, 4), most, "kN/m2", ja, en, drawn)


def _load_reason(verdict: Verdict, found: float, most: float) -> tuple[str, str]:
    ja = f"床にかかる重さは {found:.2f} kN/m² で、制限は {most:g} kN/m² です。"
    en = f"It puts {found:.2f} kN/m² on the floor; the limit is {most:g} kN/m²."
    if verdict == "fail":
        return ja + "軽くするか、接地面を広げてください。", en + " Please make it lighter or its base wider."
    if verdict == "warn":
        return ja + "人が乗ったときの重さも確かめてください。", en + " Please check it with people on it as well."
    return ja, en


def days(stance: Stance, ground: Ground) -> Check | None:
    """Days of this year's use with this one; left out when no limit holds or nobody said how many days."""
    more, most = stance.placement.days, ground.site.max_days
    if most is None and ground.site.land_type in DAY_LIMITED_LAND:
        most = round(limit("open_space_days"))
    if more is None or most is None:
        return None
    used = ground.days_used + more
    verdict = _verdict(used, most, limit("days_margin"))
    ja = f"この場所の使用はこの提案を入れて年 {used} 日で、制限は {most} 日です。"
    en = f"With this proposal the site is used on {used} days of the year; the limit is {most}."
    if verdict == "fail":
        ja, en = ja + "日数を減らしてください。", en + " Please use fewer days."
    elif verdict == "warn":
        ja, en = ja + f"残りは {most - used} 日です。", en + f" {most - used} are left."
    return Check("days", verdict, float(used), float(most), "days", ja, en)


def _verdict(found: float, most: float, margin: float) -> Verdict:
    if found > most:
        return "fail"
    return "warn" if found >= margin * most else "pass"
