"""The voters in parts: each with and without, surges by the hour, relations; nothing about the few."""

from civic.tallies.robustness.material import Said
from civic.tallies.robustness.parts import hours, relation_parts, relation_table, voters_parts
from civic.tallies.robustness.types import Hour, RelationCell, RelationPart, RelationTable, VotersPart
from tests.civic.tallies.robustness.elections import TWO_SITES, material

#                                          bench  stage  swing
VOTES = {
    ("bench", "line"): 40,  #                 40
    ("bench swing", "line"): 20,  #           20            20
    ("stage", "line"): 30,  #                        30
    ("stage", "code"): 15,  #                        15
    ("", "line"): 5,
}
HOURS = ((490_000, 60), (490_001, 12), (490_002, 4), (490_003, 10), (490_004, 12), (490_005, 12))
FIXED = {"increment": 0, "completion": "none"}


def parts_of(sites, votes, **rest):
    return {(part.kind, part.name): part for part in voters_parts(material(sites, votes, **rest))}


def test_channels_and_levels_stand_with_and_without():
    """Only the cards chose the stage; without them the bench is further ahead."""
    parts = parts_of(TWO_SITES, VOTES)
    votes = {"bench": 0, "stage": 15, "swing": 0, "mist": 0}
    assert parts["channel", "code"] == VotersPart(
        "channel", "code", 15, votes, ("stage",), False, ("bench", "swing"), True
    )
    assert [(name, part.voters) for (_, name), part in parts.items()] == [
        ("line", 95),
        ("web", 0),
        ("code", 15),
        ("paper", 0),
        ("account", 95),
        ("in_person", 15),
    ]
    assert parts["assurance", "account"].approvals == {"bench": 60, "stage": 30, "swing": 20, "mist": 0}
    assert parts["assurance", "in_person"].without_same


def test_a_part_with_other_open_ties_does_not_agree():
    """All leave both sites open; the cards only the plaza, and the others only the deck."""
    votes = {("bench", "code"): 10, ("stage", "code"): 10, ("swing", "line"): 15, ("mist", "line"): 15}
    code = parts_of(TWO_SITES, votes)["channel", "code"]
    assert (code.selected, code.same, code.without_selected, code.without_same) == ((), False, (), False)


def test_parts_are_counted_by_the_binding_rule_with_its_options_and_budget():
    """The cards' ten hold 50 yen each, enough for a; of the forty in line ten hold only 125 of b's 400."""
    sites = {"a": {"s": 100}, "b": {"t": 400}, "c": {"u": 450}}
    votes = {("a", "code"): 10, ("a b", "line"): 10, ("", "line"): 30}
    shared = parts_of(sites, votes, method="mes", method_options=FIXED, budget_yen=500)
    assert [shared["channel", name].selected for name in ("code", "line")] == [("a",), ("a",)]
    votes = {("c", "code"): 12, ("a b c", "line"): 40}
    by_votes = parts_of(sites, votes, method="greedy", budget_yen=500)
    assert [by_votes["channel", name].selected for name in ("code", "line")] == [("c",), ("a", "b")]


def test_a_small_channel_is_hidden_and_with_it_what_would_tell_it():
    votes = {("bench", "line"): 50, ("stage", "paper"): 4, ("bench", "web"): 20}
    parts = parts_of(TWO_SITES, votes)
    assert parts["channel", "paper"] == VotersPart("channel", "paper", 4, None, None, None, None, None)
    assert parts["assurance", "account"].without_selected is None
    assert (parts["channel", "line"].approvals, parts["channel", "web"].approvals) == (
        {"bench": 50, "stage": 0, "swing": 0, "mist": 0},
        None,
    )


def test_hours_flag_a_surge_and_hide_the_few():
    """The median hour has 12 voters and 60 are no more than five times that; 4 hide the next smallest, 10."""
    found = hours(HOURS)
    assert [hour.voters for hour in found] == [60, 12, None, None, 12, 12]
    assert found[0] == Hour("2025-11-24T16:00:00Z", 60, surge=False)
    more = hours(((490_000, 61), *HOURS[1:]))
    assert [hour.surge for hour in more] == [True, False, False, False, False, False]


def test_relations_are_told_with_the_silent_ones():
    said = (
        Said(("live",), 50, (30, 20, 10, 0)),
        Said(("work",), 10, (6, 4, 2, 0)),
        Said((), 50, (24, 21, 8, 0)),
    )
    given = material(TWO_SITES, VOTES, said=said)
    proposals = ("bench", "stage", "swing", "mist")
    assert relation_parts(given) == tuple(
        RelationPart(name, one.voters, dict(zip(proposals, one.approvals, strict=True)))
        for name, one in zip(("live", "work", "unsaid"), said, strict=True)
    )
    cells = (
        RelationCell(one.relations, one.voters, dict(zip(proposals, one.approvals, strict=True))) for one in said
    )
    assert relation_table(given) == RelationTable(tuple(cells), None)


def test_a_small_combination_hides_the_table_and_the_part_that_would_tell_it():
    """Three both live and work: with all three parts shown, 50 + 15 - (110 - 48) = 3 would stand there."""
    said = (
        Said(("live",), 47, (30, 17, 10, 0)),
        Said(("live", "work"), 3, (3, 0, 0, 0)),
        Said(("work",), 12, (6, 6, 2, 0)),
        Said((), 48, (21, 22, 8, 0)),
    )
    given = material(TWO_SITES, VOTES, said=said)
    assert relation_table(given) == RelationTable(None, "small_cell")
    assert {part.relation: part.voters for part in relation_parts(given)} == {
        "live": 50,
        "work": None,
        "unsaid": 48,
    }


def test_silence_alone_is_no_part():
    given = material(TWO_SITES, VOTES, said=(Said((), 110, (60, 45, 20, 0)),))
    assert (relation_parts(given), relation_table(given)) == ((), RelationTable(None, "nobody_said"))
