"""``/demo``: three frames with names, the story in six steps, in both languages, and only in demo mode."""

from html.parser import HTMLParser

import pytest
from support.site import Site
from support.tiny_programme import BALLOT, PROGRAMME

from civic.public import demo_router


@pytest.fixture
def site(site: Site) -> Site:
    """The site with the one page that only a demo has."""
    site.app.include_router(demo_router(site.context))
    return site


class Page(HTMLParser):
    """Frames, forms and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.frames: dict[str, dict[str, str]] = {}
        self.forms: list[dict[str, str]] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "iframe":
            self.frames[dict(attrs)["name"]] = dict(attrs)
        elif tag == "form":
            self.forms.append(dict(attrs))

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(
    ("lang", "titles", "notice"),
    [
        (
            "ja",
            ["チャット", "場所", "職員"],
            "デモ：LINE には何も送信していません。人・費用・票はすべて架空です。",
        ),
        (
            "en",
            ["Chat", "Site", "Staff"],
            "Demo: nothing is sent to LINE. People, costs and votes are all invented.",
        ),
    ],
)
async def test_three_frames_stand_in_the_language_of_the_page(open_site, lang, titles, notice):
    page = Page((await open_site.get("/demo", lang)).text)
    assert list(page.frames) == ["chat", "site", "planner"]
    assert [frame["title"] for frame in page.frames.values()] == titles
    assert page.frames["site"]["src"] == f"/p/{PROGRAMME}?lang={lang}"
    assert page.frames["planner"]["src"] == f"/admin/ballots/{BALLOT}?lang={lang}"
    assert page.frames["chat"]["src"].endswith(f"/?lang={lang}")
    assert notice in page.text
    assert page.tags.count("li") == 6


async def test_frames_are_allowed_here_and_only_our_own(open_site):
    policy = (await open_site.get("/demo")).headers["content-security-policy"]
    assert "frame-src 'self'" in policy
    assert "unsafe" not in policy


async def test_the_crowd_opens_in_the_staff_frame_and_starting_again_asks_first(open_site):
    page = Page((await open_site.get("/demo", "en")).text)
    assert [(form["action"], form.get("target")) for form in page.forms] == [
        ("/demo/again?lang=en", None),
        ("/demo/crowd?lang=en", "planner"),
    ]
    assert "details" in page.tags


async def test_without_an_open_ballot_nobody_can_be_sent_to_vote(open_site):
    await open_site.close()
    page = Page((await open_site.get("/demo")).text)
    assert "/demo/crowd" not in [form["action"] for form in page.forms]
    assert "締め切りました。「はじめから」でもう一度" in page.text


async def test_an_empty_installation_has_a_page_too(site):
    page = Page((await site.get("/demo")).text)
    assert page.frames["planner"]["src"].startswith("/admin")
