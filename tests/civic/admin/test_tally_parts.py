"""The parts of the tally page from plain data: words, lengths and marks, without a database."""

from dataclasses import replace

import pytest
from shapely.geometry import box

from civic.admin.tally.budget import budget_form, budget_gauge, read_budget, what_if
from civic.admin.tally.findings import findings, percent_words
from civic.admin.tally.head import answer
from civic.admin.tally.hours import hours_chart
from civic.admin.tally.map import Ground, winners_map
from civic.admin.tally.raking import raking_view
from civic.admin.tally.rows import site_results
from civic.admin.tally.rules import rules_view
from civic.admin.tally.subject import Subject, share_words
from civic.ballots.queries import Law
from civic.tallies.methods.types import Option, Outcome
from civic.tallies.robustness.types import (
    Fate,
    Hour,
    Margin,
    Pair,
    Positions,
    RelationCell,
    RelationPart,
    RelationTable,
    Rotation,
    RuleResult,
    Stability,
    Study,
    VotersPart,
)
from civic.web.results import Names

OPTIONS = [
    {"proposal": "bench", "placements": [{"site": "plaza", "cost_yen": 1_000_000}]},
    {"proposal": "stage", "placements": [{"site": "plaza", "cost_yen": 3_000_000}]},
    {
        "proposal": "tree",
        "placements": [{"site": "plaza", "cost_yen": 500_000}, {"site": "park", "cost_yen": 400_000}],
    },
]
DOCUMENT = {
    "options": OPTIONS,
    "method": "greedy",
    "method_options": {},
    "budget_yen": 2_000_000,
}
REPORT = {
    "status": "final",
    "method": "greedy",
    "voters": 200,
    "blank": 5,
    "late": 0,
    "invalid": 0,
    "channels": {"line": 150, "web": 0, "code": 50},
    "approvals": {"bench": 120, "stage": 100, "tree": 60},
    "selected": [
        {"proposal": "bench", "site": "plaza", "cost_yen": 1_000_000},
        {"proposal": "tree", "site": "park", "cost_yen": 400_000},
    ],
    "ties": [],
    "compared": {},
}
NAMES = Names(
    {slug: {"ja": f"{slug}の案", "en": f"The {slug}"} for slug in ("bench", "stage", "tree")},
    {"plaza": {"ja": "広場", "en": "Plaza"}, "park": {"ja": "公園", "en": "Park"}},
)
STUDY = Study(
    version=1,
    inputs_sha256="0" * 64,
    method="greedy",
    voters=200,
    seed="1" * 64,
    explanations=(
        Fate("bench", 120, "won", None, True, None, None),
        Fate("stage", 100, "dearer_than_budget", None, True, None, None),
        Fate("tree", 60, "won", None, True, None, None),
    ),
    compared=(
        RuleResult("site_winner", "final", ("bench",), 120, "0.60", 1, 2),
        RuleResult("greedy", "final", ("bench", "tree"), 150, "0.90", 2, 2),
        RuleResult("max_approval", "not_computed", (), 0, "0.00", 0, 2),
    ),
    margin=Margin("bench", "stage", "plaza", 20, 10, exact=True),
    pairs=(Pair("plaza", "bench", "stage", 120, 112, "0.646"), Pair(None, "bench", "tree", 90, 30, "0.000")),
    stability=Stability(2_000, {"bench": "0.912", "stage": "0.088", "tree": "1.000"}),
    positions=Positions(
        (
            Rotation(0, "bench", 40, 22),
            Rotation(1, "tree", None, None),
            Rotation(2, "bench", 12, 5),
            Rotation(3, "tree", 20, 9),
        ),
        80,
        "0.550",
        "0.500",
        "0.6",
        "as_chance",
    ),
    parts=(
        VotersPart("channel", "line", 150, {"bench": 90}, ("bench",), False, ("bench", "tree"), True),
        VotersPart("channel", "code", 50, {"bench": 30}, ("bench",), False, ("stage",), False),
        VotersPart("assurance", "in_person", 50, None, None, None, None, None),
    ),
    hours=(Hour("2026-10-14T00:00:00+00:00", 90, True), Hour("2026-10-14T02:00:00+00:00", None, False)),
    relations=(
        RelationPart("live", 60, {"bench": 40, "stage": 20, "tree": 10}),
        RelationPart("study", None, None),
    ),
    relation_table=RelationTable(
        (
            RelationCell(("live",), 60, {"bench": 40, "stage": 20, "tree": 10}),
            RelationCell(("work",), 40, {"bench": 10, "stage": 30, "tree": 20}),
        ),
        None,
    ),
)
GROUND = Ground({"plaza": box(0, 0, 40, 40), "park": box(300, 100, 360, 160)})


@pytest.fixture
def subject() -> Subject:
    law = Law(1, "nice", "sealed", "f" * 64, DOCUMENT, ())
    return Subject(law, REPORT, STUDY, NAMES, "en")


def test_a_site_lists_what_could_stand_there_with_votes_cost_and_why(subject):
    plaza, park = site_results(subject, {}, {})
    assert [(row.title, row.votes, row.won) for row in plaza.rows] == [
        ("The bench", "Votes: 120 (60.0% of voters)", True),
        ("The stage", "Votes: 100 (50.0% of voters)", False),
        ("The tree", "Votes: 60 (30.0% of voters)", False),
    ]
    assert [row.votes_bar for row in plaza.rows] == [100.0, 83.3, 50.0]
    assert [row.cost_bar for row in plaza.rows] == [33.3, 100.0, 16.7]  # of 3,000,000 yen, on every site
    assert plaza.rows[2].status == "Selected at another place"
    assert "Park" in plaza.rows[2].reason
    assert [(row.title, row.won) for row in park.rows] == [("The tree", True)]


def test_a_withdrawn_proposal_is_on_no_site(subject):
    gone = replace(subject, law=replace(subject.law))
    gone.law.__dict__["withdrawn"] = {"stage": None}
    [plaza, _] = site_results(gone, {}, {})
    assert [row.title for row in plaza.rows] == ["The bench", "The tree"]


def test_without_a_study_nothing_is_explained_and_nothing_is_wrong(subject):
    bare = replace(subject, study=None)
    assert {row.reason for place in site_results(bare, {}, {}) for row in place.rows if row.won} == {""}
    assert rules_view(bare) is None
    assert findings(bare) == ()
    assert raking_view(bare, {}, "", "") is None
    assert answer(bare)


def test_the_answer_names_winner_place_and_share(subject):
    one = replace(subject, report={**REPORT, "selected": REPORT["selected"][:1]})
    assert "“The bench” was chosen by 120 of 200 voters (60.0%)" in answer(one)[0]
    assert "2 were selected" in answer(subject)[0]
    assert "Of 200 voters, 150 (75.0%)" in answer(subject)[1]
    nothing = replace(subject, report={**REPORT, "selected": [], "status": "no_result"})
    assert answer(nothing) == ("No proposal won: none had both votes and a cost within the budget.",)
    level = replace(subject, report={**REPORT, "selected": [], "status": "tie_pending"})
    assert "waits for a public lot" in answer(level)[0]


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(1, 3, "33.3%"), (2, 3, "66.7%"), (1, 2000, "0.1%"), (1, 2001, "0.0%"), (0, 0, "–"), (7, 7, "100.0%")],
)
def test_shares_are_rounded_half_up(part, whole, said):
    assert share_words(part, whole) == said


def test_rules_stand_beside_each_other_with_their_differences_marked(subject):
    view = rules_view(subject)
    assert view is not None
    assert [column.is_the_rule for column in view.columns] == [True, False, False]
    assert not view.agree
    rows = {row.title: [(cell.won, cell.differs) for cell in row.cells] for row in view.rows}
    assert rows["The bench"] == [(True, False), (True, False), (False, False)]
    assert rows["The tree"] == [(True, False), (False, True), (False, False)]
    assert view.columns[0].facts == ("2", "150 (75.0%)", "0.90")


def test_a_rule_that_was_not_computed_is_no_disagreement(subject):
    view = rules_view(subject)
    assert view is not None
    assert view.columns[2].status == "Not computed"
    alike = replace(STUDY, compared=STUDY.compared[1:])
    view = rules_view(replace(subject, study=alike))
    assert view is not None
    assert view.agree


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("8000000", 8_000_000),
        ("8,000,000", 8_000_000),
        ("８００万", None),
        ("８００００００円", 8_000_000),
        ("0", 0),
        ("-1", None),
        ("1.5", None),
        ("", None),
        ("9" * 30, None),
    ],
)
def test_a_budget_is_read_as_people_type_it(typed, yen):
    assert read_budget(typed) == yen


def test_the_slider_reaches_what_everything_costs(subject):
    form = budget_form(subject, "", None)
    assert (form.most, form.step) == (4_500_000, 10_000)  # 1,000,000 + 3,000,000 + 500,000
    assert form.trouble == ""
    assert budget_form(subject, "many", None).trouble
    assert budget_form(subject, "many", None).typed == "many"


def test_another_budget_says_what_is_added_dropped_and_the_same(subject):
    outcome = Outcome(
        "final", REPORT["approvals"], (Option("stage", "plaza", 3_000_000), Option("tree", "park", 400_000)), ()
    )
    shown = what_if(subject, GROUND, 4_000_000, outcome)
    assert [(change.mark, change.place.title) for change in shown.changes] == [
        ("+", "The stage"),
        ("=", "The tree"),
        ("-", "The bench"),
    ]
    assert shown.gauge is not None
    assert [segment.share for segment in shown.gauge.segments] == [75.0, 10.0, 15.0]
    assert shown.gauge.segments[-1].rest


def test_the_gauge_without_a_budget_shows_what_the_winners_cost_and_nothing_of_nothing(subject):
    gauge = budget_gauge(subject, "gauge", REPORT["selected"], None)
    assert gauge is not None
    assert [segment.share for segment in gauge.segments] == [71.4, 28.6]
    assert budget_gauge(subject, "gauge", [], None) is None


def test_the_map_has_a_circle_for_each_winner_as_large_as_its_votes(subject):
    drawn = winners_map(subject, GROUND, REPORT["selected"])
    assert drawn is not None
    bench, tree = drawn.spots
    assert (bench.number, bench.path, tree.path) == (1, "#site-1", "#site-2")
    assert tree.x > bench.x  # the park is to the east
    assert tree.y < bench.y  # and to the north, which is up
    assert (tree.radius / bench.radius) ** 2 == pytest.approx(60 / 120, rel=0.01)


def test_every_finding_says_what_it_does_not_mean(subject):
    found = findings(subject)
    assert len(found) == 7
    assert all(finding.not_meant for finding in found)
    assert len({finding.not_meant for finding in found}) == 7


def test_chance_is_told_in_words_and_never_as_a_verdict(subject):
    level, clear = next(one for one in findings(subject) if "against" in one.title).sentences
    assert "232 voters chose exactly one" in level
    assert "often part them as widely (p = 0.646)" in level
    assert "hardly ever part them so widely (p < 0.001)" in clear
    assert "significan" not in level + clear


def test_parts_of_the_voters_tell_whether_the_result_stands_without_them(subject):
    part = next(one for one in findings(subject) if one.tables and one.tables[0].name == "parts")
    assert part.sentences[0].endswith("the result is the same.")
    assert "others would win: The stage" in part.sentences[1]
    assert part.tables[0].rows[2][-1] == "too few to be shown"


def test_hidden_numbers_stay_hidden(subject):
    relations = next(one for one in findings(subject) if one.tables and one.tables[0].name == "relations")
    assert relations.tables[0].headings[2] == "studies here"
    assert [row[2] for row in relations.tables[0].rows] == ["too few to be shown"] * 4
    positions = next(one for one in findings(subject) if one.tables and one.tables[0].name == "positions")
    assert positions.tables[0].rows[1] == ("The tree", "too few to be shown", "too few to be shown")


def test_a_proposal_that_several_orders_begin_with_is_one_row(subject):
    """The orders that begin with the bench were seen by 40 and 12 people, and 22 and 5 of them chose it."""
    positions = next(one for one in findings(subject) if one.tables and one.tables[0].name == "positions")
    assert [row[0] for row in positions.tables[0].rows] == ["The bench", "The tree"]
    assert positions.tables[0].rows[0][1:] == ("52", "27")


def test_where_every_order_is_hidden_there_is_no_table(subject):
    hidden = replace(STUDY.positions, rotations=(Rotation(0, "bench", None, None),))
    found = findings(replace(subject, study=replace(STUDY, positions=hidden)))
    assert "positions" not in {table.name for finding in found for table in finding.tables}


def test_hours_keep_the_quiet_ones_and_mark_a_rise():
    chart = hours_chart(STUDY.hours, "en")
    assert chart is not None
    assert [(column.share, column.marked) for column in chart.columns] == [
        (100.0, True),
        (0.0, False),
        (0.0, False),
    ]
    assert chart.columns[2].value == "too few to be shown"
    assert chart.columns[1].value == "0"


def test_beyond_a_week_hours_become_days():
    far = (*STUDY.hours, Hour("2026-10-30T00:00:00+00:00", 10, False))
    chart = hours_chart(far, "en")
    assert chart is not None
    assert len(chart.columns) == 17
    assert chart.columns[0].value == "90 or more (hours with too few are not shown)"
    assert hours_chart((), "en") is None
    assert hours_chart((Hour("2026-10-30T00:00:00+00:00", None, False),), "en") is None


def test_weights_are_put_on_with_figures_source_and_date(subject):
    """60 live here, 40 do not. Weighted to 30 %: the bench has 0.3 * 40/60 + 0.7 * 10/40 = 37.5 %, not 50 %."""
    view = raking_view(subject, {"live": "30"}, "Census", "2025-10-01")
    assert view is not None
    assert view.table is not None
    assert view.table.rows[0] == ("The bench", "50.0%", "37.5%")
    assert any("Census" in sentence for sentence in view.sentences)


@pytest.mark.parametrize(
    ("typed", "source", "on"),
    [
        ("x", "Census", "2025-10-01"),
        ("30", "", "2025-10-01"),
        ("30", "Census", "soon"),
        ("1e1", "C", "2025-10-01"),
    ],
)
def test_figures_without_source_or_date_are_no_figures(subject, typed, source, on):
    view = raking_view(subject, {"live": typed}, source, on)
    assert view is not None
    assert view.trouble
    assert view.table is None


def test_a_refusal_says_why(subject):
    view = raking_view(subject, {"visit": "30"}, "Census", "2025-10-01")
    assert view is not None
    assert view.sentences == ("No weights: fewer than 10 people have that relation, or fewer than 10 have not.",)


def test_percent_words():
    assert percent_words("0.0855") == "8.6%"
