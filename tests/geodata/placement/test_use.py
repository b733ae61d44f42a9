"""Load on the floor and days of a year, worked out by hand."""

import pytest
from placement_cases import at, block, found, roof_on_posts, site

from geodata.placement import Ground


@pytest.mark.parametrize(
    ("mass_kg", "value", "verdict"),
    [(1000, 4.9033, "fail"), (800, 3.9227, "warn"), (700, 3.4323, "pass")],
)
def test_the_load_is_the_weight_on_the_area_on_the_floor(mass_kg, value, verdict):
    """2 m x 1 m on the floor: 1000 kg x 9.80665 m/s2 / 2 m2 = 4.9033 kN/m2; 90 % of 4 is 3.6."""
    check = found(block(2, 1, 1), at(5, 5, mass_kg=mass_kg), site(max_load_kn_m2=4.0))["load"]
    assert (check.verdict, check.value, check.limit, check.unit) == (verdict, value, 4.0, "kN/m2")


def test_only_what_touches_the_floor_carries():
    """Two posts 0.2 m square: 100 kg make 980.665 N / 0.08 m2 = 12.2583 kN/m2. At twice the size a quarter."""
    roof, rules = roof_on_posts(2.6), site(max_load_kn_m2=20.0)
    assert found(roof, at(5, 5, mass_kg=100), rules)["load"].value == pytest.approx(12.2583)
    assert found(roof, at(5, 5, mass_kg=100, scale=2.0), rules)["load"].value == pytest.approx(3.0646)


def test_without_a_mass_or_a_limit_the_load_is_left_out():
    assert "load" not in found(block(1, 1, 1), at(5, 5), site(max_load_kn_m2=4.0))
    assert "load" not in found(block(1, 1, 1), at(5, 5, mass_kg=100), site())


@pytest.mark.parametrize(("days", "value", "verdict"), [(11, 161, "pass"), (12, 162, "warn"), (31, 181, "fail")])
def test_an_open_space_is_used_on_180_days_at_most(days, value, verdict):
    """150 days are used; 90 % of 180 is 162."""
    ground = Ground(site(land_type="private_open_space"), days_used=150)
    check = found(block(1, 1, 1), at(5, 5, days=days), ground)["days"]
    assert (check.verdict, check.value, check.limit, check.unit) == (verdict, value, 180, "days")


def test_a_sites_own_limit_of_days_comes_first():
    ground = Ground(site(land_type="private_open_space", max_days=10), days_used=4)
    assert found(block(1, 1, 1), at(5, 5, days=7), ground)["days"].verdict == "fail"
    assert found(block(1, 1, 1), at(5, 5, days=6), ground)["days"].verdict == "warn"
    assert "days" not in found(block(1, 1, 1), at(5, 5), ground)
    assert "days" not in found(block(1, 1, 1), at(5, 5, days=7), site(land_type="park"))
