"""Levels above one another and the clear height over the ground, worked out by hand."""

import pytest
import shapely
from placement_cases import at, block, found, roof_on_posts, site
from shapely.geometry import LineString

from geodata.placement import Ground

UNDERGROUND, STREET, DECK = (
    site(level=name, ground_m=ground_m)
    for name, ground_m in (("underground", 27.0), ("ground", 33.0), ("deck", 39.0))
)


def on(own):
    return Ground(own, other_levels=[UNDERGROUND, STREET, DECK])


def test_one_model_at_one_spot_gets_three_verdicts_on_three_levels():
    """5.7 m high, and 6 m from level to level: 0.3 m are left; half a metre up it sticks through the next."""
    tower = block(1, 1, 5.7)
    warned = found(tower, at(5, 5), on(UNDERGROUND))["level"]
    failed = found(tower, at(5, 5, base_m=0.5), on(STREET))["level"]
    passed = found(tower, at(5, 5), on(DECK))["level"]
    assert (warned.verdict, warned.value, warned.limit) == ("warn", pytest.approx(0.3), 0.5)
    assert (failed.verdict, failed.value) == ("fail", pytest.approx(-0.2))
    assert (passed.verdict, passed.value, passed.limit) == ("pass", 0.0, 3.0)


@pytest.mark.parametrize(("base_m", "verdict"), [(2.9, "pass"), (3.1, "fail"), (6.0, "fail"), (-3.5, "fail")])
def test_nearer_to_another_levels_floor_is_the_wrong_level(base_m, verdict):
    """The street is 33 m, the deck 39 m and the underground 27 m: the middle is 3 m away."""
    check = found(block(1, 1, 1), at(5, 5, base_m=base_m), on(STREET))["level"]
    assert check.verdict == verdict
    assert check.unit == "m"


def test_a_level_elsewhere_says_nothing():
    far = site(level="deck", ground_m=36.0)
    assert "level" not in found(block(1, 1, 5), at(30, 30), Ground(STREET, other_levels=[far]))
    assert "level" not in found(block(1, 1, 5), at(5, 5), STREET)


@pytest.mark.parametrize(
    ("land_type", "clear", "width", "verdict", "value"),
    [
        ("road", 2.5, 4, "pass", 2.5),
        ("road", 2.3, 4, "fail", 2.3),
        ("road", 2.3, 6, "warn", 2.3),
        ("road", 3.0, 6, "pass", 2.5),
        ("park", 2.3, 4, "warn", 2.3),
    ],
)
def test_a_roof_over_the_way_leaves_two_and_a_half_metres(land_type, clear, width, verdict, value):
    """The roof is 2 m deep: in a way 4 m wide 1 m on either side is higher, in one of 6 m the 2 m asked for."""
    layers = {"gates": [LineString([(x, 0), (x, width)]) for x in (0, 10)]}
    street = site(10, width, layers=layers, land_type=land_type)
    check = found(roof_on_posts(clear), at(5, width / 2), street)["headroom"]
    assert (check.verdict, check.limit, check.unit) == (verdict, 2.5, "m")
    assert check.value == pytest.approx(value, abs=0.0101)
    assert (check.geometry is None) == (verdict == "pass")


def test_headroom_counts_from_the_ground_and_with_the_scale():
    """A slab from 0 to 0.2 m: at a base of 2.2 m it hangs there; of 1.15 m at twice the size, at 2.3 m."""
    slab, roof = block(2, 2, 0.2), roof_on_posts(1.15)
    assert found(slab, at(5, 5, base_m=2.2), site())["headroom"].value == pytest.approx(2.2, abs=0.0101)
    assert found(slab, at(5, 5), site())["headroom"].verdict == "pass"
    assert found(roof, at(5, 5, scale=2.0), site())["headroom"].value == pytest.approx(2.3, abs=0.0101)


def test_a_low_roof_where_no_way_is_known_warns():
    assert found(roof_on_posts(2.3), at(5, 5), site())["headroom"].verdict == "warn"


def test_what_hangs_over_an_obstacle_is_over_no_way():
    """The roof covers 3 m to 7 m by 4 m to 6 m; a planter of that size takes the whole ground below it."""
    layers = {"obstacles": [shapely.box(3, 4, 7, 6)]}
    assert found(roof_on_posts(2.3), at(5, 5), site(layers=layers))["headroom"].verdict == "pass"
