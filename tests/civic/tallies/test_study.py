"""A study of merged votes: every number by hand, and nothing about fewer than ten people."""

import subprocess
import sys
from dataclasses import replace

import msgspec
import pytest

from civic.tallies.robustness.material import Said
from civic.tallies.robustness.positions import Turned
from civic.tallies.robustness.types import (
    Fate,
    Hour,
    Margin,
    Pair,
    RelationCell,
    RelationPart,
    RelationTable,
    RuleResult,
    Share,
    Study,
    VotersPart,
)
from civic.tallies.study import study_of
from tests.civic.tallies.robustness.elections import SEED, TWO_SITES, material

#                                          bench  stage  swing
VOTES = {
    ("bench", "line"): 40,  #                 40
    ("bench swing", "line"): 20,  #           20            20
    ("stage", "line"): 30,  #                        30
    ("stage", "code"): 15,  #                        15
    ("", "line"): 5,
}
HOURS = ((490_000, 60), (490_001, 12), (490_002, 4), (490_003, 10), (490_004, 12), (490_005, 12))


@pytest.fixture(scope="module")
def study():
    return study_of(
        material(
            TWO_SITES,
            VOTES,
            turned=tuple(Turned("bench" if n < 3 else "stage", 8, 4) for n in range(12)),
            orders=(3, 3, 3, 3),
            hours=HOURS,
            said=(
                Said(("live",), 50, (30, 20, 10, 0)),
                Said(("work",), 12, (6, 6, 2, 0)),
                Said((), 48, (24, 19, 8, 0)),
            ),
        )
    )


def test_every_proposal_has_its_fate(study):
    """Mist has no vote: 21 would lead the swing, which costs the same."""
    assert study.explanations == (
        Fate("bench", 60, "won", None, False, None, None),
        Fate("stage", 45, "fewer_votes", 16, True, None, None),
        Fate("swing", 20, "won", None, False, None, None),
        Fate("mist", 0, "no_votes", 21, True, None, None),
    )


def test_every_share_has_its_swing(study):
    """60 of 110 by Wilson: middle (0.54545 + 0.01746) / 1.03492, half 0.0915."""
    assert study.shares[0] == Share("bench", "0.545", "0.452", "0.635")


def test_all_rules_are_compared_with_the_binding_one(study):
    """60 voters chose the bench, the swing's 20 are among them; (60 + 20) / 110 = 0.73."""
    assert study.compared[0] == RuleResult("site_winner", "final", ("bench", "swing"), 60, "0.73", 2, 2)
    assert [one.method for one in study.compared] == ["site_winner", "greedy", "mes", "max_approval"]


def test_the_closest_race_and_the_pairs(study):
    """15 = 60 - 45 level the votes at the same cost, 16 decide; of those who switch 8. The coin: 60 to 45."""
    assert study.margin == Margin("bench", "stage", "plaza", 16, 8, True)
    assert study.pairs[0] == Pair("plaza", "bench", "stage", 60, 45, "0.172")
    assert float(study.stability.wins["bench"]) > 0.9
    assert study.seed == SEED


def test_channels_and_levels_stand_with_and_without(study):
    """Only the cards chose the stage; without them the bench is further ahead."""
    parts = {(part.kind, part.name): part for part in study.parts}
    votes = {"bench": 0, "stage": 15, "swing": 0, "mist": 0}
    assert parts["channel", "code"] == VotersPart(
        "channel", "code", 15, votes, ("stage",), False, ("bench", "swing"), True
    )
    assert parts["channel", "web"].voters == 0
    assert parts["assurance", "account"].approvals == {"bench": 60, "stage": 30, "swing": 20, "mist": 0}
    assert parts["assurance", "in_person"].without_same


def test_a_small_channel_is_hidden_and_with_it_what_would_tell_it():
    votes = {("bench", "line"): 50, ("stage", "paper"): 4, ("bench", "web"): 20}
    parts = {(part.kind, part.name): part for part in study_of(material(TWO_SITES, votes)).parts}
    assert parts["channel", "paper"] == VotersPart("channel", "paper", 4, None, None, None, None, None)
    assert parts["assurance", "account"].without_selected is None
    assert (parts["channel", "line"].approvals, parts["channel", "web"].approvals) == (
        {"bench": 50, "stage": 0, "swing": 0, "mist": 0},
        None,
    )


def test_hours_flag_a_surge_and_hide_the_few(study):
    """The median hour has 12 voters and 60 are no more than five times that; 4 hide the next smallest, 10."""
    assert [hour.voters for hour in study.hours] == [60, 12, None, None, 12, 12]
    assert study.hours[0] == Hour("2025-11-24T16:00:00Z", 60, surge=False)
    more = study_of(material(TWO_SITES, VOTES, hours=((490_000, 61), *HOURS[1:])))
    assert [hour.surge for hour in more.hours] == [True, False, False, False, False, False]


def test_relations_are_told_with_the_silent_ones(study):
    assert study.relations[0] == RelationPart("live", 50, {"bench": 30, "stage": 20, "swing": 10, "mist": 0})
    assert [part.relation for part in study.relations] == ["live", "work", "unsaid"]
    assert study.relation_table.cells[1] == RelationCell(
        ("work",), 12, {"bench": 6, "stage": 6, "swing": 2, "mist": 0}
    )


def test_a_small_combination_hides_the_table_and_the_part_that_would_tell_it():
    """Three both live and work: with all three parts shown, 50 + 15 - (110 - 48) = 3 would stand there."""
    said = (
        Said(("live",), 47, (30, 17, 10, 0)),
        Said(("live", "work"), 3, (3, 0, 0, 0)),
        Said(("work",), 12, (6, 6, 2, 0)),
        Said((), 48, (21, 22, 8, 0)),
    )
    found = study_of(material(TWO_SITES, VOTES, said=said))
    assert found.relation_table == RelationTable(None, "small_cell")
    shown = {part.relation: part.voters for part in found.relations}
    assert shown == {"live": 50, "work": None, "unsaid": 48}


def test_nobody_said_anything():
    found = study_of(material(TWO_SITES, VOTES))
    assert (found.relations, found.relation_table) == ((), RelationTable(None, "nobody_said"))
    assert found.positions is None


def test_the_cards_first_place_is_judged_without_paper(study):
    """12 orders of 8: 48 of 96 chose the first; each choice begins 3 of 12: (40*3 + 20*6 + 45*3) / 12 / 96."""
    assert (study.positions.first_share, study.positions.other_share) == ("0.500", "0.326")


@pytest.mark.parametrize("method", ["site_winner", "greedy", "mes", "max_approval"])
@pytest.mark.parametrize("votes", [{}, {("", "line"): 12}, {("bench", "line"): 1}])
def test_nobody_blank_and_one_end_with_an_answer(method, votes):
    found = study_of(material(TWO_SITES, votes, method=method, budget_yen=100))
    assert (found.voters, found.margin is None) == (sum(votes.values()), ("bench", "line") not in votes)


def test_a_drawn_tie_is_studied_as_it_was_drawn():
    level = material(TWO_SITES, {("bench", "line"): 20, ("stage", "line"): 20})
    pending, drawn = study_of(level), study_of(replace(level, beacon="2026-10-20 の値"))
    assert [fate.reason for fate in pending.explanations[:2]] == ["tie_open", "tie_open"]
    assert [fate.reason == "won" for fate in drawn.explanations[:2]].count(True) == 1
    assert (pending.margin, drawn.margin.added) == (None, 1)


def test_equal_shares_tell_support():
    """100 yen among 110: the bench's 60 hold too little until shares are raised; all is told in decimals."""
    found = study_of(material(TWO_SITES, VOTES, method="mes", budget_yen=100))
    bench = found.explanations[0]
    assert (bench.reason, found.stability.draws) == ("won", 200)


def test_the_program_writes_the_same_study(study):
    """In a process of its own, so that a large study holds up nobody."""
    given = material(TWO_SITES, VOTES, hours=HOURS)
    ran = subprocess.run(
        [sys.executable, "-m", "civic.tallies.study"],
        input=msgspec.json.encode(given),
        capture_output=True,
        check=True,
    )
    assert msgspec.json.decode(ran.stdout, type=Study) == study_of(given)
