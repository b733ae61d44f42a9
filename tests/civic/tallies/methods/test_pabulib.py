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


@pytest.mark.parametrize("text", [SMALL, "\ufeff" + SMALL, SMALL.replace("\n", "\r\n")])
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


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.tuples(cells, cells), max_size=4), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_whatever_a_file_holds_is_read_back(rows, mark, newline):
    table = Table(("project_id", "cost"), tuple(rows))
    file = PbFile(Table(("key", "value"), ()), table, Table(("voter_id", "vote"), tuple(rows)), mark, newline)
    assert parse_pb(write_pb(file)) == file


def test_our_own_election_is_written_for_others(election):
    tally_input = election(100, {"b": {"s": 60, "t": 40}, "a": {"s": 30}}, {"a b": 2, "": 1, "a": 1})
    file = pb_file_of(tally_input, {"description": "広場"}, {"b": "ベンチ; 青"}, ["a"])
    again = parse_pb(write_pb(file))
    assert again == file
    assert again.official() == ["a"]
    assert again.warnings() == []
    assert again.tally_input().options == (Option("b", "b", 40), Option("a", "a", 30))
    assert list(again.votes.rows) == [("1", ""), ("2", "a"), ("3", "a,b"), ("4", "a,b")]
    assert list(again.projects.rows) == [("b", "40", "ベンチ; 青", "0"), ("a", "30", "a", "1")]


def test_a_file_that_was_cut_off_is_told():
    assert parse_pb(SMALL.removesuffix("9;2\n")).warnings() == [
        {"code": "num_votes_differs", "stated": "3", "found": 2}
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
        (SMALL.replace("approval", "ordinal"), "vote_type", "ordinal"),
        (SMALL.replace("9;2", "9;3"), "unknown_proposal", "3"),
        (SMALL.replace("2;50", "1;50"), "duplicate_option", "options[1]"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_its_place(text, code, said):
    error = refused(text)
    assert error.code == code
    assert said in error.message_en


def test_a_column_of_sites_places_a_project_on_each_and_may_be_empty():
    text = SMALL.replace("name;selected", "name;selected;sites")
    text = text.replace('""";1', '""";1; plaza=60,deck=55').replace("Tree;0", "Tree;0;")
    options = parse_pb(text).tally_input().options
    assert options == (Option("1", "plaza", 60), Option("1", "deck", 55), Option("2", "2", 50))
