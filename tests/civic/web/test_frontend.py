"""Templates and styles: clean, light, readable."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from civic.kernel.i18n import frontend_dir

CSS = (frontend_dir() / "styles" / "civic.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", CSS))
WHITE = "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_agrees_with_known_pairs():
    """21:1 for black on white by definition; #767676 is the classic lightest grey of 4.54:1."""
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text", "ground"),
        ("text-quiet", "ground"),
        ("primary", "ground"),
        ("primary-dark", "ground"),
        ("ground", "primary"),
        ("ground", "primary-dark"),
        ("ground", "error"),
        ("error", "ground"),
        ("error", "error-ground"),
        ("success", "success-ground"),
        ("success", "ground"),
        ("warning", "ground"),
        ("primary", "primary-ground"),
        ("text", "primary-ground"),
        ("text", "success-ground"),
        ("text", "ground-quiet"),
    ],
)
def test_text_can_be_read(text, ground):
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("edge", ["border", "primary", "text-quiet", "success", "warning", "error"])
def test_edges_and_bars_can_be_seen(edge):
    assert contrast(TOKENS[edge], TOKENS["ground"]) >= 3


def test_the_stylesheet_asks_for_nothing_from_elsewhere():
    assert not re.search(r"@import|url\(|https?:", CSS)
    assert "forced-colors: active" in CSS
    assert "prefers-reduced-motion" in CSS


def test_every_class_of_a_template_has_a_style():
    templates = "".join(path.read_text(encoding="utf-8") for path in frontend_dir().rglob("templates/**/*.html"))
    used = {name for text in re.findall(r'class="([\w\s-]+)"', templates) for name in text.split()}
    styled = set(re.findall(r"\.([a-z][\w-]*)", CSS))
    assert len(used) > 20
    assert used - styled - {"state-"} == set()


async def test_a_page_is_light(voted_site):
    """30 kB, compressed, is the budget of a resident page with its styles; this is uncompressed."""
    await voted_site.seal()
    for path in ("/p/tiny", "/b/tiny-ballot/results"):
        page = await voted_site.get(path)
        assert len(page.body) + len(CSS.encode()) < 40_000


def test_templates_are_clean():
    djlint = Path(sys.executable).with_name("djlint")
    command = [djlint, "--quiet", "--check", "--lint", frontend_dir() / "templates"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
