"""LIFF in a real browser, LINE's script replaced by one that knows who it is: from the page to the vote."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from support.site import site_of
from support.tiny_programme import BALLOT

from tests.civic.public.line_identity import with_line

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LIFF = f"/b/{BALLOT}/liff?lang=ja"
SDK = "https://static.line-scdn.net/liff/edge/2/sdk.js"


class Served(threading.Thread):
    """The site with LINE beside it, in a thread of its own: Playwright's interface has the main one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.opened: Future[tuple[str, str]] = Future()
        self.loop = asyncio.new_event_loop()
        self.done = asyncio.Event()

    def run(self) -> None:
        self.loop.run_until_complete(self.serve())
        self.loop.close()

    async def serve(self) -> None:
        async with site_of(self.folder) as site:
            await site.open_ballot()
            async with with_line(site) as (served, line):
                self.opened.set_result((str(served.http._base_url), line.token()))
                await self.done.wait()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.done.set)
        self.join(30)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a site with LIFF, and the id token of somebody."""
    thread = Served(tmp_path_factory.mktemp("liff"))
    thread.start()
    yield thread.opened.result(120)
    thread.stop()


@pytest.fixture
def page(browser: Browser, served: tuple[str, str]) -> Iterator[Page]:
    """A phone's page on which nothing may go wrong with our scripts or the policy."""
    context = browser.new_context(base_url=served[0], viewport={"width": 390, "height": 844})
    found, trouble = context.new_page(), []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "net::ERR_FAILED" not in message.text:
            trouble.append(message.text)

    found.on("console", note)
    found.on("pageerror", lambda error: trouble.append(str(error)))
    yield found
    context.close()
    assert trouble == []


def lines_script(page: Page, token: str | None, *, logged_in: bool = True) -> None:
    body = f"""window.liff = {{
        init: async () => {{}}, isLoggedIn: () => {json.dumps(logged_in)},
        login: ({{ redirectUri }}) => {{ document.title = redirectUri; }}, getIDToken: () => {json.dumps(token)},
    }};"""
    page.route(SDK, lambda route: route.fulfill(content_type="text/javascript", body=body))


def test_from_lines_script_to_the_vote(page: Page, served: tuple[str, str]) -> None:
    lines_script(page, served[1])
    page.goto(LIFF)
    page.wait_for_url("**/vote/**")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="この内容で投票する").click()
    expect(page.get_by_text("受け付けました")).to_be_visible()
    page.goto(LIFF)
    page.wait_for_url("**/vote/**")
    expect(page.get_by_role("checkbox").first).to_be_checked()


def test_outside_line_it_asks_for_the_login(page: Page) -> None:
    lines_script(page, None, logged_in=False)
    page.goto(LIFF)
    expect(page.get_by_text("LINE のアカウントを確かめています")).to_be_visible()
    page.wait_for_function("document.title.includes('/liff')")


def test_when_lines_script_does_not_come_the_ways_that_remain_are_shown(page: Page) -> None:
    page.route(SDK, lambda route: route.abort())
    page.goto(LIFF)
    expect(page.get_by_text("「ブラウザで投票」を押してください")).to_be_visible()
    expect(page.get_by_role("link", name="LINE でログインして投票する")).to_be_visible()


def test_without_scripts_they_stand_there_too(browser: Browser, served: tuple[str, str]) -> None:
    context = browser.new_context(base_url=served[0], java_script_enabled=False)
    page = context.new_page()
    page.goto(LIFF)
    expect(page.get_by_text("「ブラウザで投票」を押してください")).to_be_visible()
    context.close()
