"""Elections in Pabulib's format: read, written again, counted; three real ones against published winners."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.tallies.methods.files import tally_file
from civic.tallies.methods.pabulib import PbFile, Table, parse_pb, pb_file_of, write_pb
from civic.tallies.methods.types import BallotGroup, Option, TallyInputError

CHECKOUT = Path(__file__).resolve().parents[4]
PABULIB = Path(os.environ.get("CIVIC_TEST_SHARED", CHECKOUT.parent / "shared")) / "pabulib"
FILES = [
    "poland_gdynia_2020_maly-kack-small.pb",
    "poland_warszawa_2017_anin.pb",
    "poland_warszawa_2019_falenica.pb",
]
needs_pabulib = pytest.mark.skipif(
    not PABULIB.is_dir(), reason="needs pabulib/ in the shared test data (CIVIC_TEST_SHARED)"
)
RULES = {
    "greedy": ("greedy", {}),
    "mes": ("mes", {"increment": 0, "completion": "none"}),
    "mes_then_greedy": ("mes", {"increment": 0}),
    "mes_add1": ("mes", {"completion": "none"}),
    "mes_add1_then_greedy": ("mes", {}),
}
SMALL = (
    "META\nkey;value\nbudget;100\nvote_type;approval\nnum_projects;2\nnum_votes;3\n"
    'PROJECTS\nproject_id;cost;name;selected\n1;60;"Bench; ""blue""";1\n2;50.00;Tree;0\n'
    "VOTES\nvoter_id;vote\n7;1,2\n8;\n9;2\n"
)


def placed(sites: str) -> str:
    """The small file with a column of sites: these for the first project, none for the second."""
    text = SMALL.replace("name;selected", "name;selected;sites")
    return text.replace('""";1', f'""";1;{sites}').replace("Tree;0", "Tree;0;")


def refused(text: str) -> TallyInputError:
    with pytest.raises(TallyInputError) as refusal:
        parse_pb(text).tally_input()
    return refusal.value


@needs_pabulib
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", FILES)
def test_a_real_election_by_every_rule(name, rule):
    published = json.loads((PABULIB / "expected.json").read_text())["elections"]
    (expected,) = [election for election in published if election["file"] == name]
    method, options = RULES[rule]
    report = tally_file(PABULIB / name, method, options)
    assert report["voters"] == expected["voters"]
    assert report["approvals"] == expected["approvals"]
    assert report["selected"] == expected[rule]
    assert report["official"] == expected["selected_by_the_city"]
    assert report["warnings"] == []


@needs_pabulib
@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_written_again_byte_for_byte(name):
    text = (PABULIB / name).read_bytes().decode()
    assert write_pb(parse_pb(text)) == text


@pytest.mark.parametrize(
    "text",
    [SMALL, "\ufeff" + SMALL, SMALL.replace("\n", "\r\n"), SMALL.replace("blue", "b\r\nlue")],
)
def test_quotes_empty_votes_mark_and_line_ends_are_written_again(text):
    assert write_pb(parse_pb(text)) == text


def test_a_small_file_is_an_election():
    tally_input = parse_pb(SMALL).tally_input()
    assert tally_input.budget_yen == 100
    assert tally_input.options == (Option("1", "1", 60), Option("2", "2", 50))
    assert set(tally_input.ballots) == {
        BallotGroup(frozenset("12"), 1),
        BallotGroup(frozenset(), 1),
        BallotGroup(frozenset("2"), 1),
    }
    assert (tally_input.voters, tally_input.blank) == (3, 1)
    assert parse_pb(SMALL).official() == ["1"]
    assert parse_pb(SMALL.replace(";selected", ";x")).official() is None


def test_what_a_file_may_leave_out_or_write_otherwise():
    assert parse_pb(SMALL.replace("vote_type;approval\n", "")).tally_input().voters == 3
    assert parse_pb(SMALL.replace("PROJECTS", "\nPROJECTS")) == parse_pb(SMALL)
    assert parse_pb(SMALL.replace("\n", "\r\n", 1)).newline == "\r\n"
    assert parse_pb(SMALL.replace(";100", ";" + "100".zfill(20))).tally_input().budget_yen == 100


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.tuples(cells, cells), max_size=4), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_whatever_a_file_holds_is_read_back(rows, mark, newline):
    table = Table(("project_id", "cost"), tuple(rows))
    file = PbFile(Table(("key", "value"), ()), table, Table(("voter_id", "vote"), tuple(rows)), mark, newline)
    assert parse_pb(write_pb(file)) == file


def test_our_own_election_is_written_for_others(election):
    sites = {"b": {"s": 60, "t": 40}, "a": {"s": 30, "u": 35}}
    tally_input = election(100, sites, {"a b": 2, "": 1, "a": 1})
    file = pb_file_of(tally_input, {"description": "広場"}, {"b": "ベンチ; 青"}, ["a"])
    again = parse_pb(write_pb(file))
    assert again == file
    assert again.official() == ["a"]
    assert again.warnings() == []
    assert again.tally_input().options == (Option("b", "b", 40), Option("a", "a", 30))
    assert list(again.votes.rows) == [("1", ""), ("2", "a"), ("3", "a,b"), ("4", "a,b")]
    assert again.projects.columns == ("project_id", "cost", "name", "selected")
    assert list(again.projects.rows) == [("b", "40", "ベンチ; 青", "0"), ("a", "30", "a", "1")]
    assert dict(again.meta.rows) == {
        "description": "広場",
        "num_projects": "2",
        "num_votes": "4",
        "budget": "100",
        "vote_type": "approval",
    }


def test_without_a_limit_the_budget_of_a_file_pays_for_all(election):
    file = pb_file_of(election(None, {"b": {"s": 60, "t": 40}, "a": {"s": 30}}, {}), {}, {}, [])
    assert file.tally_input().budget_yen == 70


def test_a_file_that_was_cut_off_is_told():
    assert parse_pb(SMALL.removesuffix("9;2\n")).warnings() == [
        {"code": "num_votes_differs", "stated": "3", "found": 2}
    ]
    assert parse_pb(SMALL.replace("num_projects;2", "num_projects;5")).warnings() == [
        {"code": "num_projects_differs", "stated": "5", "found": 2}
    ]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("hello\n", "not_pb", "Line 1"),
        ("", "not_pb", "META"),
        (SMALL.replace("VOTES\n", ""), "not_pb", "Line 11"),
        (SMALL.replace("project_id;cost", "project;cost"), "not_pb", "project_id;cost"),
        (SMALL.replace("8;\n", "8\n"), "not_pb", "Line 14"),
        (SMALL.replace('"Bench', '"Be"nch'), "not_pb", "Line 9"),
        (SMALL.replace("budget;100", "budget;1e2"), "wrong_type", "META budget"),
        (SMALL.replace("50.00", "50.25"), "wrong_type", "PROJECTS 2 cost"),
        (SMALL.replace("50.00", "50.X"), "wrong_type", "PROJECTS 2 cost"),
        (SMALL.replace(";100", ";" + "100".zfill(21)), "wrong_type", "META budget"),
        (placed("plaza=60=1"), "wrong_type", "PROJECTS 1 sites"),
        (SMALL.replace("approval", "ordinal"), "vote_type", "ordinal"),
        (SMALL.replace("9;2", "9;3"), "unknown_proposal", "3"),
        (SMALL.replace("2;50", "1;50"), "duplicate_option", "options[1]"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_its_place(text, code, said):
    error = refused(text)
    assert error.code == code
    assert said in error.message_en


@pytest.mark.parametrize(
    ("text", "ja", "en"),
    [
        (
            "hello\n",
            "1 行目が .pb ファイルとして読めません。最初の行は META だけにしてください。",
            "Line 1 cannot be read as a .pb file. Write META alone on the first line.",
        ),
        (
            SMALL.replace('"Bench', '"Be"nch'),
            "9 行目が .pb ファイルとして読めません。引用符を閉じるようにしてください。",
            "Line 9 cannot be read as a .pb file. Close the quotes.",
        ),
        (
            SMALL.replace("8;\n", "8\n"),
            "14 行目が .pb ファイルとして読めません。列を 2 個に（いまは 1 個）してください。",
            "Line 14 cannot be read as a .pb file. Write 2 fields, not 1.",
        ),
        (
            "",
            "META の行と、その次の列名の行（key;value を含む）がありません。書き加えてください。",
            "There is no line META followed by its column names (with key;value). Add them.",
        ),
        (
            SMALL.replace("approval", "ordinal"),
            "META の vote_type が 'ordinal' です。数えられるのは approval（承認投票）だけです。",
            "vote_type in META is 'ordinal'. Only approval can be counted.",
        ),
        (
            SMALL.replace("budget;100\n", ""),
            "META budget は0以上の整数で書いてください。いまの値: ''",
            "META budget must be a whole number of 0 or more. It is now: ''",
        ),
        (
            SMALL.replace("50.00", "9" * 61),
            f"PROJECTS 2 cost は0以上の整数で書いてください。いまの値: '{'9' * 60}'",
            f"PROJECTS 2 cost must be a whole number of 0 or more. It is now: '{'9' * 60}'",
        ),
    ],
)
def test_a_refusal_says_in_both_languages_what_to_write(text, ja, en):
    error = refused(text)
    assert (error.message_ja, error.message_en) == (ja, en)


def test_a_column_of_sites_places_a_project_on_each_and_may_be_empty():
    options = parse_pb(placed(" plaza=60,deck=55")).tally_input().options
    assert options == (Option("1", "plaza", 60), Option("1", "deck", 55), Option("2", "2", 50))
