"""Case files: what is read, and what is refused with which path and sentence."""

import json
from pathlib import Path
from time import perf_counter

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
        "method_options": {},
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


def test_the_seconds_are_those_of_this_count(tmp_path, election):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    began = perf_counter()
    seconds = tally_file(tmp_path / "case.json", "greedy")["seconds"]
    assert 0 < seconds["read"] + seconds["tally"] <= perf_counter() - began + 1e-6
    report = case_report(election(None, {"a": {"s": 1}}, {"a": 1}), "greedy")
    assert report["seconds"]["read"] == 0
    report = case_report(election(None, {"a": {"s": 1}}, {"a": 1}), "greedy", read_seconds=0.12345678)
    assert report["seconds"]["read"] == 0.123457


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
        ("options.1.cost_yen", -(10**18), "negative", "options[1].cost_yen", WHOLE),
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


@pytest.mark.parametrize(
    ("path", "value", "ja", "en"),
    [
        (
            "budget_yen",
            True,
            "budget_yen は0以上の整数か null（上限なし）で書いてください。いまの値: true",
            "budget_yen must be a whole number of 0 or more, or null for no limit. It is now: true",
        ),
        (
            "options",
            {"a": 1},
            "options はリスト [ ] で書いてください。いまの値: { }",
            "options must be a list [ ]. It is now: { }",
        ),
        (
            "options.1",
            [1],
            "options[1] はオブジェクト { } で書いてください。いまの値: [ ]",
            "options[1] must be an object { }. It is now: [ ]",
        ),
        (
            "options.1.proposal",
            7,
            "options[1].proposal は空でない文字列で書いてください。いまの値: 7",
            "options[1].proposal must be a text that is not empty. It is now: 7",
        ),
        (
            "options.1.cost_yen",
            "x" * 100,
            f'options[1].cost_yen は0以上の整数で書いてください。いまの値: "{"x" * 59}',
            f'options[1].cost_yen must be a whole number of 0 or more. It is now: "{"x" * 59}',
        ),
        (
            "options.1.cost",
            1,
            'options[1]."cost" は使えません。消すか、次のどれかに直してください: proposal, site, cost_yen',
            'options[1]."cost" is not known. Remove it, or write one of: proposal, site, cost_yen',
        ),
        (
            "options.1.cost_yen",
            -3,
            "options[1].cost_yen が負の数です（-3）。0以上の整数を書いてください。",
            "options[1].cost_yen is negative (-3). Write a whole number of 0 or more.",
        ),
        (
            "options.1.cost_yen",
            2**53,
            "options[1].cost_yen が大きすぎます。9007199254740991 以下の整数を書いてください。",
            "options[1].cost_yen is too large. Write a whole number of at most 9007199254740991.",
        ),
        (
            "options.2.site",
            "s",
            "options[2] は options[1] と同じ提案と場所です（a、s）。どちらか一つにしてください。",
            "options[2] repeats the proposal and site of options[1] (a, s). Keep one of the two.",
        ),
        (
            "ballots.0.choices.1",
            "c",
            "ballots[0].choices の「c」は options にありません。"
            "options にある提案の名前を書くか、options に加えてください。",
            "ballots[0].choices names “c”, which is not among the options. "
            "Write the name of a proposal in options, or add it there.",
        ),
    ],
)
def test_a_refusal_says_in_both_languages_what_to_write_instead(tmp_path, path, value, ja, en):
    refusal = refused(tmp_path, changed(path, value))
    assert (refusal.message_ja, refusal.message_en) == (ja, en)
    assert str(refusal) == f"{ja} / {en}"


@pytest.mark.parametrize(
    ("text", "ja", "en"),
    [
        (
            '{"budget_yen":\n 1,}',
            "2 行 4 文字目が JSON として読めません。そのあたりの括弧、コンマ、引用符を確かめてください。",
            "Line 2, column 4 is not JSON. Check brackets, commas and quotes there.",
        ),
        (
            "[" * 200_000,
            "括弧の入れ子が深すぎます。budget_yen、options、ballots だけを書いてください。",
            "The brackets are nested too deeply. Write only budget_yen, options and ballots.",
        ),
        (
            "[]",
            "ファイル全体 はオブジェクト { } で書いてください。いまの値: [ ]",
            "The whole file must be an object { }. It is now: [ ]",
        ),
        (
            "{}",
            "budget_yen がありません。書き加えてください（必要なもの: budget_yen, options, ballots）。",
            "budget_yen is missing. Add it (needed: budget_yen, options, ballots).",
        ),
        (
            '{"options": [], "budget_yen": 1, "budget_yen": 2}',
            '一つの { } の中に "budget_yen" が2回あります。どちらか一つにしてください。',
            '"budget_yen" appears twice in one { }. Keep one of the two.',
        ),
        (
            b"{\xff}",
            "ファイルの 1 バイト目が UTF-8 ではありません。UTF-8 で保存し直してください。",
            "Byte 1 of the file is not UTF-8. Save it again as UTF-8.",
        ),
    ],
)
def test_what_is_no_case_is_told_in_both_languages(tmp_path, text, ja, en):
    refusal = refused(tmp_path, text)
    assert (refusal.message_ja, refusal.message_en) == (ja, en)


def test_a_number_of_any_length_is_only_too_large(tmp_path):
    text = changed("budget_yen", 7).replace("7,", "9" * 5_000 + ",", 1)
    assert refused(tmp_path, text).code == "number_too_large"


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(TallyInputError) as refusal:
            read_case(path)
        assert refusal.value.code == "unreadable"
        assert path.name in refusal.value.message_ja
        assert path.name in refusal.value.message_en


def test_a_file_above_the_limit_is_refused(tmp_path):
    with (tmp_path / "big.json").open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)
    with pytest.raises(TallyInputError) as refusal:
        read_case(tmp_path / "big.json")
    assert refusal.value.code == "too_large"
    assert "50 MB" in refusal.value.message_ja
    assert "50 MB." in refusal.value.message_en


def test_a_file_of_exactly_the_limit_is_read(tmp_path):
    with (tmp_path / "big.json").open("wb") as file:
        file.truncate(files.MAX_BYTES)
    with pytest.raises(TallyInputError) as refusal:
        read_case(tmp_path / "big.json")
    assert refusal.value.code == "not_json"


def test_one_name_written_in_nfc_and_nfd_is_one_name(tmp_path):
    composed, decomposed = "\u3050", "\u304f\u3099"  # ぐ as one character, and as く with its mark
    case = {
        "budget_yen": None,
        "options": [{"proposal": composed, "site": "s", "cost_yen": 1}],
        "ballots": [{"choices": [decomposed], "count": 4}],
    }
    (tmp_path / "case.json").write_text(json.dumps(case))
    assert tally_file(tmp_path / "case.json", "greedy")["approvals"] == {composed: 4}
