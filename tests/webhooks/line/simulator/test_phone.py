"""The chat page as a phone: named people, the menu, quick replies, a script that is told when something is new."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest

from tests.webhooks.line.simulator.test_chat import HOSTILE, Page, ballot, flex, receive
from webhooks.line.simulator import Person, create_simulator

PEOPLE = (
    Person({"ja": "さくら", "en": "Sakura"}, {"ja": "架空・住んでいる", "en": "invented · lives here"}),
    Person({"ja": "エマ", "en": "Emma"}, {"ja": "架空・英語", "en": "invented · English"}, "en"),
    Person({"ja": HOSTILE, "en": HOSTILE}, {"ja": HOSTILE, "en": HOSTILE}),
)


@pytest.fixture
def settings(settings):
    return replace(settings, people=PEOPLE, script_url="/static/chat.js")


@pytest.fixture
def show(http):
    async def show(query=""):
        async with http.get(f"/{query}") as answer:
            return Page(await answer.text())

    return show


def says(page):
    """What the buttons of the menu say."""
    return [form["fields"]["text"] for form in page.forms if "text" in form["fields"]]


async def test_people_are_named_in_the_language_of_the_page(show, simulator):
    assert [resident.display_name for resident in simulator.channel.residents] == ["さくら", "Emma", HOSTILE]
    page, english = await show("?resident=0"), await show("?resident=0&lang=en")
    assert "さくら" in page.text
    assert "架空・住んでいる" in page.text
    assert "Sakura" in english.text
    assert "invented · lives here" in english.text
    assert page.text.count(HOSTILE) == 2


async def test_a_page_without_a_wish_shows_somebody_who_speaks_its_language(show):
    def shown(page):
        return [attrs["href"] for _, attrs in page.tags if "aria-current" in attrs]

    assert shown(await show()) == ["/?resident=0&lang=ja"]
    assert shown(await show("?lang=en")) == ["/?resident=1&lang=en"]


async def test_without_a_menu_the_words_to_say_are_in_the_language_of_the_phone(show, simulator, bot, http):
    for index in (0, 1):
        await simulator.follow(index)
    assert says(await show("?resident=0&lang=en")) == ["投票", "わたしの票", "ヘルプ"]
    page = await show("?resident=1")
    assert says(page) == ["vote", "my vote", "help"]
    form = page.form("Vote")
    async with http.post(form["action"], data=form["fields"]):
        assert bot.events[-1]["message"]["text"] == "vote"


async def test_who_is_no_friend_sees_the_invitation_and_nothing_to_write_with(show, simulator):
    page = await show()
    assert [form["label"] for form in page.forms] == ["友だち追加"]
    await simulator.follow(0)
    labels = [form["label"] for form in (await show()).forms]
    assert labels == ["ブロック", "送る", "投票", "わたしの票", "ヘルプ"]


async def test_own_links_open_in_the_frame_beside_as_paths(show, simulator):
    own = {"type": "uri", "label": "3Dで見る", "uri": "http://127.0.0.1:1/p/x/bench?lang=ja"}
    away = {"type": "uri", "label": "外", "uri": "http://127.0.0.1:1//evil.example/"}
    hero = {"type": "image", "url": "http://127.0.0.1:1/files/a.jpg", "aspectRatio": "4:3", "action": own}
    quick = {"items": [{"action": own}, {"action": away}]}
    receive(simulator, {**flex(ballot("木かげベンチ", hero=hero)), "quickReply": quick})
    links = {attrs["href"]: attrs["target"] for tag, attrs in (await show()).tags if "target" in attrs}
    assert links["/p/x/bench?lang=ja"] == "site"
    assert links["/evil.example/"] == "site"
    assert links["https://example.com/p/a?x=1&y=2"] == "_blank"


async def test_a_carousel_is_one_region_for_the_keyboard_named_by_its_alt_text(show, simulator):
    receive(simulator, flex(ballot("a"), ballot("b")), flex(ballot("c")))
    regions = [attrs for _, attrs in (await show()).tags if attrs.get("role") == "group" and "tabindex" in attrs]
    assert [(region["tabindex"], region["aria-label"]) for region in regions] == [("0", "投票のご案内")]


async def test_buttons_carry_what_they_will_say(show, simulator):
    receive(simulator, flex(ballot("木かげ")))
    said = [attrs["data-says"] for _, attrs in (await show()).tags if "data-says" in attrs]
    assert said == ["木かげ に あったらいいな"]


async def test_the_script_comes_from_the_settings(show):
    page = await show()
    assert [attrs["src"] for tag, attrs in page.tags if tag == "script"] == ["/static/chat.js"]


async def news(http, seen="", index=0):
    async with http.get(f"/chat/{index}/news", params={"seen": seen}) as answer:
        return answer.status


def newest(page):
    return [attrs["data-key"] for _, attrs in page.tags if "data-key" in attrs][-1]


async def test_news_are_told_at_once_when_there_are_some(http, show, simulator):
    receive(simulator, {"type": "text", "text": "こんにちは"})
    assert await news(http) == 200
    assert await news(http, "0-99") == 200
    waiting = asyncio.create_task(news(http, newest(await show())))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    receive(simulator, {"type": "text", "text": "お知らせ"})
    assert await asyncio.wait_for(waiting, 2) == 200


async def test_without_news_the_waiting_ends(http, monkeypatch):
    monkeypatch.setattr("webhooks.line.simulator.chat.NEWS_WITHIN_S", 0.05)
    assert await news(http) == 204
    assert await news(http, index=9) == 404


async def test_nobody_waits_for_a_simulator_that_ends(settings, serve_app, bot):
    app = create_simulator(settings)
    async with serve_app(app) as url, aiohttp.ClientSession(base_url=url) as http:
        waiting = asyncio.create_task(news(http))
        await asyncio.sleep(0.05)
        await app.state.simulator.aclose()
        assert await asyncio.wait_for(waiting, 2) == 503
