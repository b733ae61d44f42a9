"""What is told of rules and results, in the words that residents read."""

import pytest

from civic.tallies.methods.types import TallyInputError
from civic.tallies.robustness.types import Fate, Margin, RuleResult
from civic.web.explanations import (
    fate_in_words,
    margin_in_words,
    method_explained,
    overlap_in_words,
    tie_rule,
    unsuitable_in_words,
)
from civic.web.results import Names

NAMES = Names({"bench": {"ja": "ベンチ", "en": "Bench"}, "tree": {"ja": "木", "en": "Tree"}}, {})


def fate(reason, missing=None, *, proposal="tree", exact=True, effective=None, covered=None):
    return Fate(proposal, 3, reason, missing, exact, effective, covered)


def rule(method, selected, both, either, status="final"):
    return RuleResult(method, status, tuple(selected), 5, "1.00", both, either)


@pytest.mark.parametrize(
    ("told", "method", "lang", "words"),
    [
        (fate("won"), "site_winner", "ja", "選ばれました。"),
        (fate("won"), "site_winner", "en", "Chosen."),
        (fate("won", effective="12.36"), "mes", "ja", "選ばれました。 実質の支持は12.4人分です。"),
        (fate("won", effective="1234.00"), "mes", "en", "Chosen. Effective support: 1,234.0 voters."),
        # Only equal shares have a support: another rule says nothing of it.
        (fate("won", effective="12.36"), "greedy", "ja", "選ばれました。"),
        (fate("no_votes", 1), "greedy", "en", "Not chosen: nobody voted for it. With 1 more vote for it alone "),
        (fate("fewer_votes", 12), "site_winner", "ja", "この案だけを選ぶ票があと12票あれば、選ばれていました。"),
        (fate("fewer_votes", 1200), "site_winner", "en", "With 1,200 more votes for it alone it would have been"),
        (fate("fewer_votes", 12), "site_winner", "ja@easy", "あと12票（ひょう）あれば、選（えら）ばれました。"),
        # A share just below the cost is never told as all of it: 0.999 is 99 %.
        (fate("too_little_support", covered="0.999"), "mes", "ja", "残っていた持ち分は、費用の99%でした。"),
        (fate("too_little_support", 7, exact=False), "mes", "en", "Roughly: with 7 more votes for it alone"),
        (fate("too_little_support", 7, exact=False), "mes", "en", "Fewer might have been enough."),
        # Less than one vote there is not, so one is exact by every rule.
        (fate("too_little_support", 1, exact=False), "mes", "en", "With 1 more vote for it alone it would"),
        (fate("dearer_than_budget"), "greedy", "ja", "費用が予算の全体より大きいため、票が多くても選べません。"),
        (fate("tie_open"), "greedy", "en", "Not decided yet: the public draw is still to come."),
    ],
)
def test_a_fate_in_words(told, method, lang, words):
    assert words in fate_in_words(told, method, lang)


@pytest.mark.parametrize("lang", ["ja", "ja@easy", "en"])
@pytest.mark.parametrize(
    "reason",
    [
        "won",
        "tie_open",
        "lost_by_lot",
        "no_votes",
        "dearer_than_budget",
        "fewer_votes",
        "sites_taken",
        "over_budget",
        "too_little_support",
        "not_computed",
    ],
)
def test_every_reason_has_its_words_and_promises_no_votes_that_are_not_known(reason, lang):
    told = fate_in_words(fate(reason), "greedy", lang)
    assert told
    assert not any(character.isdigit() for character in told)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (rule("greedy", ["bench"], 1, 1), "It chooses the same proposals as the result."),
        (rule("greedy", ["tree"], 0, 2), "It chooses none of the proposals of the result."),
        (
            rule("greedy", ["bench", "tree"], 1, 2),
            "in common with the result: 1, of 2 chosen by one or the other.",
        ),
        (
            rule("max_approval", [], 0, 1, "not_computed"),
            "Not computed by this rule: there are too many proposals.",
        ),
        (rule("greedy", ["bench"], 1, 1, "tie_pending"), "so by this rule a draw would have to decide a part."),
    ],
)
def test_another_rule_against_the_result(result, words):
    assert words in overlap_in_words(result, "en")


@pytest.mark.parametrize(
    ("margin", "words"),
    [
        (
            Margin("bench", "tree", "plaza", 1, 1, exact=True),
            "The closest race: with 1 more vote for “Tree” alone it would have been chosen. "
            "“Bench” would have lost its place.",
        ),
        (
            Margin(None, "tree", None, 20, None, exact=False),
            "The closest race, roughly: with 20 more votes for “Tree” alone it would have been chosen.",
        ),
    ],
)
def test_the_closest_race(margin, words):
    assert margin_in_words(margin, NAMES, "en") == words


@pytest.mark.parametrize("lang", ["ja", "ja@easy", "en"])
@pytest.mark.parametrize("method", ["site_winner", "greedy", "mes", "max_approval"])
def test_every_method_is_explained_at_length(method, lang):
    explained = method_explained(method, lang)
    assert len(explained) >= 3
    assert all(explained)


@pytest.mark.parametrize(
    ("options", "raised", "filled"),
    [
        ({}, True, True),
        ({"increment": 0}, False, True),
        ({"completion": "none"}, True, False),
        ({"increment": 0, "completion": "none"}, False, False),
    ],
)
def test_equal_shares_are_explained_as_this_ballot_plays_them(options, raised, filled):
    text = " ".join(method_explained("mes", "en", options))
    assert ("all shares are raised a little" in text) is raised
    assert ("goes to the proposals that still fit" in text) is filled
    assert ("What is left in the end is not spent." in text) is not filled


def test_effective_support_is_explained_where_it_decides():
    assert "effective support" in " ".join(method_explained("mes", "en"))
    by_number = " ".join(method_explained("mes", "en", {"utility": "cardinality"}))
    assert "takes the least from each of them comes first" in by_number
    with pytest.raises(TallyInputError):
        method_explained("mes", "en", {"utility": "fame"})


def test_the_tie_rule_names_the_beacon_that_was_frozen():
    told = tie_rule({"beacon": {"ja": "10月16日の日経平均", "en": "the Nikkei index of 16 October"}}, "en")
    assert "The draw uses: the Nikkei index of 16 October." in told
    unnamed = tie_rule({"beacon": None}, "en")
    assert unnamed == tie_rule({}, "en")
    assert "Before the draw it is announced which public value" in unnamed


def test_what_does_not_suit_is_told_to_the_planner_and_an_unknown_code_shows_itself():
    assert "一人が一つの案しか選べない投票には向きません" in unsuitable_in_words("one_approval", "ja")
    assert unsuitable_in_words("something_new", "ja") == "something_new"
