"""JavaScript off, on a phone: read, vote, change, withdraw, vote again, close, decide, read the results."""

from __future__ import annotations

import re
import time

import pytest
from e2e.story import BALLOT, PROGRAMME, TITLE, WINNER, Story
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from support.browser import Demo, watched_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}\b")
OTHER, COUNTED_S = "ミストの小さな森", 60
PANES = ("チャット", "場所", "職員")


def test_a_proposal_is_read_from_the_first_page_on(browser: Browser, shared_demo: Demo) -> None:
    with watched_page(browser, shared_demo.origin, scripts=False) as watched:
        page = watched.page
        page.goto("/?lang=ja")
        page.get_by_role("link", name="2026").last.click()
        expect(page).to_have_url(re.compile(f"/p/{PROGRAMME}"))
        page.get_by_role("link", name=TITLE).click()
        expect(page).to_have_url(re.compile(f"/p/{PROGRAMME}/{WINNER}"))
        picture = page.locator("civic-viewer img").first
        expect(picture).to_be_visible()
        expect(picture).to_have_attribute("alt", re.compile("ベンチ"))
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("img", name=re.compile("の図。"))).to_be_visible()
        page.locator("summary", has_text="配置の確認").click()
        expect(page.get_by_text("計画の目安").last).to_be_visible()


def test_the_ballot_is_read(browser: Browser, shared_demo: Demo) -> None:
    with watched_page(browser, shared_demo.origin, scripts=False) as watched:
        watched.page.goto(f"/b/{BALLOT}?lang=ja")
        expect(watched.page.get_by_role("heading", name=TITLE)).to_be_visible()
        expect(watched.page.get_by_role("heading", name="決めかた")).to_be_visible()


def test_the_panes_of_the_demo_stand_one_below_the_other(browser: Browser, shared_demo: Demo) -> None:
    with watched_page(browser, shared_demo.origin, scripts=False) as watched:
        page = watched.page
        page.goto("/demo?lang=ja")
        expect(page.get_by_role("tab")).to_have_count(0)
        ends = 0.0
        for name in PANES:
            box = page.get_by_role("region", name=name).bounding_box()
            assert box is not None
            assert box["y"] >= ends, f"{name} stands beside or over another pane"
            assert (box["x"], box["width"]) == (0, 390)
            assert box["height"] >= 400
            ends = box["y"] + box["height"]


def test_from_the_chat_to_the_results(browser: Browser, shared_demo: Demo) -> None:
    with watched_page(browser, shared_demo.origin, scripts=False) as watched:
        story = Story(watched.page)
        watched.page.goto("/demo?lang=ja")
        vote_in_the_chat(story)
        open_the_personal_page(story)
        expect(mine(story.site)).to_have_text(TITLE)
        change_the_vote(story.site)
        read_the_receipt(story.site)
        open_the_personal_page(story)
        withdraw(story.site)
        vote_again(story.site)
        close(story.planner)
        story.decide()
        read_the_results(watched.page)


def vote_in_the_chat(story: Story) -> None:
    story.chat.get_by_role("button", name="投票", exact=True).click()
    card = story.chat.locator("article").filter(has_text=TITLE[:10]).last
    card.get_by_role("button", name="あったらいいな").click()
    expect(story.chat.get_by_text(CODE).last).to_be_visible()


def open_the_personal_page(story: Story) -> None:
    """By the link that the bot sends, into the pane beside the chat."""
    browser = story.chat.get_by_role("button", name="ブラウザで投票")
    link = story.chat.get_by_role("link", name="投票ページを開く")
    press_and_wait_for(story.chat.get_by_role("button", name="わたしの票", exact=True).last, browser)
    press_and_wait_for(browser.last, link)
    link.last.click()
    expect(story.site.get_by_role("button", name="この内容で投票する")).to_be_visible()


def press_and_wait_for(button: Locator, answer: Locator) -> None:
    """Press, and wait for the answer: earlier answers of the same kind stand in the chat and lead to old links."""
    before = answer.count()
    button.click()
    expect(answer).to_have_count(before + 1)


def mine(site: FrameLocator) -> Locator:
    """The choices that are in, by their titles."""
    return site.get_by_role("region", name="わたしの票").get_by_role("listitem")


def change_the_vote(site: FrameLocator) -> None:
    site.get_by_role("checkbox", name=TITLE).uncheck()
    site.get_by_role("checkbox", name=OTHER).check()
    site.get_by_role("button", name="この内容で投票する").click()
    expect(site.get_by_role("status")).to_contain_text("受け付けました")
    expect(mine(site)).to_have_text(OTHER)


def read_the_receipt(site: FrameLocator) -> None:
    site.get_by_role("status").get_by_role("link", name=CODE).last.click()
    expect(site.get_by_role("heading", level=1)).to_have_text(CODE)
    expect(site.get_by_text("集計に入ります。")).to_be_visible()


def withdraw(site: FrameLocator) -> None:
    site.locator("summary", has_text="投票をやめる").click()
    site.get_by_role("button", name="票をとりさげる").click()
    expect(site.get_by_role("status")).to_contain_text("受け付けました")
    expect(site.get_by_role("region", name="わたしの票")).to_contain_text("票は入っていません。")


def vote_again(site: FrameLocator) -> None:
    site.get_by_role("checkbox", name=TITLE).check()
    site.get_by_role("button", name="この内容で投票する").click()
    expect(mine(site)).to_have_text(TITLE)


def close(planner: FrameLocator) -> None:
    """Close now; without a script the page is asked again until the count is there."""
    planner.locator("summary", has_text="いま締め切る").click()
    planner.get_by_role("button", name="いま締め切る").click()
    counted = planner.get_by_role("heading", name="決定を記録する")
    again = planner.get_by_role("link", name="いまの数に直す")
    until = time.monotonic() + COUNTED_S
    while not counted.is_visible() and time.monotonic() < until:
        again.click()
        planner.owner.page.wait_for_timeout(500)
    expect(counted).to_be_visible()


def read_the_results(page: Page) -> None:
    page.goto(f"/b/{BALLOT}/results?lang=ja")
    expect(page.get_by_role("heading", name="採用が決まった案")).to_be_visible()
    page.locator("summary", has_text="数字を表で見る").click()
    row = page.get_by_role("table").first.get_by_role("row").filter(has_text=TITLE)
    expect(row.get_by_role("cell").first).to_have_text("1票")
