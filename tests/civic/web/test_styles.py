"""The styles: readable, complete, and light."""

import gzip
import re

import pytest
from support.styles import DESIGN_TOKENS, STYLES, borrowed, contrast, roles, stylesheet

from civic.kernel.i18n import frontend_dir

CSS = stylesheet()
ROLES = roles()
WHITE = "#ffffff"
MOST_BYTES = 16_000
"""Of the 30 kB, compressed, that a resident page may load before 3D; a build is smaller still."""


def test_the_measure_agrees_with_known_pairs():
    """21:1 for black on white by definition; #767676 is the classic lightest grey of 4.54:1."""
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text", "ground"),
        ("text", "ground-quiet"),
        ("text", "primary-ground"),
        ("text", "success-ground"),
        ("text", "warning-ground"),
        ("text-quiet", "ground"),
        ("text-quiet", "ground-quiet"),
        ("text-quiet", "primary-ground"),
        ("text-quiet", "sky"),
        ("primary", "ground"),
        ("primary", "ground-quiet"),
        ("primary", "primary-ground"),
        ("primary-dark", "ground"),
        ("primary-dark", "primary-ground"),
        ("ground", "primary"),
        ("ground", "primary-dark"),
        ("ground", "error"),
        ("error", "ground"),
        ("error", "error-ground"),
        ("success", "ground"),
        ("success", "success-ground"),
        ("warning", "ground"),
        ("warning", "warning-ground"),
    ],
)
def test_text_can_be_read(text, ground):
    assert contrast(ROLES[text], ROLES[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["ground", "ground-quiet"])
@pytest.mark.parametrize("edge", ["border", "primary", "success", "warning", "error", "outline"])
def test_edges_bars_and_marks_can_be_seen(edge, ground):
    assert contrast(ROLES[edge], ROLES[ground]) >= 3


def test_the_colours_are_those_of_the_design_system():
    if not DESIGN_TOKENS.is_file():
        pytest.skip("the design tokens are not installed: npm ci in frontend/")
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", DESIGN_TOKENS.read_text(encoding="utf-8")))
    assert len(borrowed()) > 10
    assert borrowed() == {token: tokens[token] for token in borrowed()}


def test_every_role_that_is_asked_for_exists():
    named = set(re.findall(r"--([a-z][\w-]*):", CSS))
    asked = set(re.findall(r"var\(--([a-z][\w-]*)\)", CSS))
    assert asked - named == set()


def test_every_component_is_imported_once():
    entry = (STYLES / "civic.css").read_text(encoding="utf-8")
    imported = re.findall(r'@import "components/([\w-]+)\.css";', entry)
    assert sorted(imported) == sorted(path.stem for path in (STYLES / "components").glob("*.css"))


def test_the_stylesheet_asks_for_nothing_from_elsewhere():
    assert not re.search(r"url\(|https?:", CSS)
    assert "forced-colors: active" in CSS
    assert "prefers-reduced-motion" in CSS
    assert "@media print" in CSS


def test_the_stylesheet_is_light():
    assert len(gzip.compress(CSS.encode())) < MOST_BYTES


def test_every_class_of_a_template_has_a_style():
    templates = "".join(path.read_text(encoding="utf-8") for path in frontend_dir().rglob("templates/**/*.html"))
    used = {name for text in re.findall(r'class="([\w\s-]+)"', templates) for name in text.split()}
    styled = set(re.findall(r"\.([a-z][\w-]*)", CSS))
    assert len(used) > 20
    assert used - styled == set()
