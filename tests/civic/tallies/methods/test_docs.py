"""The page that residents and planners read names every method with its version."""

import re
from pathlib import Path

import pytest

from civic.tallies.methods.registry import METHODS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "methods.md"


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_a_heading_and_its_version(name):
    sections = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)
    (section,) = [text for text in sections if text.startswith(f"`{name}`")]
    assert f"Version {METHODS[name].version}." in section


def test_no_heading_names_a_method_that_is_not_there():
    assert set(re.findall(r"^## `(\w+)`", PAGE.read_text(), flags=re.MULTILINE)) == set(METHODS)
