"""All checks of one placement."""

from geodata.placement.check import Check
from geodata.placement.checks import extent, levels, neighbours, passage, use
from geodata.placement.ground import Ground
from geodata.placement.stance import Placement, Solid, Stance

_CHECKS = (
    extent.inside_site,
    extent.height,
    extent.footprint_area,
    levels.level,
    levels.headroom,
    neighbours.clearance,
    neighbours.overlap,
    neighbours.tactile_paving,
    neighbours.emergency_access,
    use.load,
    use.days,
)


def check_placement(solid: Solid, placement: Placement, ground: Ground) -> list[Check]:
    """Check one placement on its ground. A check whose facts are not known is left out."""
    stance = Stance(solid, placement)
    found = (check(stance, ground) for check in _CHECKS)
    return [check for check in found if check is not None] + passage.passages(stance, ground)
