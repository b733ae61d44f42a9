"""What people type: every spelling of a wish is understood, and a sentence about it is not taken for one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.line.postback import Command, encode
from webhooks.line.spoken import ENGLISH, LANGUAGES, WORDS, Said, understand

TABLE = [
    *((word, Said(name)) for name, words in WORDS.items() for word in words),
    *((word, Said(name, "en")) for name, words in ENGLISH.items() for word in words),
    *((word, Said("language", lang)) for lang, words in LANGUAGES.items() for word in words),
]


def in_katakana(text):
    return "".join(chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in text)


def decorated(text):
    yield from (
        text,
        f" {text}\n",
        f"「{text}」",
        f"【{text}】!!",
        f"🗳️{text}👨‍👩‍👧‍👦",
        f"{text}。",
        f"\u3000{text}〜",
    )
    yield from ("\u200b".join(text), " ".join(text), text.upper(), in_katakana(text))
    yield unicodedata.normalize("NFD", text)
    yield "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@pytest.mark.parametrize(("word", "said"), TABLE, ids=[word for word, _ in TABLE])
def test_every_word_of_the_table_is_understood_however_it_is_written(word, said):
    assert {understand(text) for text in decorated(word)} == {said}


def test_no_word_stands_for_two_wishes():
    words = [word for word, _ in TABLE]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("wish", "texts"),
    [
        (
            Said("ballot"),
            "投票 投票する 投票します 投票したい 投票したいです 投票したいのですが 投票をする 投票をしたいです "
            "投票しよう 投票させてください 投票できますか 投票はどこですか 投票お願いします "
            "投票をお願いいたします 投票してください "
            "とう票 投ひょう トウヒョウ ﾄｳﾋｮｳ 投票ー 投票！？ 投票を見せて 投票しにきました 投票に参加したい",
        ),
        (
            Said("my_votes"),
            "わたしの票 私の票 わたしのひょう 私の投票 自分の票を見たい 投票を取り消したい 投票をとりけす "
            "票をとりさげる 投票を変えたい",
        ),
        (
            Said("results"),
            "けっか 結果 結果を見せて 投票結果 投票の結果を教えてください 結果はどこですか けっかを見る",
        ),
        (Said("map"), "地図 ちず 地図を見る マップ 場所 近くの場所を教えて"),
        (Said("settings"), "設定 せってい 設定を変えたい 設定を見る"),
        (Said("stop"), "やめる 参加をやめる やめます やめたいです 退会したい 通知を止めて 配信停止してください"),
        (Said("resume"), "再開 配信を再開する もう一度参加する"),
        (Said("delete"), "データ削除 データを削除する データを消してください データ削除をお願いします"),
        (Said("consent"), "参加 参加する 参加したいです"),
        (Said("help"), "使い方 ヘルプ 使い方を教えてください 投票方法を教えて"),
        (Said("language", "en"), "英語 英語で えいごでおねがいします English"),
        (Said("language", "ja"), "日本語 日本語でお願いします"),
        (Said("language", "ja@easy"), "やさしい日本語 優しい日本語 やさしい日本語でお願いします ひらがなで"),
    ],
)
def test_wishes_in_japanese(wish, texts):
    assert {text: understand(text) for text in texts.split()} == dict.fromkeys(texts.split(), wish)


@pytest.mark.parametrize(
    ("wish", "texts"),
    [
        (
            Said("ballot", "en"),
            "vote|Vote!|VOTE|voting|Ballot|I want to vote|I'd like to vote, please|how do I vote?|Can I vote here?"
            "|let's vote|please show me the ballot|cast my vote|𝓿𝓸𝓽𝓮|vote please",
        ),
        (Said("my_votes", "en"), "my vote|My votes|show me my vote|see my vote|I want to change my vote"),
        (Said("results", "en"), "results|show me the results|voting results"),
        (Said("map", "en"), "map|show the map|near me|nearby"),
        (Said("settings", "en"), "settings|open settings"),
        (Said("stop", "en"), "stop|Unsubscribe|opt out|I want to unsubscribe"),
        (Said("delete", "en"), "delete my data|please delete my data|I want to delete my account|forget me"),
        (Said("language", "en"), "English|in English please|speak English|switch to English"),
        (Said("language", "ja"), "Japanese|in Japanese please"),
        (Said("language", "ja@easy"), "Easy Japanese|plain Japanese please"),
    ],
)
def test_wishes_in_english(wish, texts):
    assert {text: understand(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), wish)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "！？",
        "👩‍👩‍👧‍👦",
        "1",
        "こんにちは",
        "投票したくない",
        "投票しない",
        "投票できませんでした",
        "投票した人は何人？",
        "投票所",
        "投票したくない人の話",
        "昨日の選挙の投票率",
        "やめない",
        "データ",
        "消して",
        "英語の先生",
        "votes for cats",
        "I don't want to vote",
        "don't stop",
        "stop it",
        "Who won the vote in Rome?",
        "'; drop table resident --",
        "投票" * 1_000,
        "x" * 5_000,
    ],
)
def test_what_is_not_a_wish_is_not_taken_for_one(text):
    assert understand(text) is None


@given(st.text(max_size=200))
def test_anything_can_be_said(text):
    said = understand(text)
    assert said is None or encode(said.command("ja@easy"))


@pytest.mark.parametrize(("text", "lang"), [("投票", "ja@easy"), ("vote", "en"), ("日本語", "ja")])
def test_whoever_asks_in_english_is_answered_in_english(text, lang):
    command = understand(text).command("ja@easy")
    assert command == Command("language" if text == "日本語" else "ballot", "", 0, lang)
