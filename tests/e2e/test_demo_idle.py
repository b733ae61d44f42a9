"""The demo page costs nothing while nobody does anything: no loop, and hardly a request."""

import pytest
from playwright.sync_api import Page
from support.browser import settle, watched_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LOOK_S = 10
MOST_REQUESTS = 8
"""Each frame that shows something live may ask a few times; a page that asks all the time would be at dozens."""
MOST_BUSY = 0.05


def busy_s(session) -> float:
    """Seconds that the page and its frames have worked so far, by the browser's own count."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def idle(page: Page) -> tuple[float, int]:
    """The share of the time that the page worked, and the requests it made, while nobody touched it."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = busy_s(session)
    page.wait_for_timeout(LOOK_S * 1_000)
    return (busy_s(session) - before) / LOOK_S, len(requests)


def test_an_idle_demo_page_does_next_to_nothing(browser, shared_demo):
    with watched_page(browser, shared_demo.origin, width=1280, height=800) as watched:
        watched.page.goto("/demo")
        settle(watched.page)
        watched.page.wait_for_timeout(3_000)
        share, requests = idle(watched.page)
    assert share <= MOST_BUSY
    assert requests <= MOST_REQUESTS
