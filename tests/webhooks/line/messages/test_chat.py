"""Greeting, help and notices: what they say and where their buttons lead."""

import pytest

from civic.kernel.i18n import LANGUAGES
from tests.webhooks.line.messages.samples import MIDNIGHT_JST, actions, taps, texts
from webhooks.line import messages
from webhooks.line.postback import Command

PRIVACY = "https://attara.example/privacy"


def quick(message):
    return [item["action"]["label"] for item in message["quickReply"]["items"]]


def test_the_greeting_says_who_what_for_and_what_is_kept():
    (message,) = messages.greeting("ja", "西新宿のまちづくり会", PRIVACY)
    said = " ".join(texts(message))
    assert "西新宿のまちづくり会の投票アカウントです。" in said
    assert "LINE の名前や写真は使いません" in said
    assert "LINE のアカウント1つにつき1票です" in said
    assert quick(message)[:3] == ["参加する", "あとで", "投票をみる"]
    assert f"{PRIVACY}?lang=ja" in [action.get("uri") for action in actions(message)]


@pytest.mark.parametrize(
    ("lang", "labels", "others"),
    [
        ("ja", ["やさしい日本語", "English"], ["ja@easy", "en"]),
        ("ja@easy", ["日本語", "English"], ["ja", "en"]),
        ("en", ["日本語", "やさしい日本語"], ["ja", "ja@easy"]),
    ],
)
def test_the_greeting_leads_to_consent_ballot_and_the_other_languages(lang, labels, others):
    (message,) = messages.greeting(lang, "a", PRIVACY)
    # On a computer LINE shows no quick replies: the card alone must be enough.
    in_card = taps(message["contents"])
    assert in_card[:2] == [Command("consent", "", 0, lang), Command("ballot", "", 0, lang)]
    assert in_card[2:] == [Command("language", "", 0, other) for other in others]
    assert [action["label"] for action in actions(message["contents"])][2:4] == labels
    assert quick(message)[-2:] == labels


@pytest.mark.parametrize(
    ("build", "phrase"),
    [
        (messages.consent_thanks, "参加を受け付けました"),
        (messages.come_back_anytime, "気が向いたら"),
        (messages.language_changed, "これからは日本語で"),
        (messages.help_message, "「わたしの票」と送ると"),
        (messages.text_only, "写真、動画、スタンプ、音声、ファイルは受け取っていません"),
        (messages.group_chat_notice, "グループのトークでは投票できません"),
    ],
)
def test_notices_say_it_in_both_languages(build, phrase):
    (japanese,), (english,) = build("ja"), build("en")
    assert phrase in japanese["text"]
    assert english["text"].replace("日本語", "").isascii() or "“" in english["text"]
    assert english["text"] != japanese["text"]


def test_a_group_gets_no_buttons():
    (message,) = messages.group_chat_notice("ja")
    assert list(actions(message)) == []


@pytest.mark.parametrize(("lang", "word"), [("ja", "投票"), ("ja@easy", "とうひょう"), ("en", "vote")])
def test_help_teaches_the_word_by_saying_it(lang, word):
    (message,) = messages.help_message(lang)
    assert {"type": "message", "label": word, "text": word} in list(actions(message))
    assert word in message["text"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "いま受け付けている投票はありません。"),
        (
            (MIDNIGHT_JST, None),
            "いま受け付けている投票はありません。\n次の投票は 10月15日(木) 00:00 に始まります。",
        ),
        (
            (MIDNIGHT_JST, {"ja": "広場の投票"}),
            "いま受け付けている投票はありません。\n次の投票「広場の投票」は 10月15日(木) 00:00 に始まります。",
        ),
    ],
)
def test_without_an_open_ballot_the_next_one_is_named(arguments, text):
    (message,) = messages.no_open_ballot("ja", *arguments)
    assert message["text"] == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_right_to_left_names_cannot_turn_a_sentence_round(lang):
    (message,) = messages.greeting(lang, "\u202eevil", PRIVACY)
    assert "\u2068\u202eevil\u2069" in message["altText"]
