"""The limits as an installation sets them: known names, honest numbers, else a sentence."""

import pytest

from geodata.ingest.limits import Limits, limits_from


def test_what_is_not_named_stays_as_it_is():
    limits = limits_from({"triangles": 300_000, "wall_s": 0.5})
    assert (limits.triangles, limits.wall_s, limits.nodes) == (300_000, 0.5, Limits().nodes)


@pytest.mark.parametrize(
    "wrong", [{"triangle": 3}, {"triangles": "3"}, {"triangles": True}, {"triangles": 0}, {"triangles": 2.5}]
)
def test_a_wrong_name_or_value_is_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        limits_from(wrong)
