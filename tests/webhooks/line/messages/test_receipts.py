"""The receipt and わたしの票: what was done, how the vote stands, what can still be done. Never a count."""

import re

import pytest

from civic.kernel.i18n import LANGUAGES
from tests.webhooks.line.messages.samples import (
    CODE,
    OPTION_COUNTS,
    actions,
    ballot,
    card,
    every_message,
    every_result,
    receipt,
    taps,
    texts,
    votes,
)
from webhooks.line import messages
from webhooks.line.postback import Command

TITLES = ("木かげベンチ", "光る回廊", "菜園キューブ", "芝生ステージ")
VIEW = ballot(cards=tuple(card(number, title) for number, title in enumerate(TITLES)))
CHOSEN = ("option-0", "option-2")


def read(lang="ja", purpose=False, **changes):
    (message,) = messages.receipt(receipt(VIEW, **changes), lang, purpose)
    return message


def headline(message):
    return message["contents"]["body"]["contents"][0]["text"]


def removable(message):
    return [(tap.proposal, action["displayText"]) for tap, action in votes(message, "remove")]


def test_a_receipt_says_what_was_done_and_how_the_vote_stands():
    message = read(proposal="option-2", choices=CHOSEN)
    assert headline(message) == "「菜園キューブ」に「あったらいいな」を入れました。"
    assert f"受付番号 {CODE}" in texts(message)
    assert "あと1つ選べます。" in texts(message)
    assert "10月14日(水) 23:59 まで、何度でも変えられます。" in texts(message)
    assert removable(message) == [("option-0", "取り消す：木かげベンチ"), ("option-2", "取り消す：菜園キューブ")]


def test_a_receipt_in_english():
    message = read("en", proposal="option-2", choices=CHOSEN)
    assert headline(message) == "Your vote for “菜園キューブ” is in."
    assert f"Receipt number (受付番号) {CODE}" in texts(message)
    assert "You can choose 1 more." in texts(message)
    assert any("until Wed 14 Oct, 23:59 (Japan time)" in text for text in texts(message))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_cancel_button_names_the_one_choice_it_removes(lang):
    message = read(lang, choices=CHOSEN)
    for slug, display in removable(message):
        own = TITLES[int(slug.removeprefix("option-"))]
        assert [title for title in TITLES if title in display] == [own]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"op": "remove", "proposal": "option-1", "choices": CHOSEN}, "「光る回廊」を取り消しました。"),
        ({"op": "none", "proposal": "", "choices": (), "blank": True}, "「どれも選ばない」で受け付けました。"),
        ({"op": "withdraw", "proposal": "", "choices": ()}, "票をとりさげました。"),
    ],
)
def test_the_other_operations_are_named(changes, sentence):
    assert headline(read(**changes)) == sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"op": "add", "proposal": "option-1", "choices": CHOSEN},
        {"op": "remove", "proposal": "option-0", "choices": CHOSEN},
        {"op": "none", "proposal": "", "choices": CHOSEN},
        {"op": "withdraw", "proposal": "", "choices": CHOSEN},
        {"op": "withdraw", "proposal": "", "choices": (), "blank": True},
    ],
)
def test_a_tap_overtaken_by_a_later_one_is_not_said_to_stand(changes):
    assert headline(read(**changes)).startswith("受け付けました。このあとにほかの操作がある")


def test_what_fell_out_can_be_put_back():
    message = read(proposal="option-3", choices=("option-1", "option-2", "option-3"), dropped=("option-0",))
    assert "選べるのは3つまでなので、先に選んだ案が外れました。" in texts(message)
    ((tap, action),) = votes(message, "add")
    assert (tap.proposal, action["label"]) == ("option-0", "戻す")
    assert action["displayText"].startswith("木かげベンチ")
    assert "ほかの案を選ぶと、いちばん先に選んだ案と入れかわります。" in texts(message)


def test_a_blank_vote_can_be_withdrawn():
    message = read(op="none", proposal="", choices=(), blank=True)
    assert "どれも選ばない" in texts(message)
    assert len(votes(message, "withdraw")) == 1
    assert removable(message) == []


def test_no_vote_is_said_to_be_no_vote():
    message = read(op="withdraw", proposal="", choices=())
    assert "票は入っていません。" in texts(message)
    assert votes(message, "withdraw") == []


@pytest.mark.parametrize(
    ("counted", "sentence"),
    [
        ("late", "締め切り（10月14日(水) 23:59）のあとに届いたので、この操作は数えません。"),
        (
            "not_yet",
            "この投票はまだ始まっていないので、この操作は数えません。始まったら、もう一度押してください。",
        ),
    ],
)
def test_what_does_not_count_is_said_plainly_and_offers_no_change(counted, sentence):
    message = read(choices=CHOSEN, dropped=("option-1",), counted=counted)
    assert headline(message) == sentence
    assert votes(message, "remove") == votes(message, "add") == []
    assert not any("まで、何度でも" in text for text in texts(message))
    assert {"木かげベンチ", "菜園キューブ"} <= set(texts(message))


def test_an_option_that_is_not_on_the_ballot_is_named_and_the_vote_stays():
    message = read(proposal="gone", choices=CHOSEN, counted="invalid")
    assert headline(message).startswith("「gone」は、この投票では選べません。票は変わっていません。")
    assert [slug for slug, _ in removable(message)] == list(CHOSEN)


def test_an_unusable_button_without_an_option():
    message = read(op="none", proposal="", choices=CHOSEN, counted="invalid")
    assert headline(message).startswith("このボタンは、いまは使えません。票は変わっていません。")


def test_a_tap_before_consent_gets_the_purpose_and_the_question():
    asked, plain = read(purpose=True), read(purpose=False)
    assert any("LINE の名前や写真は使いません" in text for text in texts(asked))
    assert [item["action"]["label"] for item in asked["quickReply"]["items"]] == ["参加する", "あとで"]
    assert not any("LINE の名前や写真" in text for text in texts(plain))
    assert "quickReply" not in plain


def test_the_preview_on_a_locked_screen_names_the_ballot_and_code_but_no_choice():
    view = ballot(title="広場の投票", cards=VIEW.cards)
    (message,) = messages.receipt(receipt(view), "ja", False)
    assert message["altText"] == f"「広場の投票」受付番号 {CODE}"


def test_many_choices_show_the_newest_and_say_that_there_are_more():
    view = ballot(61, most=61)
    (message,) = messages.receipt(receipt(view), "ja", False)
    assert [slug for slug, _ in removable(message)] == [f"option-{n}" for n in range(51, 61)]
    assert "ほかにも51個選んでいます。" in texts(message)


@pytest.mark.parametrize("options", OPTION_COUNTS)
def test_my_votes_lists_each_choice_once_with_its_button(options):
    view = ballot(options, most=options)
    chosen = tuple(c.proposal for c in view.cards)
    found = messages.my_votes(view, "ja", chosen, False, True)
    assert tuple(tap.proposal for tap, _ in votes(found, "remove")) == chosen
    assert len(votes(found, "withdraw")) == 1


@pytest.mark.parametrize(
    ("choices", "blank", "voted", "sentence"),
    [
        ((), False, False, "まだ投票していません。「投票をみる」から選べます。"),
        ((), False, True, "票は入っていません。"),
        ((), True, True, "どれも選ばない"),
        (CHOSEN, False, True, "あと1つ選べます。"),
    ],
)
def test_my_votes_says_how_the_vote_stands(choices, blank, voted, sentence):
    found = messages.my_votes(VIEW, "ja", choices, blank, voted)
    assert sentence in texts(found)
    assert Command("ballot", "attara-2026", 0, "ja") in taps(found)


COUNT = re.compile(r"\d+\s*(?:票|人|名|%|位|votes?\b|voters?\b|people\b|percent|residents?\b)", re.IGNORECASE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_tells_a_count(lang):
    """One LINE account, one vote ("1票") is the only number of votes said before the result is out."""
    one_each = re.compile("1つにつき1票|ひとつで 1票")
    published = [text for found in every_result(ballot(13), lang) for text in texts(found)]
    said = [text for found in every_message(ballot(13), lang) for text in texts(found) if text not in published]
    assert any(COUNT.search(text) for text in published)
    assert [text for text in said if COUNT.search(one_each.sub("", text))] == []
    assert COUNT.search("あと3票")
    assert COUNT.search("12 votes")


def test_the_numbers_of_a_receipt_are_all_the_voters_own():
    """The code, the date, and what is left of the voter's own choices; nothing else is a number."""
    for lang in LANGUAGES:
        said = " ".join(t for t in texts(read(lang, choices=CHOSEN, proposal="option-2")) if t).replace(CODE, "")
        assert set(re.findall(r"\d+", said)) == (
            {"1", "14", "23", "59"} if lang == "en" else {"1", "10", "14", "23", "59"}
        )


def test_buttons_hold_nothing_about_a_person():
    message = read(choices=CHOSEN)
    data = [action["data"] for action in actions(message) if action["type"] == "postback"]
    assert data
    assert all(CODE not in datum and re.fullmatch(r"[a-z0-9=&_-]+", datum) for datum in data)
