"""The ballot in the chat: all options, each once, each with its button, in rounds that start differently."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel.i18n import LANGUAGES
from tests.webhooks.line.messages.samples import (
    LONG_URL,
    MIDNIGHT_JST,
    OPTION_COUNTS,
    TITLES,
    actions,
    ballot,
    card,
    every_page,
    taps,
    texts,
    votes,
)
from webhooks.line.messages import ballot_announcement, ballot_carousels, choose_ballot
from webhooks.line.messages.limits import json_sizes
from webhooks.line.postback import Command, VoteTap


def carousels(messages):
    return [message for message in messages if message["type"] == "flex"]


def offered(messages):
    return [tap.proposal for tap, _ in votes(messages, "add")]


def labels(part):
    return [action["label"] for action in actions(part)]


def find(part, label):
    return next(action for action in actions(part) if action["label"] == label)


@pytest.mark.parametrize("options", OPTION_COUNTS)
@pytest.mark.parametrize("rotation", range(12))
def test_each_option_is_reached_exactly_once_starting_at_a_twelfth_of_the_round(options, rotation):
    pages = every_page(ballot(options), "ja", rotation)
    reached = [slug for page in pages for slug in offered(page)]
    start = options * rotation // 12
    expected = [f"option-{(start + i) % options}" for i in range(options)]
    assert reached == expected


@pytest.mark.parametrize(("options", "per_page"), [(1, [1]), (40, [40]), (41, [40, 1]), (81, [40, 40, 1])])
def test_a_reply_holds_forty_options(options, per_page):
    pages = every_page(ballot(options), "ja", 0)
    assert [len(offered(page)) for page in pages] == per_page


@pytest.mark.parametrize("options", OPTION_COUNTS)
def test_a_reply_is_a_text_and_at_most_four_carousels_of_at_most_ten_options(options):
    for page in every_page(ballot(options), "ja", 7):
        assert page[0]["type"] == "text"
        assert 1 <= len(carousels(page)) <= 4
        assert all(1 <= len(offered(carousel)) <= 10 for carousel in carousels(page))


def test_more_stands_on_the_last_carousel_only_and_only_while_there_is_more():
    first, second = every_page(ballot(61), "ja", 0)
    assert ["もっと見る" in labels(carousel) for carousel in carousels(first)] == [False, False, False, True]
    assert Command("ballot", "attara-2026", 1, "ja") in taps(first)
    assert "もっと見る" not in labels(second)
    assert "More" in labels(ballot_carousels(ballot(61), "en", 0, 0))


def test_a_page_beyond_the_last_is_the_last():
    view = ballot(41)
    assert ballot_carousels(view, "ja", 0, 9) == ballot_carousels(view, "ja", 0, 1)


@pytest.mark.parametrize(("lang", "label"), [("ja", "どれも選ばない"), ("en", "None of these")])
def test_choosing_none_and_the_browser_come_with_every_carousel(lang, label):
    for page in every_page(ballot(61), lang, 3):
        for carousel in carousels(page):
            ((tap, action),) = votes(carousel, "none")
            assert tap == VoteTap("attara-2026", "none", "", lang)
            assert action["label"] == action["displayText"] == label
            assert Command("browser", "attara-2026", 0, lang) in taps(carousel)


@pytest.mark.parametrize("title", [t for name, t in TITLES.items() if name != "blank"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_chat_shows_begins_with_the_start_of_the_title(lang, title):
    buttons = votes(ballot_carousels(ballot(12, title), lang, 0, 0), "add")
    assert len(buttons) == 12
    for _, action in buttons:
        assert action["displayText"].startswith(title[:10])


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip))
def test_a_title_of_sixty_plain_characters_is_shown_whole(title):
    ((_, action),) = votes(ballot_carousels(ballot(1, title), "ja", 0, 0), "add")
    assert action["displayText"] == f"{title} に「あったらいいな」"


def test_a_card_says_what_where_how_big_and_for_whom():
    carousel = carousels(ballot_carousels(ballot(1), "ja", 0, 0))[0]["contents"]
    option = carousel["contents"][0]
    assert [part["text"] for part in option["body"]["contents"]] == [
        "木かげベンチ",
        "木かげベンチ",
        "はば6.0m・おくゆき2.4m・たかさ3.2m",
        "だれのため：ご高齢の方、ペット",
        "費用のめやす 2,800,000円",
    ]
    assert option["hero"]["url"] == "https://attara.example/pictures/option.jpg"
    vote, page = (button["action"] for button in option["footer"]["contents"])
    assert vote["label"] == "あったらいいな"
    assert vote["data"] == "v=add&b=attara-2026&p=option-0&l=ja"
    assert page == {"type": "uri", "label": "3Dで見る", "uri": "https://attara.example/p/nishi/option?lang=ja"}


def test_a_card_in_english():
    view = ballot(cards=(replace(card(0, "木かげベンチ"), title={"ja": "木かげベンチ", "en": "Shade bench"}),))
    messages = ballot_carousels(view, "en", 0, 0)
    assert {"Shade bench", "6.0 m wide, 2.4 m deep, 3.2 m high", "For: older people, pets"} <= set(texts(messages))
    action = find(messages, "Nice to have!")
    assert action["displayText"].startswith("Shade bench")
    assert find(messages, "See in 3D")["uri"] == "https://attara.example/p/nishi/option?lang=en"


def test_a_card_leaves_out_what_is_not_known():
    bare = replace(card(0, "屋根"), place={}, size_m=None, cost_yen=None, picture_url=None, for_whom=("aliens",))
    option = carousels(ballot_carousels(ballot(cards=(bare,)), "ja", 0, 0))[0]["contents"]["contents"][0]
    assert [part["text"] for part in option["body"]["contents"]] == ["屋根"]
    assert "hero" not in option


@pytest.mark.parametrize("url", ["http://attara.example/a.jpg", "ftp://attara.example/a.jpg", "not a url"])
def test_a_picture_that_line_would_refuse_is_left_out(url):
    option = replace(card(0, "屋根"), picture_url=url)
    bubble = carousels(ballot_carousels(ballot(cards=(option,)), "ja", 0, 0))[0]["contents"]["contents"][0]
    assert "hero" not in bubble


def test_a_title_that_is_blank_is_replaced_by_the_slug():
    messages = ballot_carousels(ballot(1, "　"), "ja", 0, 0)
    assert find(messages, "あったらいいな")["displayText"].startswith("option-0")
    assert messages[0]["text"].startswith("attara-2026")


def test_long_addresses_split_the_carousels_and_lose_no_option():
    cards = tuple(replace(card(n, "憩" * 200, LONG_URL), picture_url=LONG_URL) for n in range(61))
    view = ballot(cards=cards, url=LONG_URL)
    pages = every_page(view, "ja", 0)
    assert [slug for page in pages for slug in offered(page)] == [c.proposal for c in cards]
    sizes = [json_sizes(carousel["contents"]) for page in pages for carousel in carousels(page)]
    assert max(max(size) for size in sizes) <= 50_000
    assert len(offered(carousels(pages[0])[0])) < 10


def test_the_rules_come_first():
    text = ballot_carousels(ballot(most=3), "ja", 0, 0)[0]["text"]
    assert text.splitlines() == [
        "木かげベンチ",
        "「あったらいいな」と思う案を3つまで選べます。ボタンを押すと、すぐに投票されます。",
        "10月14日(水) 23:59 まで、何度でも変えられます。",
    ]
    assert ballot_carousels(ballot(41), "ja", 0, 1)[0]["text"] == "木かげベンチ（つづき 2/2）"


def test_a_ballot_without_options_is_refused():
    with pytest.raises(ValueError, match="attara-2026 has no option"):
        ballot_carousels(ballot(0), "ja", 0, 0)


def test_cards_do_not_differ_between_people():
    """Everything comes from the ballot, the language, the rotation and the page."""
    assert ballot_carousels(ballot(41), "ja", 4, 1) == ballot_carousels(ballot(41), "ja", 4, 1)


@pytest.mark.parametrize(("lang", "deadline"), [("ja", "10月14日(水) 23:59"), ("en", "Wed 14 Oct, 23:59")])
def test_the_announcement_names_the_ballot_and_leads_to_it(lang, deadline):
    (message,) = ballot_announcement(ballot(title="あったらいいな 2026"), lang)
    assert message["contents"]["type"] == "bubble"
    assert "あったらいいな 2026" in message["altText"]
    assert any(deadline in text for text in texts(message))
    assert taps(message) == [Command("ballot", "attara-2026", 0, lang)]


def test_the_deadline_is_the_last_minute_that_counts():
    noon = MIDNIGHT_JST.replace(hour=3)
    (message,) = ballot_announcement(ballot(closes_at=noon), "ja")
    assert any("10月14日(水) 12:00 まで" in text for text in texts(message))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_several_open_ballots_each_have_a_card(lang):
    views = [ballot(slug=f"vote-{number}", title=f"投票{number}") for number in range(14)]
    messages = choose_ballot(views, lang)
    assert taps(messages) == [Command("ballot", view.slug, 0, lang) for view in views]
    assert {view.title["ja"] for view in views} <= set(texts(messages))


def test_a_reply_shows_at_most_sixty_open_ballots():
    messages = choose_ballot([ballot(slug=f"vote-{number}") for number in range(61)], "ja")
    assert [len(message["contents"]["contents"]) for message in messages] == [12] * 5
