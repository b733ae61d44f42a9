"""``civic staff``: links that work, exit codes, one JSON object on stdout."""

import json
import re

import pytest
import structlog
from typer.testing import CliRunner

from civic.cli import app

BASE_URL = "https://vote.example.jp"


@pytest.fixture(autouse=True)
def logging_as_before():
    """A command binds the log to its own stderr, which is closed when it has run here."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def staff(tmp_path):
    """``civic staff …`` on an installation of its own."""

    def run(*words):
        env = {
            "CIVIC_DATA_DIR": str(tmp_path / "data"),
            "CIVIC_MODE": "development",
            "CIVIC_DATABASE_URL": None,
            "CIVIC_BASE_URL": BASE_URL,
        }
        return CliRunner().invoke(app, ["staff", *words], env=env)

    return run


def test_inviting_prints_the_link_alone(staff):
    done = staff("invite", "佐藤 花", "--role", "owner")
    assert done.exit_code == 0, done.output
    assert re.fullmatch(rf"{BASE_URL}/admin/invitations/[\w-]{{43}}\n", done.stdout)
    assert "佐藤 花" in done.stderr
    assert "Give this link to" in done.stderr


def test_inviting_with_json_prints_one_object(staff):
    done = staff("invite", "佐藤 花", "--role", "planner", "--json")
    answer = json.loads(done.stdout)
    assert set(answer) == {"name", "role", "link", "expires_at"}
    assert (answer["name"], answer["role"]) == ("佐藤 花", "planner")


def test_a_second_invitation_gives_another_link_to_the_same_account(staff):
    first, second = (staff("invite", "A", "--role", "owner").stdout for _ in range(2))
    assert first != second
    [person] = json.loads(staff("list", "--json").stdout)["staff"]
    assert (person["name"], person["role"], person["signed_in"]) == ("A", "owner", False)
    assert person["link_until"].endswith("Z")


def test_the_list_says_who_and_what(staff):
    assert staff("list").stdout == ""
    staff("invite", "B", "--role", "planner")
    staff("invite", "A", "--role", "facilitator")
    assert [line.split() for line in staff("list").stdout.splitlines()] == [["facilitator", "A"], ["planner", "B"]]


def test_removing_ends_the_account(staff):
    staff("invite", "A", "--role", "owner")
    assert staff("remove", "A").exit_code == 0
    assert json.loads(staff("list", "--json").stdout) == {"staff": []}
    refused = staff("remove", "A")
    assert refused.exit_code == 1
    assert "[staff_unknown]" in refused.stderr


@pytest.mark.parametrize("words", [("invite",), ("invite", "A"), ("invite", "A", "--role", "root"), ("nonsense",)])
def test_wrong_use_exits_2(staff, words):
    done = staff(*words)
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize("name", ["", "x" * 61, "a\u202eb"])
def test_a_name_that_cannot_be_used_exits_1(staff, name):
    done = staff("invite", name, "--role", "planner", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "[staff_name_invalid]" in done.stderr
