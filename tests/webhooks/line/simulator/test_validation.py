"""Message checks: the limits of LINE's reference, each from just inside and just outside."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.line.simulator.validation import grapheme_length, message_problems, utf16_length


def button(**action):
    action = {"type": "postback", "label": "あったらいいな", "data": "v=1", **action}
    return {"type": "button", "action": {k: v for k, v in action.items() if v is not None}}


def bubble(*parts, **rest):
    body = {"type": "box", "layout": "vertical", "contents": list(parts)}
    return {"type": "bubble", "body": body, **rest}


def flex(contents, alt="投票"):
    return {"type": "flex", "altText": alt, "contents": contents}


def text(value, **rest):
    return {"type": "text", "text": value, **rest}


def image(url):
    return {"type": "image", "url": url}


def quick(count, **action):
    item = {"type": "action", "action": {"type": "message", "label": "はい", "text": "はい", **action}}
    return {"items": [copy.deepcopy(item) for _ in range(count)]}


def uri(value):
    return button(type="uri", uri=value, data=None)


ACCEPTED = [
    text("あ" * 5000),
    flex(bubble(text("題"), button(label="木" * 40, data="d" * 300)), alt="a" * 1500),
    flex({"type": "carousel", "contents": [bubble(text("題"))] * 12}),
    flex(bubble(image("https://example.com/a.jpg"), image("http://127.0.0.1:8000/a.jpg"))),
    flex(bubble(uri("https://example.com/"), uri("tel:110"), uri("line://nv/location"))),
    flex(bubble(text("", contents=[{"type": "span", "text": "色"}]), {"type": "separator"})),
    flex(bubble(text("題", color="#AABBCCDD"))),
    text("えらぶ", quickReply=quick(13, label="字" * 20)),
    flex(bubble(button(label="👨‍👩‍👧‍👦" * 40))),
    {
        "type": "template",
        "altText": "確認",
        "template": {"type": "confirm", "text": "よいですか", "actions": [button()["action"]] * 2},
    },
]

REFUSED = [
    (text(""), "messages[0].text"),
    (text("あ" * 5001), "messages[0].text"),
    (text("🍎" * 2501), "messages[0].text"),
    ({"type": "hologram"}, "messages[0].type"),
    ({}, "messages[0].type"),
    ("text", "messages[0]"),
    (flex(bubble(), alt=""), "messages[0].altText"),
    (flex(bubble(), alt="a" * 1501), "messages[0].altText"),
    (flex({"type": "carousel", "contents": [bubble()] * 13}), "messages[0].contents.contents"),
    (flex({"type": "carousel", "contents": []}), "messages[0].contents.contents"),
    (
        flex({"type": "carousel", "contents": [bubble(size="kilo"), bubble(size="giga")]}),
        "messages[0].contents",
    ),
    (flex({"type": "poster"}), "messages[0].contents.type"),
    (flex(bubble(text(""))), "messages[0].contents.body.contents[0].text"),
    (flex(bubble(button(label=None))), "messages[0].contents.body.contents[0].action.label"),
    (flex(bubble(button(label="木" * 41))), "messages[0].contents.body.contents[0].action.label"),
    (flex(bubble(button(data="d" * 301))), "messages[0].contents.body.contents[0].action.data"),
    (flex(bubble(button(data=None))), "messages[0].contents.body.contents[0].action.data"),
    (
        flex(bubble(button(displayText="字" * 301))),
        "messages[0].contents.body.contents[0].action.displayText",
    ),
    (flex(bubble(button(type="teleport"))), "messages[0].contents.body.contents[0].action.type"),
    (flex(bubble(uri("javascript:alert(1)"))), "messages[0].contents.body.contents[0].action.uri"),
    (flex(bubble(uri("https://a/" + "b" * 1000))), "messages[0].contents.body.contents[0].action.uri"),
    (flex(bubble(image("http://example.com/a.jpg"))), "messages[0].contents.body.contents[0].url"),
    (flex(bubble({"type": "icon", "url": "https://a/b"})), "messages[0].contents.body.contents[0]"),
    (flex(bubble(text("題", color="red"))), "messages[0].contents.body.contents[0].color"),
    (flex(bubble({"type": "box", "contents": []})), "messages[0].contents.body.contents[0].layout"),
    (flex({"type": "bubble", "body": text("題")}), "messages[0].contents.body.type"),
    (text("えらぶ", quickReply=quick(14)), "messages[0].quickReply.items"),
    (text("えらぶ", quickReply=quick(1, label="字" * 21)), "messages[0].quickReply.items[0].action.label"),
    ({"type": "image", "originalContentUrl": "https://a/b"}, "messages[0].previewImageUrl"),
    ({"type": "template", "altText": "x", "template": {"type": "confirm"}}, "messages[0].template.text"),
]


@pytest.mark.parametrize("message", ACCEPTED)
def test_messages_within_the_limits_pass(message):
    assert message_problems([message]) == []


@pytest.mark.parametrize(("message", "path"), REFUSED)
def test_each_violation_names_its_property(message, path):
    assert path in [problem.property for problem in message_problems([message])]


@pytest.mark.parametrize("messages", [None, [], [text("a")] * 6, "text", {}])
def test_one_to_five_messages(messages):
    assert [problem.property for problem in message_problems(messages)] == ["messages"]


def test_bubble_and_carousel_sizes_count_escaped_bytes():
    # A kanji is 6 bytes when escaped (backslash, u, four digits): 5,001 of them pass 30 KB, 4,900 do not.
    path = "messages[0].contents"
    assert path in [p.property for p in message_problems([flex(bubble(text("木" * 5001)))])]
    assert message_problems([flex(bubble(text("木" * 4900)))]) == []
    carousel = {"type": "carousel", "contents": [bubble(text("木" * 2800))] * 3}
    assert [p.property for p in message_problems([flex(carousel)])] == [path]


def test_endless_nesting_is_refused_not_followed():
    node = text("底")
    for _ in range(300):
        node = {"type": "box", "layout": "vertical", "contents": [node]}
    problems = message_problems([flex(bubble(node))])
    assert [problem.message for problem in problems] == ["Nested too deeply"]


@pytest.mark.parametrize(
    ("characters", "graphemes", "units"),
    [
        ("", 0, 0),
        ("木かげ", 3, 3),
        ("🍎", 1, 2),
        ("👨‍👩‍👧‍👦", 1, 11),
        ("👍🏽", 1, 4),
        ("🇯🇵🇫🇷", 2, 8),
        ("か\u3099", 1, 2),
        ("♻️", 1, 2),
    ],
)
def test_two_ways_of_counting_characters(characters, graphemes, units):
    assert grapheme_length(characters) == graphemes
    assert utf16_length(characters) == units


@given(st.text())
def test_people_never_see_more_characters_than_there_are_code_points(characters):
    assert grapheme_length(characters) <= len(characters) <= utf16_length(characters)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "contents", "action", "body", "items", "text", "quickReply", "template"]),
            inner
            | st.sampled_from(["flex", "bubble", "carousel", "box", "text", "button", "template", "buttons"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_judged_without_failing(value):
    assert isinstance(message_problems([value]), list)
