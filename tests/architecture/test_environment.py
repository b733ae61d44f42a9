"""Our three package names are ours alone, also where strangers publish under the same words."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import distributions
from pathlib import Path

import pytest
from support.source import PACKAGES, ROOT

from civic.kernel.i18n import frontend_dir


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_ships_our_package(name):
    owners = {
        distribution.name
        for distribution in distributions()
        if any(file.parts[0] == name for file in distribution.files or ())
    }
    assert owners <= {"attara"}


@pytest.mark.parametrize("name", PACKAGES)
def test_our_package_is_imported_from_this_checkout(name):
    assert Path(str(import_module(name).__file__)).parent == ROOT / name


def test_tests_and_pages_are_no_packages():
    assert not (ROOT / "tests" / "__init__.py").exists()
    assert not (ROOT / "frontend" / "__init__.py").exists()


def test_pages_and_texts_are_found_in_the_checkout():
    assert frontend_dir() == ROOT / "frontend"
