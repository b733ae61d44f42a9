"""``civic tally``: which words may stand together, and what is printed."""

import json

import pytest
from typer.testing import CliRunner

from civic.cli.tally import app

PB = (
    "META\nkey;value\nbudget;10\nvote_type;approval\nPROJECTS\nproject_id;cost;selected\na;6;0\nb;7;1\nc;4;1\n"
    "VOTES\nvoter_id;vote\n1;a,c\n2;b,c\n"
)
CASE = {
    "budget_yen": 10,
    "options": [{"proposal": p, "site": p, "cost_yen": cost} for p, cost in (("a", 6), ("b", 7), ("c", 4))],
    "ballots": [{"choices": ["a", "c"], "count": 1}, {"choices": ["b", "c"], "count": 1}],
}


@pytest.fixture
def count(tmp_path):
    (tmp_path / "small.pb").write_text(PB)
    (tmp_path / "small.json").write_text(json.dumps(CASE))

    def run(name, *words):
        return CliRunner().invoke(app, [str(tmp_path / name), *words, "--json"])

    return run


@pytest.mark.parametrize("name", ["small.pb", "small.json"])
@pytest.mark.parametrize(
    ("words", "selected"),
    [
        (["--method", "greedy"], ["c", "a"]),
        (["--method", "site_winner"], ["c", "a"]),
        (["--method", "max_approval"], ["c", "a"]),
        (["--method", "mes"], ["c"]),
        (["--method", "mes", "--then-greedy"], ["c", "a"]),
        (["--method", "mes_add1"], ["c", "a"]),
        (["--method", "mes_add1", "--increment", "4"], ["c"]),
        (["--method", "mes_add1", "--increment", "4", "--then-greedy"], ["c", "a"]),
        (["--method", "mes_add1", "--keep-going", "--utility", "cardinality"], ["c", "a"]),
    ],
)
def test_each_rule_counts_both_kinds_of_files(count, name, words, selected):
    done = count(name, *words)
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    assert report["selected"] == selected
    assert report["approvals"] == {"a": 1, "b": 1, "c": 2}
    assert report["method"] == words[1]
    assert set(report["seconds"]) == {"read", "tally"}
    assert report.get("official") == (["b", "c"] if name == "small.pb" else None)


@pytest.mark.parametrize(
    "words",
    [
        ["--method", "borda"],
        ["--method", "greedy", "--then-greedy"],
        ["--method", "max_approval", "--utility", "cost"],
        ["--method", "mes", "--increment", "1"],
        ["--method", "mes", "--keep-going"],
        ["--method", "mes_add1", "--increment", "0"],
    ],
)
def test_words_that_do_not_fit_together_are_a_mistake_in_the_command(count, words):
    assert count("small.pb", *words).exit_code == 2


def test_a_file_that_cannot_be_counted_is_told_in_both_languages(count):
    done = count("small.pb", "--method", "mes", "--utility", "joy")
    assert done.exit_code == 1
    assert "cost, cardinality" in done.stderr
    assert done.stdout == ""
