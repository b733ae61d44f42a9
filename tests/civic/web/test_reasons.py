"""One result explained: every proposal with its reason, also where little is known."""

from civic.tallies.robustness.types import Fate, RelationTable, RuleResult, Study
from civic.web.reasons import Told, compared_in_words, reasons_in_words
from civic.web.results import Names

NAMES = Names({"bench": {"en": "Bench"}, "tree": {"en": "Tree"}}, {"plaza": {"en": "Plaza"}})
AT_THE_PLAZA = [
    {"proposal": proposal, "placements": [{"site": "plaza", "cost_yen": 1}]} for proposal in ("bench", "tree")
]


def fate(reason, missing=None, *, proposal="tree", approvals=3):
    return Fate(proposal, approvals, reason, missing, True, None, None)


def rule(method, selected, both, either):
    return RuleResult(method, "final", tuple(selected), 5, "1.00", both, either)


def study(*explanations, compared=(), method="site_winner"):
    """A study with what this page reads of it."""
    nobody = RelationTable(None, "nobody_said")
    return Study(1, "00", method, 5, "00", explanations, compared, None, (), None, None, (), (), (), nobody)


def report(**changes):
    return {
        "status": "final",
        "method": "site_winner",
        "approvals": {"bench": 4, "tree": 3},
        "selected": [{"proposal": "bench", "site": "plaza", "cost_yen": 1}],
        "ties": [],
        "compared": {"site_winner": ["bench"], "greedy": ["bench", "tree"]},
        **changes,
    }


def told(report, study=None, options=AT_THE_PLAZA):
    return Told(report, study, options, NAMES)


def test_the_loser_of_a_draw_is_told_so_and_what_would_have_helped():
    drawn = told(report(), study(fate("won", proposal="bench"), fate("lost_by_lot", 1)))
    assert reasons_in_words(drawn, "en") == {
        "bench": "Chosen.",
        "tree": "Not chosen: it was level in votes and cost, and the public draw chose another proposal. "
        "With 1 more vote for it alone it would have been chosen.",
    }


def test_without_a_study_only_winners_are_explained():
    assert reasons_in_words(told(report()), "en") == {"bench": "Chosen."}


def test_rules_are_compared_from_the_report_where_no_study_is():
    """Greedy has one of two in common; the ballot's own rule is not compared with itself."""
    same = "Proposals in common with the result: 1, of 2 chosen by one or the other."
    assert compared_in_words(told(report()), "en") == {"greedy": same}
    counted = study(compared=(rule("site_winner", ["bench"], 1, 1), rule("mes", ["bench"], 1, 1)))
    assert compared_in_words(told(report(), counted), "en") == {
        "mes": "It chooses the same proposals as the result."
    }


def test_a_loser_of_one_site_hears_who_was_before_it():
    """Four votes against three; with three against three the bench was cheaper."""
    counted = study(fate("won", proposal="bench"), fate("fewer_votes", 2))
    assert reasons_in_words(told(report(), counted), "en")["tree"] == (
        "Not chosen: at “Plaza” more people voted for “Bench”. "
        "With 2 more votes for it alone it would have been chosen."
    )
    level = report(approvals={"bench": 3, "tree": 3})
    assert "“Bench” had as many votes and costs less" in reasons_in_words(told(level, counted), "en")["tree"]


def test_a_loser_of_several_sites_or_of_a_site_without_a_winner_hears_it_in_general():
    counted = study(fate("won", proposal="bench"), fate("fewer_votes"))
    elsewhere = [{"proposal": "tree", "placements": [{"site": "plaza"}, {"site": "deck"}]}]
    for options in (elsewhere, [{"proposal": "tree", "placements": [{"site": "deck"}]}]):
        [reason] = [reasons_in_words(told(report(), counted, options), "en")["tree"]]
        assert reason.startswith("Not chosen: where it could stand another proposal had more votes")
