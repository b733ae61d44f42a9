"""What can be set, typed or counted is described; what is described exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from support.requirements import GROUPS
from support.source import ROOT

from civic.kernel.settings import Settings
from civic.tallies.methods.registry import METHODS

TEST_ONLY = {"CIVIC_REQUIRE", "CIVIC_TEST_SHARED"}
GUIDES = ("README.md", "README.ja.md", "docs/line-setup.md", "docs/operations.md", "docs/tour.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str) -> set[str]:
    """The first cell of every table row that starts with code: | `this` | … |"""
    return set(re.findall(r"^\|\s*`([^`]+)`", read(name), flags=re.MULTILINE))


def variables() -> set[str]:
    return {f"CIVIC_{name.upper()}" for name in Settings.model_fields}


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that does something, as typed after ``civic``."""
    if not hasattr(command, "list_commands"):
        yield " ".join(path)
        return
    for name in command.list_commands(None):
        yield from leaves(command.get_command(None, name), (*path, name))


def commands() -> set[str]:
    from civic.cli import app

    return set(leaves(typer.main.get_command(app)))


def documented_commands() -> set[str]:
    typed = (
        cell.removeprefix("civic ").split() for cell in rows("docs/operations.md") if cell.startswith("civic ")
    )
    return {" ".join(word for word in words if re.fullmatch(r"[a-z]+", word)) for words in typed}


def test_every_setting_has_a_row_and_every_row_a_setting():
    described = {cell for cell in rows("docs/operations.md") if cell.startswith("CIVIC_")}
    assert described == variables() | TEST_ONLY


def test_every_command_has_a_row_and_every_row_a_command():
    assert documented_commands() == commands()


@pytest.mark.parametrize("name", GUIDES)
def test_guides_name_no_setting_that_does_not_exist(name):
    assert set(re.findall(r"CIVIC_[A-Z_]+[A-Z]", read(name))) <= variables() | TEST_ONLY


@pytest.mark.parametrize("name", GUIDES)
def test_guides_name_no_command_that_does_not_exist(name):
    typed = re.findall(r"`(?:\.venv/bin/)?civic ([a-z]+(?: [a-z]+)?)", read(name))
    known = commands()
    groups = {command.split()[0] for command in known}
    unknown = [words for words in typed if words not in known and words.split()[0] not in known]
    assert [words for words in unknown if words not in groups] == []


def test_every_tally_method_has_a_heading():
    headings = set(re.findall(r"^#+ .*`([a-z_0-9]+)`", read("docs/methods.md"), flags=re.MULTILINE))
    assert set(METHODS) <= headings


@pytest.mark.parametrize("name", GUIDES)
def test_links_lead_somewhere(name):
    folder = (ROOT / name).parent
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(name))
    assert [target for target in targets if not (folder / target).exists()] == []


def test_every_make_target_of_the_guides_exists():
    targets = set(re.findall(r"^([.\w/-]+):", read("Makefile"), flags=re.MULTILINE))
    for name in GUIDES:
        assert set(re.findall(r"`make ([a-z]+)", read(name))) <= targets


def test_the_skip_groups_are_described():
    assert all(f"`{group}`" in read("docs/operations.md") for group in GROUPS)


def test_the_tour_shows_every_folder():
    tour = read("docs/tour.md")
    shown = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("civic/*/__init__.py")}
    shown |= {"webhooks/line", "webhooks/line/simulator", "geodata", "frontend", "tests", "docs", "scripts"}
    assert sorted(folder for folder in shown if f"`{folder}/`" not in tour) == []


def test_every_decision_page_has_the_four_parts():
    pages = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert len(pages) >= 5
    for page in pages:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert headings == ["Context", "Decision", "Alternatives considered", "Consequences"], page.name
