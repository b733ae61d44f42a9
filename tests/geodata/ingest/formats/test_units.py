"""Hints about units and the up axis; they are never applied by themselves."""

import pytest
from shapes_in_formats import as_stl, box_mesh, obj_text

from geodata.ingest.formats import UNITS, Units, recognise, suggest, usual_up


@pytest.mark.parametrize(
    ("extent", "units", "unit"),
    [
        (6.0, Units(), None),
        (100.0, Units(), None),
        (6_000.0, Units(), "mm"),
        (600.0, Units(), "cm"),
        (0.006, Units(0.001), "m"),  # said to be millimetres, drawn in metres
        (1e9, Units(), None),  # no unit explains it
    ],
)
def test_a_unit_is_suggested_when_the_size_is_strange(extent, units, unit):
    assert suggest(extent, units) == unit


def test_every_suggestion_can_be_chosen():
    assert {suggest(10.0 ** (number / 10)) for number in range(-60, 60)} - {None} <= UNITS.keys()


def test_printers_point_upwards_with_z():
    assert usual_up(recognise(as_stl(*box_mesh()), "a")) == "z"
    assert usual_up(recognise(obj_text(*box_mesh()).encode(), "a")) == "y"
