"""Wilson's interval, against values of another program (statsmodels' ``proportion_confint``)."""

import pytest

from civic.tallies.robustness.shares import wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0, 0.277533),
        (5, 10, 0.236593, 0.763407),
        (57, 110, 0.425779, 0.609357),
        (1, 1, 0.206549, 1),
        (0, 0, 0, 1),
    ],
)
def test_the_interval_is_wilsons(part, whole, low, high):
    assert wilson(part, whole) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))
