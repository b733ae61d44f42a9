"""The menu below the chat: the picture that the account has published, with a button over each area."""

import asyncio
import re
from dataclasses import replace

import pytest

from tests.webhooks.line.simulator.test_chat import HOSTILE, Page
from tests.webhooks.line.simulator.test_menus import definition, png
from webhooks.line.simulator.menus import RichMenu


def area(left, top, width, height, label, kind="postback"):
    action = {"type": kind, "label": label, "data": f"c={label}", "displayText": label, "text": label, "uri": "x"}
    return {"bounds": {"x": left, "y": top, "width": width, "height": height}, "action": action}


AREAS = [
    area(0, 0, 1250, 1000, "投票"),
    area(1250, 0, 1250, 500, HOSTILE),
    area(1250, 500, 1250, 500, "外", "uri"),
]


def publish(simulator, menu_id, *residents, **changed):
    """A menu for some residents, else for all."""
    menus = simulator.channel.menus
    menus.menus[menu_id] = RichMenu(menu_id, definition(**{"areas": AREAS, **changed}), png())
    if residents:
        menus.linked.update({simulator.channel.residents[index].user_id: menu_id for index in residents})
    else:
        menus.default = menu_id


@pytest.fixture
def settings(settings):
    return replace(settings, script_url="/static/chat.js")


@pytest.fixture
async def show(http, simulator):
    await simulator.follow(0)
    await simulator.follow(1)

    async def show(index=0):
        async with http.get(f"/?resident={index}") as answer:
            return Page(await answer.text())

    return show


def labels(page):
    return [form["label"] for form in page.forms if "menu" in form["fields"]]


async def test_each_area_is_a_button_with_its_label_in_words(show, simulator):
    publish(simulator, "richmenu-a")
    page = await show()
    assert labels(page) == ["投票", HOSTILE]
    (group,) = [attrs for _, attrs in page.tags if attrs.get("class") == "rich-menu"]
    assert (group["role"], group["aria-label"]) == ("group", "メニュー")
    (picture,) = [attrs for tag, attrs in page.tags if tag == "img"]
    assert picture == {"src": "/menus/richmenu-a/picture", "alt": ""}
    assert "style" not in {name for _, attrs in page.tags for name in attrs}


async def test_pressing_one_without_a_script_asks_and_comes_back(show, simulator, bot, http):
    publish(simulator, "richmenu-a")
    form = (await show()).form("投票")
    async with http.post(form["action"], data=form["fields"], allow_redirects=False) as answer:
        assert answer.status == 303
    assert bot.events[-1]["postback"]["data"] == "c=投票"
    assert "投票" in [entry.message["text"] for entry in simulator.channel.residents[0].chat]


async def test_who_has_a_menu_of_their_own_sees_that(show, simulator):
    publish(simulator, "richmenu-a")
    publish(simulator, "richmenu-b", 1, chatBarText="Menu", areas=[area(0, 0, 2500, 1000, "Vote")])
    assert labels(await show(0)) == ["投票", HOSTILE]
    assert labels(await show(1)) == ["Vote"]


async def test_a_button_of_the_menu_of_before_still_works(show, simulator, bot, http):
    publish(simulator, "richmenu-a")
    form = (await show()).form("投票")
    publish(simulator, "richmenu-b", areas=[])
    async with http.post(form["action"], data=form["fields"]) as answer:
        assert answer.status == 200
    assert bot.events[-1]["postback"]["data"] == "c=投票"


@pytest.mark.parametrize(
    "fields", [{"menu": "richmenu-a", "position": "9"}, {"menu": "none", "position": "0"}, {}]
)
async def test_what_no_menu_has_cannot_be_pressed(show, simulator, http, fields):
    publish(simulator, "richmenu-a")
    async with http.post("/chat/0/menu", data=fields) as answer:
        assert answer.status == 404


async def test_without_a_menu_there_are_words_to_say(show):
    page = await show()
    assert [form["fields"]["text"] for form in page.forms if "text" in form["fields"]]
    assert labels(page) == []


async def test_the_areas_lie_where_they_are_in_the_picture(http, simulator):
    """1250 of 2500 pixels are a half across, 500 of 1000 a half down."""
    publish(simulator, "richmenu-a")
    async with http.get("/menus/richmenu-a/areas.css") as answer:
        assert answer.content_type == "text/css"
        sheet = await answer.text()
    assert "aspect-ratio: 2500 / 1000" in sheet
    places = re.findall(
        r"area-(\d) \{ left: ([\d.]+)%; width: ([\d.]+)%; top: ([\d.]+)%; height: ([\d.]+)%;", sheet
    )
    found = [tuple(float(number) for number in place) for place in places]
    assert found == [(0, 0, 50, 0, 100), (1, 50, 50, 0, 50), (2, 50, 50, 50, 50)]


async def test_the_picture_is_the_one_that_was_uploaded(http, simulator):
    publish(simulator, "richmenu-a")
    async with http.get("/menus/richmenu-a/picture") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", png())
    for path in ("/menus/none/picture", "/menus/none/areas.css"):
        async with http.get(path) as answer:
            assert answer.status == 404


async def test_another_menu_is_news(show, simulator, http, line):
    publish(simulator, "richmenu-a")
    assert "menu" in (await show()).form("投票")["fields"]
    waiting = asyncio.create_task(http.get("/chat/0/news", params={"seen": "", "menu": "richmenu-a"}))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    publish(simulator, "richmenu-b", 1)
    await line.link_rich_menu_id_to_user(simulator.channel.residents[0].user_id, "richmenu-b")
    answer = await asyncio.wait_for(waiting, 2)
    assert answer.status == 200
    answer.release()
