"""The five-minute story in a real Chromium, through the visible controls only."""

import pytest
from e2e.story import BALLOT, TITLE, Story
from playwright.sync_api import expect
from support.browser import watched_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_newcomer_lives_the_whole_story(browser, demo):
    with watched_page(browser, demo.origin, width=1440, height=900) as watched:
        story = Story(watched.page)
        story.begin()
        card = story.ask_for_the_ballot()
        expect(card.locator("img")).to_be_visible()
        story.look_in_3d(card)
        story.vote(card)
        assert story.let_the_crowd_vote() >= 200
        story.close()
        story.decide()
        story.tell_the_result()
        story.install()
        watched.page.goto(f"/b/{BALLOT}/results?lang=ja")
        expect(watched.page.get_by_text(TITLE).first).to_be_visible()
        expect(watched.page.get_by_text("設置しました").first).to_be_visible()
