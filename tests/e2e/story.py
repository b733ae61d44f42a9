"""The five-minute story, told with nothing but the controls that a person sees on /demo."""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Locator, Page, expect

BALLOT, PROGRAMME, WINNER = "attara-2026", "nishi-shinjuku-2026", "shade-bench"
TITLE = "人にもペットにも 木かげベンチ"
STEPS = {"permit": "許可の手続き中", "making": "つくっています", "installed": "設置しました"}
PICTURE_S = 120_000
COUNTED_S = 60_000
NEWS_S = 30_000


@dataclass
class Story:
    """One newcomer in front of the three panes."""

    page: Page

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("iframe[name=chat]")

    @property
    def site(self) -> FrameLocator:
        return self.page.frame_locator("iframe[name=site]")

    @property
    def planner(self) -> FrameLocator:
        return self.page.frame_locator("iframe[name=planner]")

    def begin(self) -> None:
        """Open the demo; the bot has greeted, and it is said that nothing goes to LINE."""
        self.page.goto("/demo?lang=ja")
        expect(self.page.get_by_text("LINE には何も送信していません")).to_be_visible()
        expect(self.chat.get_by_role("button", name="参加する").first).to_be_visible()

    def ask_for_the_ballot(self) -> Locator:
        """Press 投票 in the menu; gives the card of the winner-to-be, with its picture."""
        card = self.chat.locator("article").filter(has_text=TITLE[:10]).last
        until = time.monotonic() + PICTURE_S / 1000
        while True:
            self.chat.get_by_role("button", name="投票", exact=True).click()
            expect(card).to_be_visible()
            if card.locator("img").count() or time.monotonic() > until:
                return card
            self.page.wait_for_timeout(2_000)

    def look_in_3d(self, card: Locator) -> Locator:
        """Follow 3Dで見る into the middle pane and start the view; gives its canvas once it shows the scene."""
        card.get_by_role("link", name="3Dで見る").last.click()
        button = self.site.get_by_role("button", name="3D")
        button.click()
        canvas = self.site.locator("civic-viewer canvas")
        expect(canvas).to_be_visible(timeout=NEWS_S)
        return canvas

    def vote(self, card: Locator) -> None:
        """One tap on あったらいいな; the receipt is the answer."""
        card.get_by_role("button", name="あったらいいな").click()
        expect(self.chat.get_by_text("受付番号").last).to_be_visible()

    def let_the_crowd_vote(self, people: int = 200) -> int:
        """Press the button of the story; gives how many had taken part when the turnout had grown by itself."""
        self.page.get_by_role("button", name="200人がつづけて投票").click()
        deadline = time.monotonic() + COUNTED_S / 1000
        while time.monotonic() < deadline:
            if (shown := self.turnout()) >= people:
                return shown
            self.page.wait_for_timeout(500)
        raise AssertionError(f"only {self.turnout()} people after a minute")

    def turnout(self) -> int:
        """The turnout as the planner's pane shows it."""
        return int(self.planner.locator(".turnout-number strong").first.inner_text().replace(",", ""))

    def close(self) -> None:
        """いま締め切る, then wait until the count is there."""
        self.planner.locator("summary", has_text="いま締め切る").click()
        self.planner.get_by_role("button", name="いま締め切る").click()
        bars = self.planner.get_by_role("heading", name="決定を記録する")
        deadline = time.monotonic() + COUNTED_S / 1000
        while not bars.is_visible() and time.monotonic() < deadline:
            self.page.wait_for_timeout(1_000)
            if self.planner.get_by_role("link", name="いまのようすに直す").count():
                self.planner.get_by_role("link", name="いまのようすに直す").first.click()
        expect(bars).to_be_visible(timeout=COUNTED_S)

    def decide(self) -> None:
        """Record the decision as the tally proposes it, with a reason."""
        reason = "場所ごとにいちばん多く選ばれた案を、そのまま採用します。"
        self.planner.get_by_label("理由").first.fill(reason)
        self.planner.get_by_role("button", name="決定として記録する").click()
        expect(self.planner.get_by_role("heading", name="設置のようす")).to_be_visible()

    def tell_the_result(self) -> None:
        """Send the result; it arrives in the chat by itself."""
        self.planner.get_by_role("link", name="結果のお知らせを送る").click()
        self.planner.locator("form .button-large").click()
        expect(self.chat.get_by_text("つくることが決まりました").last).to_be_visible(timeout=NEWS_S)

    def install(self) -> None:
        """Take the winner through its steps until it stands, and tell everybody."""
        self.page.evaluate(f"window.frames['planner'].location = '/admin/ballots/{BALLOT}'")
        card = self.planner.locator("article.card").filter(has_text=TITLE)
        for status, words in STEPS.items():
            card.locator("summary").click()
            card.locator("select").select_option(status)
            card.get_by_role("button", name="記録する").click()
            expect(card.locator(".state")).to_have_text(words)
        card.get_by_role("link", name="設置のお知らせを送る").click()
        self.planner.locator("form .button-large").click()
        expect(self.chat.get_by_text("設置しました").last).to_be_visible(timeout=NEWS_S)
