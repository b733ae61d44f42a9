"""The way that stays open between the gates: gaps set up by hand, found again to 1 cm."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from placement_cases import E0, at, block, found, roof_on_posts, site, there
from shapely.affinity import rotate, translate
from shapely.geometry import LineString

from geodata.crs import geometry_to_plane
from geodata.placement import Building, Ground, Rival

WEST, EAST = LineString([(0, 0), (0, 10)]), LineString([(20, 0), (20, 10)])
CM = 0.0101


def way(solid, placement, width=10.0, layers=None, **more):
    """Both checks on a walkway 20 m long from a gate in the west to one in the east."""
    gates = {"gates": [LineString([(x, 0), (x, width)]) for x in (0, 20)]}
    return found(
        solid, placement, Ground(site(20, width, layers=gates | (layers or {}), min_clear_width_m=2.0), **more)
    )


@pytest.mark.parametrize(
    ("depth", "n", "width", "verdict"),
    [
        (4, 5, 3.0, "pass"),  # 3 m on either side
        (4, 4, 4.0, "pass"),  # 2 m and 4 m
        (6, 5, 2.0, "pass"),
        (6, 5.2, 2.2, "pass"),
        (7, 5, 1.5, "fail"),
        (9.9, 5, 0.05, "fail"),
        (10, 5, 0.0, "fail"),
    ],
)
def test_a_block_in_the_way_leaves_the_wider_of_two_gaps(depth, n, width, verdict):
    check = way(block(1, depth, 1), at(10, n))["clear_width"]
    assert (check.verdict, check.limit, check.unit) == (verdict, 2.0, "m")
    assert check.value == pytest.approx(width, abs=CM)


def test_the_narrow_gap_is_drawn_at_the_model():
    """A block from 3 m to 8.5 m: the wider gap is the southern one, 3 m."""
    check = way(block(1, 5.5, 1), at(10, 5.75))["clear_width"]
    line = geometry_to_plane(shapely.geometry.shape(check.geometry))
    assert line.length == pytest.approx(3.0, abs=0.02)
    assert all(9.4 < e - E0 < 10.6 for e, _ in line.coords)


def test_a_turned_block_leaves_what_its_corners_leave():
    """4 m square turned by 45 degrees: its corners are 2 sqrt 2 = 2.828 m from its middle; 5 - 2.828 = 2.172 m."""
    assert way(block(4, 4, 1), at(10, 5, 45))["clear_width"].value == pytest.approx(2.172, abs=CM)


def test_two_corners_leave_their_distance():
    """Corners at (9.5, 6) and (11, 3), from the north and from the south: sqrt(1.5^2 + 3^2) = 3.354 m apart."""
    layers = {"obstacles": [shapely.box(11, -1, 12, 3)]}
    assert way(block(1, 4, 1), at(9, 8), layers=layers)["clear_width"].value == pytest.approx(3.354, abs=CM)


def test_people_pass_under_a_roof_and_between_posts():
    """The posts are 3.6 m apart and 2.4 m high: turned across the way, 10 - 4 = 6 m, 3 m on either side."""
    assert way(roof_on_posts(2.4), at(10, 5, 90))["clear_width"].value == pytest.approx(3.6, abs=CM)
    assert way(roof_on_posts(1.9), at(10, 5, 90))["clear_width"].value == pytest.approx(3.0, abs=CM)


def test_a_step_of_three_centimetres_is_no_obstacle():
    assert way(block(4, 10, 0.03), at(10, 5))["clear_width"].value == pytest.approx(10.0, abs=CM)
    assert way(block(4, 8, 0.1), at(10, 5, base_m=2.2))["clear_width"].value == pytest.approx(10.0, abs=CM)


def test_obstacles_buildings_and_standing_rivals_narrow_the_way_too():
    """The block leaves 3 m in the south and 2 m in the north; what stands in the south takes all but 1 m of it."""
    solid, where = block(1, 5, 1), at(10, 5.5)
    fence = {"obstacles": [LineString([(10, 0), (10, 2)])]}
    house = Building("house", there(shapely.box(9, -3, 11, 2)), 10.0, None)
    booth = block(1, 2, 1)
    decided, proposed = (Rival("booth", booth, at(10, 1), "ground", 33.0, standing) for standing in (True, False))
    assert way(solid, where)["clear_width"].value == pytest.approx(3.0, abs=CM)
    assert way(solid, where, layers=fence)["clear_width"].value == pytest.approx(2.0, abs=CM)
    assert way(solid, where, buildings=[house])["clear_width"].value == pytest.approx(2.0, abs=CM)
    assert way(solid, where, rivals=[decided])["clear_width"].value == pytest.approx(2.0, abs=CM)
    assert way(solid, where, rivals=[proposed])["clear_width"].value == pytest.approx(3.0, abs=CM)


def test_every_gate_reaches_every_other():
    """A third gate in the north, behind a block 1 m deep, which leaves 1.2 m or 0.3 m along it."""
    gates = {"gates": [WEST, EAST, LineString([(9, 10), (11, 10)])]}
    rules = site(20, 10, layers=gates)
    assert found(block(16, 1, 1), at(10, 8.3), rules)["clear_width"].value == pytest.approx(1.2, abs=CM)
    assert found(block(16, 1, 1), at(10, 9.2), rules)["clear_width"].value == pytest.approx(0.3, abs=CM)


def test_one_gate_is_no_way():
    checks = found(block(1, 1, 1), at(5, 5), site(layers={"gates": [WEST]}))
    assert not {"clear_width", "turning_circle"} & checks.keys()


def test_a_site_that_asks_for_less_than_a_footway_is_told():
    layers = {"gates": [WEST, EAST]}
    check = found(block(1, 7, 1), at(10, 5), site(20, 10, layers=layers, min_clear_width_m=1.2))["clear_width"]
    assert (check.verdict, check.limit) == ("warn", 1.2)
    assert found(block(1, 7, 1), at(10, 5), site(20, 10, layers=layers))["clear_width"].limit == 2.0


def test_a_coarse_outline_that_may_leave_enough_warns():
    """1.95 m on either side, and the grid may take 5 cm of each."""
    assert way(block(1, 6.1, 1), at(10, 5))["clear_width"].verdict == "fail"
    assert way(block(1, 6.1, 1, outline_cell_m=0.05), at(10, 5))["clear_width"].verdict == "warn"


@pytest.mark.parametrize(("width", "verdict"), [(2.0, "pass"), (1.6, "warn"), (1.4, "fail")])
def test_a_wheelchair_turns_in_the_width_of_a_corridor(width, verdict):
    check = way(block(0.1, 0.1, 0.01), at(10, width / 2), width)["turning_circle"]
    assert (check.verdict, check.limit, check.unit) == (verdict, 1.5, "m")
    assert check.value == pytest.approx(width, abs=CM)


def test_a_wheelchair_turns_where_the_way_is_wider():
    """A gap of 1 m at the block; on both sides of it the way is 1.6 m wide."""
    checks = way(block(1, 0.6, 1), at(10, 0.3), 1.6)
    assert checks["clear_width"].value == pytest.approx(1.0, abs=CM)
    assert checks["turning_circle"].value == pytest.approx(1.6, abs=CM)
    assert checks["turning_circle"].verdict == "warn"


def test_a_blocked_way_still_says_what_is_left_at_the_gates():
    checks = way(block(1, 1.4, 1), at(10, 0.7), 1.4)
    assert (checks["clear_width"].verdict, checks["clear_width"].value) == ("fail", 0.0)
    assert checks["turning_circle"].value == pytest.approx(1.4, abs=CM)


@pytest.mark.parametrize("away", [0.0, 0.5, 300.0])
def test_a_building_outside_the_site_narrows_nothing(away):
    house = Building("house", there(shapely.box(5, 10 + away, 15, 30 + away)), 40.0, 33.0)
    free, beside = way(block(1, 4, 1), at(10, 5)), way(block(1, 4, 1), at(10, 5), buildings=[house])
    assert beside["clear_width"] == free["clear_width"]


@given(
    st.lists(st.tuples(*[st.integers(3, 97)] * 2, *[st.integers(1, 20)] * 2), max_size=8),
    st.tuples(st.integers(20, 180), st.integers(10, 90), st.integers(0, 359)),
    st.sampled_from([(0.2, 0.2), (1.0, 2.0), (3.0, 0.5)]),
)
@settings(max_examples=40, deadline=None)
def test_the_clear_width_is_where_one_plain_erosion_opens_and_closes(boxes, spot, size):
    obstacles = [shapely.box(x / 5, y / 10, x / 5 + w / 10, y / 10 + d / 10) for x, y, w, d in boxes]
    e, n, heading = spot[0] / 10, spot[1] / 10, spot[2]
    width = way(block(*size, 1), at(e, n, heading), layers={"obstacles": obstacles})["clear_width"].value
    thing = translate(rotate(shapely.box(-size[0] / 2, -size[1] / 2, size[0] / 2, size[1] / 2), -heading), e, n)
    free = shapely.box(0, 0, 20, 10) - shapely.union_all([thing, *obstacles])
    assert width == 0 or is_open(free, width - 2 * CM)
    assert not is_open(free, width + 2 * CM)


def is_open(free, width):
    """Whether one piece of the ground, eroded at once by half the width, comes as near to both gates as that."""
    parts = shapely.get_parts(free.buffer(-width / 2, quad_segs=64))
    return any(all(part.distance(gate) <= width / 2 + 0.1 for gate in (WEST, EAST)) for part in parts)
