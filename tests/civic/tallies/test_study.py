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
    Margin,
    Pair,
    RelationTable,
    RuleResult,
    Share,
    Study,
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


def test_channels_hours_and_relations_stand_beside(study):
    assert [part.name for part in study.parts if part.approvals and part.voters] == [
        "line",
        "code",
        "account",
        "in_person",
    ]
    assert [hour.voters for hour in study.hours] == [60, 12, None, None, 12, 12]
    assert [part.relation for part in study.relations] == ["live", "work", "unsaid"]
    assert len(study.relation_table.cells) == 3


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
