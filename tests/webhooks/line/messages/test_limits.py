"""Each documented limit: the last allowed value passes, the first forbidden one is named with its path.

Numbers from LINE's Messaging API reference; the alternative text is kept shorter than LINE asks.
"""

import json

import pytest

from tests.webhooks.line.messages.samples import FAMILY
from webhooks.line.messages import flex
from webhooks.line.messages.limits import MessageLimitError, check_messages, json_sizes

EMOJI = "🍎"  # one character to a reader, two UTF-16 units
URI = "https://a.example/"


def text(content):
    return [flex.text_message(content)]


def alt(content):
    return [flex.flex_message(content, flex.bubble([flex.paragraph("a")]))]


def button(action):
    return [flex.flex_message("a", flex.bubble([flex.main_button(action)]))]


def quick(actions):
    return [flex.text_message("a", actions)]


def link(length):
    return URI + "x" * (length - len(URI))


def picture(url, ratio="4:3"):
    hero = {**flex.picture(url, flex.link("a", URI)), "aspectRatio": ratio}
    return [flex.flex_message("a", flex.bubble([flex.paragraph("a")], hero=hero))]


def carousel(count, sizes=("kilo",)):
    bubbles = [flex.bubble([flex.paragraph("a")], size=sizes[i % len(sizes)]) for i in range(count)]
    return [flex.flex_message("a", flex.carousel(bubbles))]


def of_size(size, count=1):
    """A bubble, or a carousel of several, that is exactly ``size`` bytes as the SDK writes it."""

    def build(fill):
        bubbles = [flex.bubble([flex.paragraph("a" * length) for length in part]) for part in fill]
        return bubbles[0] if count == 1 else flex.carousel(bubbles)

    fill = [[1000] * 8 for _ in range(count)]
    while len(json.dumps(build(fill))) + 5000 < size:
        for part in fill:
            part.append(1000)
    fill[0].append(1)
    while (missing := size - len(json.dumps(build(fill)))) > 0:
        fill[0][-1] += missing
    return [flex.flex_message("a", build(fill))]


LIMITS = [
    (text, "x" * 5000, "x" * 5001, "messages[0].text"),
    (text, EMOJI * 2500, EMOJI * 2500 + "x", "messages[0].text"),
    (text, "x", "", "messages[0].text"),
    (alt, EMOJI * 200, EMOJI * 200 + "x", "messages[0].altText"),
    (alt, "x", "", "messages[0].altText"),
    (
        button,
        flex.postback(FAMILY * 40, "d", "t"),
        flex.postback(FAMILY * 41, "d", "t"),
        "body.contents[0].action.label",
    ),
    (button, flex.postback("a", "d", "t"), flex.postback("", "d", "t"), "action.label"),
    (button, flex.postback("a", "d" * 300, "t"), flex.postback("a", "d" * 301, "t"), "action.data"),
    (button, flex.postback("a", "d", FAMILY * 300), flex.postback("a", "d", FAMILY * 301), "action.displayText"),
    (button, flex.say("a", "t" * 300), flex.say("a", "t" * 301), "action.text"),
    (button, flex.link("a", link(1000)), flex.link("a", link(1001)), "action.uri"),
    (button, flex.link("a", "tel:110"), flex.link("a", "javascript:alert(1)"), "action.uri"),
    (button, flex.link("a", URI + "%E6"), flex.link("a", URI + "憩"), "action.uri"),
    (quick, [flex.say(FAMILY * 20, "t")], [flex.say(FAMILY * 21, "t")], "quickReply.items[0].action.label"),
    (quick, [flex.say("a", "t")] * 13, [flex.say("a", "t")] * 14, "quickReply.items"),
    (picture, link(2000), link(2001), "hero.url"),
    (picture, "http://127.0.0.1:8000/a.jpg", "http://a.example/a.jpg", "hero.url"),
    (carousel, 12, 13, "contents.contents"),
    (carousel, 1, 0, "contents.contents"),
    (of_size, 30_000, 30_001, "messages[0].contents"),
    (lambda size: of_size(size, count=4), 50_000, 50_001, "messages[0].contents"),
    (lambda count: text("a") * count, 5, 6, "messages"),
    (lambda count: text("a") * count, 1, 0, "messages"),
]


@pytest.mark.parametrize(("build", "allowed", "forbidden", "path"), LIMITS)
def test_the_limit_lies_between(build, allowed, forbidden, path):
    check_messages(build(allowed))
    with pytest.raises(MessageLimitError) as refusal:
        check_messages(build(forbidden))
    assert refusal.value.path.endswith(path)


def test_pictures_are_at_most_three_times_as_high_as_wide():
    check_messages(picture(URI, "1:3"))
    for ratio in ("1:4", "0:1", "4/3"):
        with pytest.raises(MessageLimitError, match="aspectRatio"):
            check_messages(picture(URI, ratio))


def test_bubbles_side_by_side_have_one_size():
    with pytest.raises(MessageLimitError, match="same size"):
        check_messages(carousel(2, ("kilo", "mega")))


@pytest.mark.parametrize("colour", ["red", "#FFF", "#GGGGGG", "#FFFFFFF"])
def test_colours_are_hexadecimal(colour):
    message = alt("a")
    message[0]["contents"]["body"]["contents"][0]["color"] = colour
    with pytest.raises(MessageLimitError, match=r"contents\[0\]\.color"):
        check_messages(message)


def test_the_ground_of_a_block_is_a_colour_too():
    message = alt("a")
    message[0]["contents"]["styles"]["footer"]["backgroundColor"] = "white"
    with pytest.raises(MessageLimitError, match=r"styles\.footer\.backgroundColor"):
        check_messages(message)


def test_a_text_inside_a_bubble_may_not_be_empty():
    message = [flex.flex_message("a", flex.bubble([flex.paragraph("")]))]
    with pytest.raises(MessageLimitError, match=r"body\.contents\[0\]\.text"):
        check_messages(message)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "sticker"},
        {"type": "flex", "altText": "a", "contents": {"type": "bauble"}},
        {"type": "flex", "altText": "a", "contents": {"type": "bubble", "hero": {"type": "video"}}},
        {"type": "text", "text": "a", "quickReply": {"items": [{"action": {"type": "camera", "label": "a"}}]}},
    ],
)
def test_what_we_do_not_build_is_not_sent(message):
    with pytest.raises(MessageLimitError, match="nothing that we send"):
        check_messages([message])


def test_sizes_by_hand():
    # {"a":"憩"}: 8 ASCII bytes and 3 for the kanji; as the SDK writes it 9 and the 6 of \u61a9.
    assert json_sizes({"a": "憩"}) == (11, 15)
