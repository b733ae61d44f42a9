"""How heavy a resident's page may be on the way: 30 kB compressed before 3D, 180 kB for 3D."""

from __future__ import annotations

import re

import pytest
from support.frontend import Build
from support.source import ROOT

TEMPLATES = ROOT / "frontend" / "templates"
NOT_FOR_RESIDENTS = ("admin/", "demo")
STYLES = "src/styles.css"
VIEWER = "src/entries/viewer.ts"
BEFORE_3D = 30_000
WITH_3D = 180_000

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def build() -> Build:
    return Build()


def islands() -> dict[str, set[str]]:
    """The entries that each resident template names."""
    found = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if not name.startswith(NOT_FOR_RESIDENTS):
            found[name] = set(re.findall(r'asset\("([\w-]+)"\)', path.read_text(encoding="utf-8")))
    return found


def entries(names: set[str]) -> set[str]:
    return {f"src/entries/{name}.ts" for name in names}


def test_every_island_that_a_template_names_is_built(build):
    named = set().union(*islands().values())
    assert entries(named) <= set(build.manifest)


@pytest.mark.parametrize("template", sorted(islands()))
def test_a_resident_page_is_light(build, template):
    chunks = build.loaded_at_once({STYLES} | entries(islands()[template]))
    assert build.gzip_bytes(chunks) <= BEFORE_3D


def test_the_3d_view_is_light_enough_for_a_phone(build):
    chunks = build.loaded_ever({VIEWER})
    at_once = build.loaded_at_once({VIEWER})
    assert chunks > at_once, "three.js comes after the tap"
    assert build.gzip_bytes(at_once) < 5_000
    assert build.gzip_bytes(chunks) <= WITH_3D
