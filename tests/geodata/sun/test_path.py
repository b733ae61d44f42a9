"""Where the sun stands: against the formulas of the almanac, worked out by hand."""

import math
from datetime import date, time, timedelta

import numpy as np
import pytest

from geodata.sun import sun_path, winter_solstice

TOCHO = (139.6917, 35.6896)


def test_the_winter_solstice_is_the_day_of_the_almanac():
    """National Astronomical Observatory of Japan, 冬至: 2023 and 2027 on the 22nd, 2024 and 2028 on the 21st."""
    days = [winter_solstice(year).day for year in (2023, 2024, 2025, 2026, 2027, 2028)]
    assert days == [22, 21, 22, 22, 22, 21]


def test_the_window_is_49_times_that_stand_for_8_hours():
    path = sun_path(*TOCHO, winter_solstice(2026))
    assert (len(path.elevation_deg), path.hours.sum()) == (49, pytest.approx(8.0))
    assert (path.hours[0], path.hours[24], path.hours[48]) == pytest.approx((1 / 12, 1 / 6, 1 / 12))


def test_the_noon_sun_stands_as_high_as_latitude_and_declination_say():
    """90 - 35.69 - 23.44 = 30.87 degrees, due south; 4.7 degrees east of 135 it is noon about 11:39."""
    path = sun_path(*TOCHO, winter_solstice(2026), time(11, 30), time(11, 50), timedelta(minutes=1))
    highest = int(path.elevation_deg.argmax())
    assert path.elevation_deg[highest] == pytest.approx(90 - 35.6896 - 23.4376, abs=0.01)
    assert path.azimuth_deg[highest] == pytest.approx(180, abs=0.2)
    assert 8 <= highest <= 10


def test_the_sun_moves_from_south_east_to_south_west_and_the_directions_say_so():
    path = sun_path(*TOCHO, winter_solstice(2026))
    assert (np.diff(path.azimuth_deg) > 0).all()
    east, north, up = path.directions.T
    assert east[0] > 0 > east[-1]
    assert (north < 0).all()
    assert (up > 0).all()
    assert np.linalg.norm(path.directions, axis=1) == pytest.approx(1)
    assert up[0] == pytest.approx(math.sin(math.radians(path.elevation_deg[0])))


def test_a_window_shorter_than_a_step_is_refused():
    with pytest.raises(ValueError, match="one step"):
        sun_path(*TOCHO, date(2026, 12, 22), time(8), time(8, 5))
