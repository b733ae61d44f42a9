"""The chat page: what it shows, what its forms do, and that no text becomes markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount

from webhooks.line.chatview.cards import entry_view
from webhooks.line.simulator import create_simulator
from webhooks.line.simulator.state import ChatEntry

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;</p>"


class Page(HTMLParser):
    """Tags with attributes, forms with their fields, and the text, as a browser would read them."""

    def __init__(self, html):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.forms: list[dict[str, object]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag == "form":
            self.forms.append({"action": attributes["action"], "fields": {}, "label": ""})
        elif tag == "input" and attributes.get("type") == "hidden":
            self.forms[-1]["fields"][attributes["name"]] = attributes["value"]

    def handle_data(self, data):
        self.text += data
        if self.forms and [tag for tag, _ in self.tags[-2:] if tag != "span"][-1:] == ["button"]:
            self.forms[-1]["label"] += data.strip()

    def form(self, label):
        return next(form for form in self.forms if form["label"] == label)


def button(label, **action):
    return {"type": "button", "style": "primary", "action": {"label": label, **action}}


def ballot(title, **hero):
    body = [
        {"type": "text", "text": title, "weight": "bold"},
        {
            "type": "box",
            "layout": "baseline",
            "contents": [{"type": "text", "text": "はば6m"}, {"type": "text", "text": "たかさ3.2m"}],
        },
        {"type": "separator"},
    ]
    buttons = [
        button("あったらいいな", type="postback", data="v=1", displayText=f"{title} に あったらいいな"),
        button("3Dで見る", type="uri", uri="https://example.com/p/a?x=1&y=2"),
        button("地図", type="uri", uri="line://nv/location"),
    ]
    return {
        "type": "bubble",
        **hero,
        "body": {"type": "box", "layout": "vertical", "contents": body},
        "footer": {"type": "box", "layout": "vertical", "contents": buttons},
    }


def flex(*bubbles, **rest):
    contents = bubbles[0] if len(bubbles) == 1 else {"type": "carousel", "contents": list(bubbles)}
    return {"type": "flex", "altText": "投票のご案内", "contents": contents, **rest}


@pytest.fixture
def show(http):
    async def show(query="", status=200):
        async with http.get(f"/{query}") as answer:
            assert answer.status == status
            return Page(await answer.text())

    return show


@pytest.fixture
def submit(http):
    async def submit(form, **typed):
        async with http.post(form["action"], data={**form["fields"], **typed}) as answer:
            return answer, Page(await answer.text())

    return submit


@pytest.fixture
def impatient(monkeypatch):
    """The page does not wait for a bot that never answers."""
    monkeypatch.setattr("webhooks.line.simulator.chat.ANSWER_WITHIN_S", 0.01)


def receive(simulator, *messages, index=0):
    simulator.channel.deliver(simulator.channel.resident(index), list(messages), "call")


async def test_page_says_that_nothing_goes_to_line_in_both_languages(show):
    assert "デモ：LINE には何も送っていません" in (await show()).text
    english = await show("?lang=en")
    assert "Demo: nothing is sent to LINE" in english.text
    assert ("html", {"lang": "en"}) in english.tags


async def test_page_allows_no_foreign_content_and_without_a_script_has_none(http):
    async with http.get("/") as answer:
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == "'none'"
        assert {value for name, value in policy.items() if name not in ("default-src", "base-uri")} == {"'self'"}
        page = Page(await answer.text())
    assert not {tag for tag, _ in page.tags} & {"script", "style", "iframe", "object"}
    assert not [attrs for _, attrs in page.tags if any(a.startswith("on") or a == "style" for a in attrs)]
    async with http.get("/chat.css") as answer:
        assert answer.content_type == "text/css"


async def test_friend_says_something_and_sees_the_answer(show, submit, bot, simulator):
    async def on_event(event):
        receive(simulator, {"type": "text", "text": f"届きました {event['type']}"})

    bot.on_event = on_event
    answer, page = await submit((await show()).form("友だち追加"))
    assert answer.history[0].status == 303
    assert "届きました follow" in page.text
    _, page = await submit(page.form("送る"), text="投票したい")
    assert "投票したい" in page.text
    assert "届きました message" in page.text
    _, page = await submit(page.form("ブロック"))
    assert "ブロック中です" in page.text
    assert [event["type"] for event in bot.events] == ["follow", "message", "unfollow"]


async def test_cards_are_drawn_and_their_buttons_post_back(show, submit, bot, simulator, impatient):
    open_3d = {"type": "uri", "label": "3Dで見る", "uri": "https://example.com/p/b"}
    hero = {"hero": {"type": "image", "url": "http://127.0.0.1:1/media/a.jpg?w=1", "action": open_3d}}
    foreign = {"hero": {"type": "image", "url": "https://example.com/a.jpg"}}
    receive(simulator, flex(ballot("木かげベンチ", **hero), ballot("光る雨宿り", **foreign)))
    page = await show()
    for text in ("木かげベンチ", "はば6m", "たかさ3.2m", "光る雨宿り"):
        assert text in page.text
    pictures = [(attrs["src"], attrs["alt"]) for tag, attrs in page.tags if tag == "img"]
    assert pictures == [("/media/a.jpg?w=1", "3Dで見る")]
    links = [attrs for tag, attrs in page.tags if tag == "a" and attrs.get("target")]
    assert {(link["href"], link["target"]) for link in links} == {
        ("https://example.com/p/a?x=1&y=2", "_blank"),
        ("https://example.com/p/b", "_blank"),
        ("https://example.com/a.jpg", "_blank"),
    }
    assert all("noopener" in link["rel"] for link in links)
    forms = [form for form in page.forms if form["label"] == "あったらいいな"]
    assert len(forms) == 2
    _, after = await submit(forms[1])
    assert bot.events[-1]["postback"] == {"data": "v=1"}
    assert "光る雨宿り に あったらいいな" in after.text


async def test_quick_replies_stand_only_under_the_last_message(show, submit, bot, simulator, impatient):
    quick = {"items": [{"action": {"type": "message", "label": "参加する", "text": "参加する"}}]}
    receive(simulator, {"type": "text", "text": "どうしますか", "quickReply": quick})
    form = (await show()).form("参加する")
    receive(simulator, {"type": "text", "text": "つぎ"})
    assert "参加する" not in (await show()).text
    await submit(form)
    assert bot.events[-1]["message"]["text"] == "参加する"


async def test_hostile_texts_stay_text(show, submit, simulator):
    quick = {"items": [{"action": {"type": "message", "label": HOSTILE[:20], "text": HOSTILE}}]}
    receive(
        simulator,
        {"type": "text", "text": HOSTILE},
        flex(ballot(HOSTILE)),
        {"type": "flex", "altText": HOSTILE, "contents": ballot("x"), "quickReply": quick},
    )
    await simulator.say(0, HOSTILE)
    page = await show(f"?lang={HOSTILE.replace('&', '%26').replace('<', '%3C')}")
    assert page.text.count(HOSTILE) == 3
    assert not [tag for tag, attrs in page.tags if tag in ("script", "style") or attrs.get("src") == "x"]
    assert not [attrs for _, attrs in page.tags if any(a.startswith("on") or a == "style" for a in attrs)]


@given(st.text(min_size=1))
def test_any_text_of_a_card_reaches_the_view_unchanged(text):
    entry = ChatEntry(1, "account", flex(ballot(text)), 0, "call")
    (card,) = entry_view(entry, "http://127.0.0.1:1").cards
    ((box,), *_) = (block.components for block in card.blocks)
    assert box.children[0].text == text


async def test_times_are_japans(simulator):
    # 1 790 000 000 000 ms = 2026-09-21 14:13:20 UTC (computed with GNU date), 23:13 in Japan.
    await simulator.say(0, "a")
    assert entry_view(simulator.channel.resident(0).chat[0], "http://a").time == "23:13"


async def test_only_web_links_are_links(show, simulator):
    receive(simulator, flex(ballot("題")))
    page = await show()
    assert all(re.match(r"https?://|/", attrs["href"]) for tag, attrs in page.tags if tag == "a")
    assert "この画面では開けません" in page.text


async def test_other_message_kinds_show_what_they_can(show, simulator):
    template = {
        "type": "buttons",
        "title": "題",
        "text": "えらぶ",
        "actions": [{"type": "postback", "label": "押す", "data": "t"}],
    }
    receive(
        simulator,
        {"type": "template", "altText": "表", "template": template},
        {"type": "imagemap", "altText": "地図です"},
        {"type": "sticker", "packageId": "1", "stickerId": "2"},
    )
    page = await show()
    assert page.form("押す")["fields"]["position"] == "0"
    for text in ("えらぶ", "地図です", "[sticker]"):
        assert text in page.text


async def test_the_first_people_are_offered_and_whoever_is_shown(show, simulator):
    def offered(page):
        return [
            (attrs["href"], "aria-current" in attrs)
            for tag, attrs in page.tags
            if "/?resident=" in attrs.get("href", "")
        ]

    simulator.add_residents(100)
    switch, *people = offered(await show("?resident=2"))
    assert switch == ("/?resident=2&lang=en", False)
    assert people == [
        ("/?resident=0&lang=ja", False),
        ("/?resident=1&lang=ja", False),
        ("/?resident=2&lang=ja", True),
    ]
    assert offered(await show("?resident=90"))[-1] == ("/?resident=90&lang=ja", True)


@pytest.mark.parametrize("wish", ["99", "-1", "x", "٣", "9" * 30])
async def test_an_unknown_resident_is_404_with_a_sentence(show, wish):
    assert "参加者はいません" in (await show(f"?resident={wish}", status=404)).text


async def test_a_refusal_is_told_in_the_language_of_the_page(show, submit, simulator):
    await simulator.follow(0)
    page = await show("?lang=en")
    await simulator.unfollow(0)
    answer, page = await submit(page.form("Send"), text="a")
    assert answer.status == 409
    assert "You have blocked this account" in page.text


@pytest.mark.parametrize("fields", [{}, {"entry": "1"}, {"entry": "1", "position": "99"}, {"entry": "x"}])
async def test_a_button_that_is_gone_is_404(http, simulator, bot, fields):
    receive(simulator, flex(ballot("題")))
    async with http.post("/chat/0/tap", data=fields) as answer:
        assert answer.status == 404
    assert bot.events == []


async def test_a_server_that_does_not_answer_is_named_until_it_does(show, bot, simulator):
    bot.statuses = [503]
    await simulator.say(0, "投票")
    assert "受け取りの返事がありませんでした" in (await show()).text
    await simulator.say(0, "投票")
    assert "受け取りの返事がありませんでした" not in (await show()).text


async def test_forms_are_bounded(http):
    async with http.post("/chat/0/say", data={"text": "a" * 70_000}) as answer:
        assert answer.status == 413


async def test_mounted_under_a_prefix_all_addresses_keep_it(settings, bot, serve_app, impatient):
    simulator_app = create_simulator(replace(settings, public_url="http://127.0.0.1:1/demo/line"))
    app = Starlette(routes=[Mount("/demo/line", simulator_app)])
    simulator = simulator_app.state.simulator
    async with simulator, serve_app(app) as url, aiohttp.ClientSession() as session:
        async with session.get(f"{url}/demo/line/") as answer:
            page = Page(await answer.text())
        receive(simulator, {"type": "text", "text": "こんにちは"})
        named = ("href", "action", "data-news", "data-page")
        addresses = [attrs[name] for _, attrs in page.tags for name in named if name in attrs]
        assert all(address.startswith("/demo/line/") for address in addresses if address)
        form = page.form("友だち追加")
        async with session.post(url + form["action"], data=form["fields"]) as answer:
            assert answer.status == 200
            assert answer.url.path == "/demo/line/"
            assert answer.history[0].headers["location"] == "/demo/line/?resident=0&lang=ja"
            assert "こんにちは" in await answer.text()
        headers = {"authorization": f"Bearer {settings.access_token}"}
        async with session.get(f"{url}/demo/line/v2/bot/info", headers=headers) as answer:
            assert answer.status == 200
    assert simulator.channel.requests[-1].path == "/v2/bot/info"
