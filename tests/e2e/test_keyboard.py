"""Everything by keys alone: the whole way of a resident, the planner's form, the tabs; every stop is seen."""

from __future__ import annotations

import re
import time
from io import BytesIO

import pytest
from e2e.pages import DEMO, RESIDENT, STAFF
from e2e.story import BALLOT, PROGRAMME, WINNER, Story
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, expect
from support.browser import Demo, watched_page
from support.keyboard import go_to, press, stops

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PROPOSAL = f"/p/{PROGRAMME}/{WINNER}?lang=ja"
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}\b")
PAGES = {**RESIDENT, **STAFF, "chat": DEMO["chat"]}
CANVAS_KEYS = ("ArrowLeft", "ArrowUp", "+", "2")
CHANGED_S = 10


def seen(canvas: Locator) -> Image.Image:
    return Image.open(BytesIO(canvas.screenshot())).convert("RGB")


def turns(canvas: Locator, key: str) -> bool:
    """Whether the view shows something else after a key."""
    before = seen(canvas)
    canvas.page.keyboard.press(key)
    until = time.monotonic() + CHANGED_S
    while time.monotonic() < until:
        if ImageChops.difference(before, seen(canvas)).getbbox() is not None:
            return True
    return False


def test_every_stop_is_seen_and_none_is_a_trap(browser: Browser, shared_demo: Demo) -> None:
    unseen = {}
    with watched_page(browser, shared_demo.origin) as watched:
        for name, path in PAGES.items():
            watched.page.goto(f"{path}?lang=ja")
            found = stops(watched.page)
            assert len(found) > 3, name
            if bad := [stop for stop in found if not stop.is_seen]:
                unseen[name] = bad
    assert unseen == {}


@pytest.mark.parametrize("name", ["proposal", "programme", "admin-ballot", "admin-registration", "chat"])
def test_the_way_back_is_the_same(browser: Browser, shared_demo: Demo, name: str) -> None:
    with watched_page(browser, shared_demo.origin) as watched:
        watched.page.goto(f"{PAGES[name]}?lang=ja")
        there = [stop.name for stop in stops(watched.page)]
        back = [stop.name for stop in stops(watched.page, "Shift+Tab")]
    assert back == there[::-1]


def test_a_resident_walks_around_a_proposal(browser: Browser, shared_demo: Demo) -> None:
    with watched_page(browser, shared_demo.origin) as watched:
        page = watched.page
        page.goto(PROPOSAL)
        opener = page.locator("civic-viewer > button").first
        press(page, opener)
        canvas = page.locator("civic-viewer canvas")
        expect(canvas).to_be_focused()
        assert [key for key in CANVAS_KEYS if not turns(canvas, key)] == []
        assert [stop for stop in stops(page) if not stop.is_seen] == []
        go_to(page, canvas)
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()
        page.keyboard.press("Enter")
        expect(canvas).to_have_count(0)


def test_the_ballot_from_the_chat_to_the_decision(browser: Browser, shared_demo: Demo) -> None:
    with watched_page(browser, shared_demo.origin) as watched:
        vote_in_the_chat(watched.page)
        walk_through_the_cards(watched.page)
        vote_in_the_browser(watched.page, link_from_the_chat(watched.page))
        close_and_decide(watched.page)
        read_the_results(watched.page)


def vote_in_the_chat(page: Page) -> None:
    page.goto("/demo/line/?resident=0&lang=ja")
    press(page, page.get_by_role("button", name="投票", exact=True))
    card = page.locator("article.card").filter(has_text="木かげベンチ").last
    expect(card).to_be_visible()
    press(page, card.get_by_role("button", name="あったらいいな"), "Space")
    expect(page.get_by_text(CODE).last).to_be_visible()


def walk_through_the_cards(page: Page) -> None:
    page.goto("/demo/line/?resident=0&lang=ja")
    found = stops(page)
    assert sum(stop.name.endswith("3Dで見る") for stop in found) > 2
    assert [stop for stop in found if not stop.is_seen] == []


def link_from_the_chat(page: Page) -> str:
    press(page, page.get_by_role("button", name="わたしの票", exact=True).last)
    button = page.get_by_role("button", name="ブラウザで投票").last
    expect(button).to_be_visible()
    press(page, button, key="Shift+Tab")
    link = page.locator("a[href*='/vote/']").last
    expect(link).to_be_visible()
    go_to(page, link, "Shift+Tab")
    return str(link.get_attribute("href"))


def vote_in_the_browser(page: Page, link: str) -> None:
    page.goto(link)
    assert [stop for stop in stops(page) if not stop.is_seen] == []
    page.goto(link)
    choice = page.get_by_role("checkbox", checked=False).first
    press(page, choice, "Space")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    press(page, page.get_by_role("button", name="この内容で投票する"))
    expect(page.get_by_role("status")).to_be_focused()
    assert [stop for stop in stops(page) if not stop.is_seen] == []
    press(page, page.get_by_role("link", name=CODE))
    expect(page.get_by_role("heading", level=1)).to_contain_text("受付番号")


def close_and_decide(page: Page) -> None:
    page.goto(f"/admin/ballots/{BALLOT}?lang=ja")
    press(page, page.locator("summary", has_text="いま締め切る"))
    press(page, page.get_by_role("button", name="いま締め切る"))
    reason = page.locator("#decide-reason")
    for _ in range(60):
        page.wait_for_timeout(500)
        page.goto(f"/admin/ballots/{BALLOT}?lang=ja")
        if reason.count():
            break
    assert [stop for stop in stops(page) if not stop.is_seen] == []
    go_to(page, reason)
    page.keyboard.type("いちばん多く選ばれたから。")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="決定として記録する")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="設置のようす")).to_be_visible()


def read_the_results(page: Page) -> None:
    page.goto(f"/b/{BALLOT}/results?lang=ja")
    assert [stop for stop in stops(page) if not stop.is_seen] == []
    page.goto(f"/b/{BALLOT}/results?lang=ja")
    press(page, page.locator("summary", has_text="数字を表で見る"))
    expect(page.get_by_role("table").first).to_be_visible()


def test_the_panes_of_the_demo_are_tabs_for_the_arrow_keys(browser: Browser, shared_demo: Demo) -> None:
    with watched_page(browser, shared_demo.origin) as watched:
        page, story = watched.page, Story(watched.page)
        page.goto("/demo?lang=ja")
        go_to(page, page.get_by_role("tab", selected=True))
        for key, name, pane in (
            ("ArrowRight", "場所", story.site),
            ("ArrowRight", "職員", story.planner),
            ("ArrowRight", "チャット", story.chat),
            ("End", "職員", story.planner),
            ("ArrowLeft", "場所", story.site),
            ("Home", "チャット", story.chat),
        ):
            page.keyboard.press(key)
            tab = page.get_by_role("tab", name=name)
            expect(tab).to_be_focused()
            expect(tab).to_have_attribute("aria-selected", "true")
            expect(pane.get_by_role("heading", level=1)).to_be_visible()
            expect(page.get_by_role("tabpanel")).to_have_count(1)
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.name") == "chat"
