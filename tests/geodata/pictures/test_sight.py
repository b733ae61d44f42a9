"""What no picture can show stands there in its light form, and the pictures do not depend on each other."""

import math

from scenes import example

from geodata.pictures import draw_all
from geodata.pictures.sight import is_in_sight
from geodata.scene.cameras import Camera
from geodata.scene.light import CARD_SUN
from geodata.scene.prop import Stand

NORTHWARD = Camera("people", (0.0, 1.6, 0.0), (0.0, 1.6, -10.0), 42.0)


def tree(x, z):
    return Stand("maple", (x, 0.0, z))


def test_what_stands_in_the_frame_is_in_sight_and_what_stands_behind_or_far_aside_is_not():
    assert is_in_sight(tree(0, -20), [NORTHWARD], CARD_SUN)
    assert not is_in_sight(tree(0, 30), [NORTHWARD], CARD_SUN)
    assert not is_in_sight(tree(-60, -20), [NORTHWARD], CARD_SUN)


def test_a_shadow_that_falls_into_the_frame_counts():
    edge = math.tan(math.radians(21)) * 4 / 3 * 20
    # The sun stands in the south-west: shadows fall to the east and north.
    assert is_in_sight(tree(-edge - 8, -20), [NORTHWARD], CARD_SUN)
    assert not is_in_sight(tree(edge + 8, -20), [NORTHWARD], CARD_SUN)


def test_the_scale_figure_is_in_sight():
    scene = example("beacon")
    assert is_in_sight(scene.figures[0], scene.cameras, scene.sun)


def test_a_picture_is_the_same_whichever_others_are_drawn():
    alone = draw_all(example("planters-to-sit-on"), ["approach"], 160, 120)
    among = draw_all(example("planters-to-sit-on"), ["people", "approach"], 160, 120)
    assert alone["approach"] == among["approach"]
