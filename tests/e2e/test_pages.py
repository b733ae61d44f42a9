"""Every page in all its languages: axe, reflow at 320 px, text at 200 %, nothing that the CSP had to stop."""

from collections.abc import Iterator, Mapping

import pytest
from e2e.pages import PAGES, languages_of, personal_pages
from playwright.sync_api import Page
from support.browser import AXE, settle, watched_page
from support.requirements import require

from civic.kernel.i18n import html_lang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PHONE, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = f"async () => (await axe.run({{runOnly: {RULES}}})).violations"
SERIOUS = {"serious", "critical"}
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TEXT_SIZE = "(size) => { document.documentElement.style.fontSize = size; }"
DOUBLE = "212.5%"
TORN_APART = """() => [...document.querySelectorAll("body *")].filter((element) =>
  /flex|grid/.test(getComputedStyle(element).display) && element.querySelector(":scope > ruby") &&
  [...element.childNodes].filter((node) => node.nodeName !== "#text" || node.data.trim()).length > 1
).map((element) => element.textContent.trim())"""
"""A sentence with readings that stands in a row of boxes by itself: every reading would become a box."""


@pytest.fixture(scope="module")
def pages(shared_demo) -> Mapping[str, str]:
    """All pages by name, with those of one resident who voted."""
    return {**PAGES, **personal_pages(shared_demo.origin)}


def each(page: Page, pages: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Open every page in every language; gives its name and language."""
    for name, path in pages.items():
        for lang in languages_of(path):
            page.goto(f"{path}?lang={lang}")
            settle(page)
            yield f"{name} {lang}", lang


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


def test_every_page_holds_on_a_narrow_screen_and_with_large_text(browser, shared_demo, pages):
    with watched_page(browser, shared_demo.origin) as watched:
        found = {name: [*faults(watched.page, lang)] for name, lang in each(watched.page, pages)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) == sum(len(languages_of(path)) for path in pages.values())


def test_axe_finds_nothing_serious(browser, shared_demo, pages):
    if not AXE.is_file():
        require("node", "axe-core is not installed (make frontend)")
    source, found = AXE.read_text(encoding="utf-8"), {}
    # axe measures by inline styles of its own, which our policy would stop.
    with watched_page(browser, shared_demo.origin, bypass_csp=True) as watched:
        for name, _ in each(watched.page, pages):
            watched.page.evaluate(source)
            violations = watched.page.evaluate(RUN_AXE)
            serious = [(v["id"], v["nodes"][0]["target"]) for v in violations if v["impact"] in SERIOUS]
            if serious:
                found[name] = serious
    assert found == {}
