"""Standing models on sites and checking them, in metres of EPSG:6677: a planning aid, never an approval."""

from geodata.placement.check import (
    PLANNING_AID_EN,
    PLANNING_AID_JA,
    Check,
    Verdict,
    placement_verdict,
)
from geodata.placement.checking import check_placement
from geodata.placement.ground import Ground
from geodata.placement.inputs import inputs_sha256
from geodata.placement.rulebook import RULES, RULES_VERSION, Rule
from geodata.placement.site import Building, Layers, Rival, SiteRules
from geodata.placement.stance import Placement, Solid, Stance, place_outline

__all__ = [
    "PLANNING_AID_EN",
    "PLANNING_AID_JA",
    "RULES",
    "RULES_VERSION",
    "Building",
    "Check",
    "Ground",
    "Layers",
    "Placement",
    "Rival",
    "Rule",
    "SiteRules",
    "Solid",
    "Stance",
    "Verdict",
    "check_placement",
    "inputs_sha256",
    "place_outline",
    "placement_verdict",
]
