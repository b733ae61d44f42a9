"""The numbers that the checks judge by say where they come from."""

import datetime

from geodata.placement import RULES, RULES_VERSION


def test_every_number_has_a_unit_a_source_and_the_day_it_was_read():
    assert RULES
    for name, rule in RULES.items():
        assert rule.value > 0, name
        assert rule.unit in {"m", "h", "days", "share"}, name
        assert rule.source, name
        assert rule.meaning.endswith("."), name
        assert datetime.date.fromisoformat(rule.read), name


def test_the_version_names_the_rules():
    assert RULES_VERSION == "placement-2"
