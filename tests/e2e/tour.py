"""The pictures of docs/story.md: ``python tests/e2e/tour.py docs/images`` plays the story and saves each step."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from e2e.story import BALLOT, Story
from playwright.sync_api import Page, sync_playwright
from support.browser import FLAGS, chromium_or_skip, running_demo, settle, wait_for_pictures

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def play(page: Page, folder: Path) -> None:
    """The five minutes, a picture a step."""

    def save(name: str) -> None:
        page.wait_for_timeout(1_500)
        page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=80)

    story = Story(page)
    story.begin()
    card = story.ask_for_the_ballot()
    save("1-ask")
    story.look_in_3d(card)
    save("2-look")
    story.vote(card)
    save("3-vote")
    story.let_the_crowd_vote()
    save("4-turnout")
    story.close()
    story.planner.locator(".bars").first.scroll_into_view_if_needed()
    save("5-close")
    story.decide()
    story.tell_the_result()
    save("6-decide")
    story.install()
    save("7-install")


def pages_of_a_resident(page: Page, folder: Path) -> None:
    """What stands after the story on a phone."""
    for name, path in {"8-results": f"/b/{BALLOT}/results", "9-home": "/"}.items():
        page.goto(f"{path}?lang=ja")
        settle(page)
        page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=80)


def main(folder: Path) -> None:
    """Play in a demo of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running_demo(Path(data)) as demo, sync_playwright() as playwright:
        wait_for_pictures(demo.origin)
        browser = playwright.chromium.launch(executable_path=chromium_or_skip(), args=list(FLAGS))
        desk = browser.new_page(viewport=DESK, base_url=demo.origin, locale="ja", reduced_motion="reduce")
        play(desk, folder)
        phone = browser.new_page(viewport=PHONE, base_url=demo.origin, locale="ja", reduced_motion="reduce")
        pages_of_a_resident(phone, folder)
        browser.close()
    (folder / "2-look.jpg").replace(folder / "demo.jpg")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
