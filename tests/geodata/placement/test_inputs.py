"""The hash of what a result depends on: written out by hand, and changed by every input."""

import hashlib
from dataclasses import replace

import pytest
import shapely
from placement_cases import at, block, site
from shapely.geometry import Point, Polygon

from geodata.placement import Building, Ground, Layers, Placement, Rival, SiteRules, inputs_sha256

BOUNDARY = Polygon([(139.69, 35.69), (139.691, 35.69), (139.691, 35.691), (139.69, 35.69)])
RULES = SiteRules(BOUNDARY, ground_m=33, level="ground", max_height_m=4)
PLACEMENT = Placement(139.6899, 35.6905, 30)


def test_inputs_are_hashed_as_a_stranger_would():
    written_by_hand = (
        '{"buildings":[],"data_year":null,"days_used":0,"model_sha256":"ab","other_levels":[],'
        '"placement":{"base_m":0.0,"days":null,"heading_deg":30.0,"lat":35.6905,"lon":139.6899,"mass_kg":null,'
        '"scale":1.0},"rivals":[],"rules_version":"placement-2","site":{"boundary":{"coordinates":'
        '[[[139.69,35.69],[139.691,35.69],[139.691,35.691],[139.69,35.69]]],"type":"Polygon"},"ground_m":33.0,'
        '"land_type":null,"layers":{"emergency_lanes":[],"entrances":[{"coordinates":[139.6905,35.6902],'
        '"type":"Point"}],"gates":[],"hydrants":[],"obstacles":[],"tactile_paving":[]},"level":"ground",'
        '"max_days":null,"max_footprint_m2":null,"max_height_m":4.0,"max_load_kn_m2":null,'
        '"min_clear_width_m":null}}'
    )
    rules = replace(RULES, layers=Layers(entrances=(Point(139.6905, 35.6902),)))
    assert inputs_sha256("ab", PLACEMENT, Ground(rules)) == hashlib.sha256(written_by_hand.encode()).hexdigest()


HOUSE = Building("b1", BOUNDARY, 20.0, None)
RIVAL = Rival("chair", block(1, 1, 1), at(5, 5), "ground", 33.0, standing=False)


@pytest.mark.parametrize(
    "ground",
    [
        Ground(replace(RULES, level="deck")),
        Ground(replace(RULES, max_days=3)),
        Ground(replace(RULES, layers=Layers(gates=(shapely.LineString([(139.69, 35.69), (139.7, 35.69)]),)))),
        Ground(RULES, [HOUSE]),
        Ground(RULES, [replace(HOUSE, height_m=21.0)]),
        Ground(RULES, rivals=[RIVAL]),
        Ground(RULES, rivals=[replace(RIVAL, solid=block(1, 1, 1.2))]),
        Ground(RULES, rivals=[replace(RIVAL, standing=True)]),
        Ground(RULES, other_levels=[site(level="deck")]),
        Ground(RULES, days_used=1),
        Ground(RULES, data_year=2020),
    ],
)
def test_every_fact_of_the_place_changes_the_hash(ground):
    plain = inputs_sha256("ab", PLACEMENT, Ground(RULES))
    assert inputs_sha256("ab", PLACEMENT, ground) != plain
    assert inputs_sha256("ab", PLACEMENT, ground) == inputs_sha256("ab", PLACEMENT, ground)


def test_model_and_placement_change_the_hash():
    ground = Ground(RULES)
    plain = inputs_sha256("ab", PLACEMENT, ground)
    assert inputs_sha256("ac", PLACEMENT, ground) != plain
    assert inputs_sha256("ab", replace(PLACEMENT, mass_kg=10.0), ground) != plain


def test_the_order_in_which_things_were_found_changes_nothing():
    houses = [HOUSE, replace(HOUSE, id="b2")]
    rivals = [RIVAL, replace(RIVAL, name="table")]
    one = Ground(RULES, houses, rivals)
    other = Ground(RULES, houses[::-1], rivals[::-1])
    assert inputs_sha256("ab", PLACEMENT, one) == inputs_sha256("ab", PLACEMENT, other)
