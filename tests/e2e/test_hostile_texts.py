"""Thirty hostile texts as titles and names, in a phone's width: shown as text on every page and in the chat."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from support.browser import Demo, Watched, watched_page
from support.hostile import (
    COUNT,
    DECIDED,
    OPEN,
    PROGRAMME,
    TEXTS,
    act_as,
    as_shown,
    hostile_demo,
    long,
    option,
    pair,
    post_form,
    write_hostile_programme,
)
from support.layout import text_of, texts_outside
from support.servers import environment, run_civic

from civic.kernel.public_text import LONGEST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LANGUAGES = ("ja", "en")
WINNERS = tuple(option(number) for number in (0, 1, 2))
WITHDRAWN = option(COUNT - 1)
REASON = (TEXTS["override"] + TEXTS["script"] + TEXTS["way out of elements"] + TEXTS["one word"])[:LONGEST]
ENDLESS = ("W" * 10_000, "漢" * 3_400)
AS_LONG_AS_ALLOWED = tuple(text[:LONGEST] for text in ENDLESS)
"""10 kB each; more than the fields of the forms take, less than the server does."""
COUNTED_S, PICTURES_S = 60, 240
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}\b")
OPEN_FOLDS = "() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"

PROPOSALS = {option(number): f"/p/{PROGRAMME}/{option(number)}" for number in range(COUNT)}
RESIDENT = {
    "home": "/",
    "programme": f"/p/{PROGRAMME}",
    "ballot": f"/b/{OPEN}",
    "ballot-decided": f"/b/{DECIDED}",
    "results": f"/b/{DECIDED}/results",
    **PROPOSALS,
}
STAFF = {
    "admin": "/admin",
    "admin-programmes": "/admin/programmes",
    "admin-programme": f"/admin/programmes/{PROGRAMME}",
    "admin-ballot": f"/admin/ballots/{OPEN}",
    "admin-ballot-decided": f"/admin/ballots/{DECIDED}",
    "admin-announcement": f"/admin/ballots/{OPEN}/send/announcement",
    "admin-result": f"/admin/ballots/{DECIDED}/send/result",
    "admin-installation": f"/admin/ballots/{DECIDED}/send/installation-1",
    "admin-registration": f"/admin/programmes/{PROGRAMME}/proposals/new",
    **{f"admin-{name}": f"/admin/programmes/{PROGRAMME}/proposals/{name}/edit" for name in WINNERS},
    "admin-audit": "/admin/audit",
    "admin-staff": "/admin/staff",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo with all texts in it, one ballot open and the other lived through to an installation."""
    with hostile_demo(tmp_path_factory.mktemp("hostile")) as demo:
        live_through(demo.origin)
        yield demo


def live_through(origin: str) -> None:
    """Votes, a withdrawn option and another close with hostile reasons, the decision, its way into the town."""
    for resident, chosen in enumerate(WINNERS):
        act_as(origin, resident, "tap", data=f"v=add&b={DECIDED}&p={chosen}&l=ja")
    tomorrow = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + (24 + 9 + 1) * 3600))
    too_long = post_form(origin, f"/admin/ballots/{OPEN}/withdraw", proposal=WITHDRAWN, reason=ENDLESS[0])
    assert too_long == 422
    do(origin, f"{OPEN}/withdraw", proposal=WITHDRAWN, reason=AS_LONG_AS_ALLOWED[0])
    do(origin, f"{OPEN}/extend", closes_at=tomorrow, reason=REASON)
    do(origin, f"{DECIDED}/withdraw", proposal=WITHDRAWN, reason=AS_LONG_AS_ALLOWED[1])
    do(origin, f"{DECIDED}/close")
    wait_until_counted(origin)
    do(origin, f"{DECIDED}/decision", proposals=WINNERS, reason=REASON)
    do(origin, f"{DECIDED}/install", installation="1", status="installed", note=REASON)
    do(origin, f"{OPEN}/send/announcement")
    do(origin, f"{DECIDED}/send/result")
    do(origin, f"{DECIDED}/send/installation-1")
    invited = [post_form(origin, "/admin/staff", name=text[:60], role="planner") for text in TEXTS.values()]
    assert set(invited) == {200, 422}, "names that cannot be seen are refused, all others taken"


def do(origin: str, path: str, **fields: str | Sequence[str]) -> None:
    assert post_form(origin, f"/admin/ballots/{path}", **fields) == 200, path


def wait_until_counted(origin: str) -> None:
    until = time.monotonic() + COUNTED_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{origin}/api/v1/ballots/{DECIDED}/results", timeout=20):
                return
        except urllib.error.HTTPError:
            time.sleep(0.3)
    raise AssertionError("the ballot was not counted in time")


@contextmanager
def phone(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A phone's page on which no script of a text may run, no dialog open, nothing come from elsewhere."""
    with watched_page(browser, demo.origin) as watched:
        watched.page.on("dialog", lambda dialog: note_dialog(watched, dialog))
        yield watched.page


def note_dialog(watched: Watched, dialog: Dialog) -> None:
    watched.trouble.append(f"dialog: {dialog.message}")
    dialog.dismiss()


def look(page: Page) -> Sequence[str]:
    """What is wrong with the page as it stands, everything on it unfolded."""
    page.wait_for_load_state()
    page.evaluate(OPEN_FOLDS)
    assert page.evaluate("() => window.hacked === undefined"), "a text has run"
    return texts_outside(page)


@dataclass(frozen=True)
class Visited:
    """A page as it was found: what is wrong with it, and all its text."""

    wrong: Sequence[str]
    text: str


def look_at(page: Page, paths: Mapping[str, str]) -> Mapping[tuple[str, str], Visited]:
    """Several pages in both languages, by name and language."""
    found = {}
    for name, path in paths.items():
        for lang in LANGUAGES:
            answer = page.goto(f"{path}?lang={lang}")
            assert answer is not None
            assert answer.status == 200, path
            found[name, lang] = Visited(look(page), text_of(page))
    return found


@pytest.fixture(scope="module")
def visited(browser: Browser, hostile: Demo) -> Mapping[tuple[str, str], Visited]:
    """Every page of residents and of the staff, opened once for the tests that only look."""
    with phone(browser, hostile) as page:
        return {**look_at(page, RESIDENT), **look_at(page, STAFF)}


def wrong_in(visited: Mapping[tuple[str, str], Visited], names: Mapping[str, str]) -> Mapping[object, object]:
    """What is wrong with the pages of these names, where anything is."""
    return {key: page.wrong for key, page in visited.items() if key[0] in names and page.wrong}


def missing(whole: str, texts: Sequence[str]) -> Sequence[str]:
    """Which of the texts do not stand in a page's text, letter by letter."""
    shown = as_shown(whole)
    return [text for text in texts if as_shown(text) not in shown]


def test_the_resident_pages_stand(visited: Mapping[tuple[str, str], Visited]) -> None:
    assert wrong_in(visited, RESIDENT) == {}


def test_the_staff_pages_stand(visited: Mapping[tuple[str, str], Visited]) -> None:
    assert wrong_in(visited, STAFF) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_thirty_are_shown_as_text(visited: Mapping[tuple[str, str], Visited], lang: str) -> None:
    titles = [pair(number)[lang] for number in range(COUNT)]
    for name in ("programme", "ballot", "results", "admin-programme"):
        assert missing(visited[name, lang].text, titles) == [], name
    for number, name in enumerate(PROPOSALS):
        own = [pair(number)[lang], pair(number, 3)[lang], pair(number, 7)[lang], long(pair(number, 1)[lang])]
        assert missing(visited[name, lang].text, own) == [], name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reasons_and_notes_are_shown_as_text(visited: Mapping[tuple[str, str], Visited], lang: str) -> None:
    for name, texts in {
        "ballot": AS_LONG_AS_ALLOWED[:1],
        "ballot-decided": AS_LONG_AS_ALLOWED[1:],
        "results": (AS_LONG_AS_ALLOWED[1], REASON),
        "admin-ballot-decided": (REASON,),
        "admin-audit": (*AS_LONG_AS_ALLOWED, REASON),
    }.items():
        assert missing(visited[name, lang].text, texts) == [], name


@dataclass(frozen=True)
class Words:
    """What the buttons of a language say, and whose phone speaks it."""

    lang: str
    resident: int
    vote: str
    nice: str
    mine: str
    in_browser: str
    submit: str


JAPANESE = Words("ja", 3, "投票", "あったらいいな", "わたしの票", "ブラウザで投票", "この内容で投票する")
ENGLISH = Words("en", 4, "Vote", "Nice to have!", "My vote", "Vote in a browser", "Vote with these choices")


@pytest.mark.parametrize("words", [JAPANESE, ENGLISH], ids=LANGUAGES)
def test_the_chat_and_the_personal_page_stand(browser: Browser, hostile: Demo, words: Words) -> None:
    titles = [pair(number)[words.lang] for number in range(COUNT - 1)]
    with phone(browser, hostile) as page:
        page.goto(f"/demo/line/?resident={words.resident}&lang={words.lang}")
        expect(page.locator("article.card").filter(has_text="window.hacked").last).to_be_visible()
        assert look(page) == [], "the announcement, the result, the installation"
        page.get_by_role("button", name=words.vote, exact=True).click()
        expect(page.get_by_role("button", name=words.nice)).to_have_count(len(titles))
        assert missing(text_of(page), [beginning(title) for title in titles]) == []
        assert look(page) == [], "the cards"
        page.get_by_role("button", name=words.nice).last.click()
        expect(page.get_by_text(CODE).last).to_be_visible()
        assert look(page) == [], "the receipt"
        in_browser = page.get_by_role("button", name=words.in_browser)
        offered = in_browser.count()
        page.get_by_role("button", name=words.mine, exact=True).first.click()
        expect(in_browser).to_have_count(offered + 1, timeout=30_000)
        in_browser.last.click()
        link = page.locator("a[href*='/vote/']").last
        expect(link).to_be_visible(timeout=30_000)
        assert look(page) == [], "one's own vote and the link"
        page.goto(str(link.get_attribute("href")))
        assert missing(text_of(page), titles) == []
        assert look(page) == [], "the form"
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name=words.submit).click()
        assert look(page) == [], "what was sent"
        page.get_by_role("link", name=CODE).first.click()
        assert look(page) == [], "the receipt's page"


def beginning(title: str) -> str:
    """What a card must show of a title; LINE's limits cut the rest."""
    return as_shown(title)[:20]


def test_the_view_in_3d_stands(browser: Browser, hostile: Demo) -> None:
    with phone(browser, hostile) as page:
        button = page.locator("civic-viewer button")
        until = time.monotonic() + PICTURES_S
        while not button.count() and time.monotonic() < until:
            page.goto(PROPOSALS[option(0)])
            page.wait_for_timeout(500)
        button.click()
        expect(page.locator("civic-viewer[data-open]")).to_be_visible()
        page.get_by_role("button", name="大きさを比べる").click()
        assert look(page) == []


@pytest.mark.parametrize("title", ENDLESS, ids=["word", "kanji"])
def test_an_endless_title_in_a_file_is_refused_kindly(tmp_path: Path, title: str) -> None:
    programme = {"slug": "endless", "area": "area.geojson", "title": {"ja": title}}
    folder = write_hostile_programme(tmp_path / "programme", programme=programme)
    env = environment(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'civic.sqlite3'}")
    ended = run_civic(env, tmp_path, "programme", "load", str(folder))
    assert ended.code == 1
    assert re.fullmatch(
        r"programme\.yaml:\d+: programme\.title\.ja: 長すぎます。200 文字までにしてください。\n"
        r"programme\.yaml:\d+: programme\.title\.ja: This is too long\. Use at most 200 characters\.\n",
        ended.err,
    )


@pytest.mark.parametrize("title", ENDLESS, ids=["word", "kanji"])
def test_an_endless_title_in_the_form_is_refused_kindly(browser: Browser, hostile: Demo, title: str) -> None:
    with phone(browser, hostile) as page:
        page.goto(STAFF["admin-registration"])
        page.get_by_label("題名 必須").fill(title)
        page.get_by_label("説明 必須").fill(title)
        page.get_by_label("題名 必須").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("200")
        assert look(page) == []
