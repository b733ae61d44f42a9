"""Every page in all its languages: axe, reflow at 320 px, text at 200 %, nothing that the CSP had to stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from e2e.pages import PAGES, languages_of, personal_pages
from playwright.sync_api import Page
from support.browser import AXE, settle, watched_page
from support.requirements import require

from civic.kernel.i18n import html_lang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PHONE, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAN = "preload: false, resultTypes: ['violations']"
"""Without looking into the style sheets for rules that are not asked for: our policy would stop that."""
RUN_AXE = f"async () => (await axe.run({{runOnly: {RULES}, {LEAN}}})).violations"
SERIOUS = {"serious", "critical"}
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TEXT_SIZE = "(size) => { document.documentElement.style.fontSize = size; }"
DOUBLE = "212.5%"
TORN_APART = """() => [...document.querySelectorAll("body *")].filter((element) =>
  /flex|grid/.test(getComputedStyle(element).display) && element.querySelector(":scope > ruby") &&
  [...element.childNodes].filter((node) => node.nodeName !== "#text" || node.data.trim()).length > 1
).map((element) => element.textContent.trim())"""
"""A sentence with readings that stands in a row of boxes by itself: every reading would become a box."""


@dataclass(frozen=True)
class Seen:
    """What is wrong with a page in a language, and what axe finds serious in it."""

    faults: Sequence[str]
    serious: Sequence[Any]


@pytest.fixture(scope="module")
def pages(shared_demo) -> Mapping[str, str]:
    """All pages by name, with those of one resident who voted."""
    return {**PAGES, **personal_pages(shared_demo.origin)}


@pytest.fixture(scope="module")
def seen(browser, shared_demo, pages) -> Mapping[str, Seen]:
    """Every page in every language, opened once and looked at in every way."""
    axe = AXE.read_text(encoding="utf-8") if AXE.is_file() else None
    with watched_page(browser, shared_demo.origin) as watched:
        return {name: look(watched.page, lang, axe) for name, lang in each(watched.page, pages)}


def each(page: Page, pages: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Open every page in every language; gives its name and language."""
    for name, path in pages.items():
        for lang in languages_of(path):
            page.goto(f"{path}?lang={lang}")
            settle(page)
            yield f"{name} {lang}", lang


def look(page: Page, lang: str, axe: str | None) -> Seen:
    """The page that is open, by axe first: the other ways change its size."""
    serious = serious_in(page, axe) if axe is not None else []
    return Seen([*faults(page, lang)], serious)


def serious_in(page: Page, axe: str) -> list[Any]:
    """What axe finds serious: the rule and the first place."""
    page.evaluate(axe)
    violations = page.evaluate(RUN_AXE)
    return [(v["id"], v["nodes"][0]["target"]) for v in violations if v["impact"] in SERIOUS]


def faults(page: Page, lang: str) -> Iterator[str]:
    """What is wrong with the page that is open."""
    if page.locator("html").get_attribute("lang") != html_lang(lang):
        yield "says another language"
    if page.locator("h1").count() != 1 or not page.title():
        yield "has not one heading and a title"
    if torn := page.evaluate(TORN_APART):
        yield f"readings tear apart {torn}"
    page.set_viewport_size(NARROW)
    if (too_wide := page.evaluate(TOO_WIDE)) > 0:
        yield f"scrolls sideways by {too_wide} px at 320 px"
    page.set_viewport_size(PHONE)
    page.evaluate(TEXT_SIZE, DOUBLE)
    if (too_wide := page.evaluate(TOO_WIDE)) > 0:
        yield f"scrolls sideways by {too_wide} px with text at 200 %"


def test_every_page_holds_on_a_narrow_screen_and_with_large_text(seen, pages):
    assert {name: page.faults for name, page in seen.items() if page.faults} == {}
    assert len(seen) == sum(len(languages_of(path)) for path in pages.values())


def test_axe_finds_nothing_serious(seen):
    if not AXE.is_file():
        require("node", "axe-core is not installed (make frontend)")
    assert {name: page.serious for name, page in seen.items() if page.serious} == {}
