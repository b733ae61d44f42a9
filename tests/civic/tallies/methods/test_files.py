"""Case files: what is read, and what is refused with which path and sentence."""

import json
from pathlib import Path

import pytest

from civic.tallies.methods import files
from civic.tallies.methods.files import case_report, read_case, tally_file
from civic.tallies.methods.types import BallotGroup, Option, TallyInputError

CASE = {
    "budget_yen": 100,
    "options": [
        {"proposal": "b", "site": "s", "cost_yen": 60},
        {"proposal": "a", "site": "s", "cost_yen": 70},
        {"proposal": "a", "site": "t", "cost_yen": 40},
    ],
    "ballots": [{"choices": ["a", "b", "a"], "count": 3}, {"choices": [], "count": 2}],
}


def changed(path: str, value: object) -> str:
    """CASE as JSON with one place replaced, such as ``options.0.cost_yen``."""
    case = json.loads(json.dumps(CASE))
    *parents, last = path.split(".")
    place = case
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[int(last) if isinstance(place, list) else last] = value
    return json.dumps(case)


def refused(tmp_path: Path, text: str | bytes) -> TallyInputError:
    file = tmp_path / "case.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TallyInputError) as refusal:
        read_case(file)
    return refusal.value


def test_a_case_is_read(tmp_path):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    tally_input = read_case(tmp_path / "case.json")
    assert tally_input.budget_yen == 100
    assert tally_input.options == (Option("b", "s", 60), Option("a", "s", 70), Option("a", "t", 40))
    assert tally_input.ballots == (BallotGroup(frozenset("ab"), 3), BallotGroup(frozenset(), 2))


def test_no_budget_limit_is_null_and_a_byte_order_mark_is_no_error(tmp_path):
    (tmp_path / "case.json").write_bytes(b"\xef\xbb\xbf" + changed("budget_yen", None).encode())
    assert read_case(tmp_path / "case.json").budget_yen is None


def test_the_report_is_one_json_object_with_the_winners_in_order(tmp_path):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    report = tally_file(tmp_path / "case.json", "greedy")
    seconds = report.pop("seconds")
    # a and b have 3 votes each; a is cheaper on its cheapest site, and 40 + 60 fits.
    assert report == {
        "method": "greedy",
        "status": "final",
        "voters": 5,
        "blank": 2,
        "approvals": {"b": 3, "a": 3},
        "selected": ["a", "b"],
        "assigned": [
            {"proposal": "a", "site": "t", "cost_yen": 40},
            {"proposal": "b", "site": "s", "cost_yen": 60},
        ],
    }
    assert set(seconds) == {"read", "tally"}
    assert seconds["read"] > 0
    assert seconds["tally"] > 0
    json.dumps(report, allow_nan=False)


def test_a_proposal_that_wins_two_sites_is_selected_once_and_assigned_twice(election):
    report = case_report(election(None, {"a": {"s": 1, "t": 2}}, {"a": 1}), "site_winner")
    assert report["selected"] == ["a"]
    assert [place["site"] for place in report["assigned"]] == ["s", "t"]


@pytest.mark.parametrize("method", ["site_winner", "greedy"])
def test_the_last_tie_of_a_file_is_broken_by_id_in_code_point_order(election, method):
    level = election(None, {"b": {"s": 1}, "a": {"s": 1}, "Z": {"s": 1}, "あ": {"s": 1}}, {"a b Z あ": 1})
    report = case_report(level, method)
    assert (report["status"], report["selected"]) == ("final", ["Z"])


WHOLE = "0以上の整数"


@pytest.mark.parametrize(
    ("path", "value", "code", "key_path", "instead"),
    [
        ("budget_yen", True, "wrong_type", "budget_yen", "null"),
        ("budget_yen", 1.0, "wrong_type", "budget_yen", "null"),
        ("budget_yen", "100", "wrong_type", "budget_yen", "null"),
        ("budget_yen", -1, "negative", "budget_yen", WHOLE),
        ("budget_yen", float("nan"), "wrong_type", "budget_yen", "NaN"),
        ("options", {}, "wrong_type", "options", "[ ]"),
        ("options.1", "a", "wrong_type", "options[1]", "{ }"),
        ("options.1", {"proposal": "a", "site": "s"}, "missing_key", "options[1].cost_yen", "書き加えて"),
        ("options.1.cost", 1, "unknown_key", 'options[1]."cost"', "cost_yen"),
        ("options.1.proposal", 7, "wrong_type", "options[1].proposal", "文字列"),
        ("options.1.site", "", "wrong_type", "options[1].site", "文字列"),
        ("options.1.site", None, "wrong_type", "options[1].site", "文字列"),
        ("options.1.proposal", "\ud800", "broken_text", "options[1].proposal", "書き直して"),
        ("options.1.cost_yen", False, "wrong_type", "options[1].cost_yen", WHOLE),
        ("options.1.cost_yen", None, "wrong_type", "options[1].cost_yen", WHOLE),
        ("options.1.cost_yen", float("inf"), "wrong_type", "options[1].cost_yen", "Infinity"),
        ("options.1.cost_yen", -3, "negative", "options[1].cost_yen", WHOLE),
        ("options.1.cost_yen", 2**53, "number_too_large", "options[1].cost_yen", "以下の整数"),
        ("options.1.cost_yen", 10**4000, "number_too_large", "options[1].cost_yen", "以下の整数"),
        ("options.2.site", "s", "duplicate_option", "options[2]", "options[1]"),
        ("ballots", None, "wrong_type", "ballots", "[ ]"),
        ("ballots.0", [], "wrong_type", "ballots[0]", "{ }"),
        ("ballots.0.choices", "ab", "wrong_type", "ballots[0].choices", "[ ]"),
        ("ballots.0.choices.1", ["a"], "wrong_type", "ballots[0].choices[1]", "文字列"),
        ("ballots.0.choices.1", "c", "unknown_proposal", "ballots[0].choices", "「c」"),
        ("ballots.1.count", True, "wrong_type", "ballots[1].count", WHOLE),
        ("ballots.1.count", 2.5, "wrong_type", "ballots[1].count", WHOLE),
        ("ballots.1.count", -2, "negative", "ballots[1].count", WHOLE),
        ("ballots.1.weight", 2, "unknown_key", 'ballots[1]."weight"', "count"),
        ("title", "x", "unknown_key", '"title"', "budget_yen"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_path(tmp_path, path, value, code, key_path, instead):
    refusal = refused(tmp_path, changed(path, value))
    assert refusal.code == code
    assert refusal.message_ja.startswith(key_path)
    assert instead in refusal.message_ja
    assert refusal.message_en.startswith(key_path)
    refusal.message_ja.encode()


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("", "not_json", "1 行 1 文字目"),
        ('{"budget_yen": 1,}', "not_json", "1 行"),
        ("[" * 200_000, "not_json", "深すぎ"),
        ("[]", "wrong_type", "ファイル全体"),
        ("{}", "missing_key", "budget_yen"),
        ('{"budget_yen": 1, "budget_yen": 2, "options": [], "ballots": []}', "duplicate_key", "budget_yen"),
        (b"\xff\xfe{}", "not_utf8", "0 バイト目"),
    ],
)
def test_what_is_no_case_at_all_is_refused(tmp_path, text, code, hint):
    refusal = refused(tmp_path, text)
    assert refusal.code == code
    assert hint in refusal.message_ja


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(TallyInputError) as refusal:
            read_case(path)
        assert refusal.value.code == "unreadable"
        assert path.name in refusal.value.message_en


def test_a_file_above_the_limit_is_refused(tmp_path):
    with (tmp_path / "big.json").open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)
    with pytest.raises(TallyInputError) as refusal:
        read_case(tmp_path / "big.json")
    assert refusal.value.code == "too_large"
    assert "50 MB" in refusal.value.message_ja


def test_one_name_written_in_nfc_and_nfd_is_one_name(tmp_path):
    composed, decomposed = "\u3050", "\u304f\u3099"  # ぐ as one character, and as く with its mark
    case = {
        "budget_yen": None,
        "options": [{"proposal": composed, "site": "s", "cost_yen": 1}],
        "ballots": [{"choices": [decomposed], "count": 4}],
    }
    (tmp_path / "case.json").write_text(json.dumps(case))
    assert tally_file(tmp_path / "case.json", "greedy")["approvals"] == {composed: 4}
