"""Every page in both languages: axe, reflow at 320 px, text at 200 %, nothing that the CSP had to stop."""

import pytest
from e2e.pages import LANGUAGES, PAGES, personal_pages
from playwright.sync_api import Page
from support.browser import AXE, settle, watched_page
from support.requirements import require

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = {"serious", "critical"}
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
DOUBLE_TEXT = "() => { document.documentElement.style.fontSize = '212.5%'; }"


@pytest.fixture(scope="module")
def pages(shared_demo):
    """All pages by name, with those of one resident who voted, and with their pictures drawn."""
    return {**PAGES, **personal_pages(shared_demo.origin)}


def opened(page: Page, path: str, lang: str) -> None:
    page.goto(f"{path}?lang={lang}")
    settle(page)


def each(page: Page, pages: dict[str, str]):
    for name, path in pages.items():
        for lang in LANGUAGES:
            opened(page, path, lang)
            yield f"{name} {lang}"


def test_axe_finds_nothing_serious(browser, shared_demo, pages):
    if not AXE.is_file():
        require("node", "axe-core is not installed (make frontend)")
    source, found = AXE.read_text(encoding="utf-8"), {}
    with watched_page(browser, shared_demo.origin) as watched:
        for name in each(watched.page, pages):
            watched.page.evaluate(source)
            violations = watched.page.evaluate(f"async () => (await axe.run({{runOnly: {RULES}}})).violations")
            serious = [(v["id"], v["nodes"][0]["target"]) for v in violations if v["impact"] in SERIOUS]
            if serious:
                found[name] = serious
    assert found == {}


def test_nothing_scrolls_sideways_at_320_px(browser, shared_demo, pages):
    with watched_page(browser, shared_demo.origin, width=320, height=640) as watched:
        wide = {name: watched.page.evaluate(TOO_WIDE) for name in each(watched.page, pages)}
    assert {name: px for name, px in wide.items() if px > 0} == {}


def test_nothing_scrolls_sideways_with_text_at_200_percent(browser, shared_demo, pages):
    wide = {}
    with watched_page(browser, shared_demo.origin) as watched:
        for name in each(watched.page, pages):
            watched.page.evaluate(DOUBLE_TEXT)
            wide[name] = watched.page.evaluate(TOO_WIDE)
    assert {name: px for name, px in wide.items() if px > 0} == {}


def test_every_page_says_its_language_and_has_one_heading(browser, shared_demo, pages):
    with watched_page(browser, shared_demo.origin, width=1280, height=900) as watched:
        for name in each(watched.page, pages):
            lang = name.split()[-1]
            assert watched.page.locator("html").get_attribute("lang") == lang, name
            assert watched.page.locator("h1").count() == 1, name
            assert watched.page.title(), name
