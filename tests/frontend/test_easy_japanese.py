"""Easy Japanese: complete for all that a resident reads, and easy."""

from __future__ import annotations

import pytest
from support.easy_japanese import hard_words, impolite_ends, long_sentences, unread_kanji
from support.sentences import catalogue_of, entries, places, sentences

# Where residents read, and where a refusal that a resident can meet is written.
RESIDENTS_READ = (
    "civic/admin/code_sheet.py",
    "civic/admin/posters.py",
    "civic/ballots/queries.py",
    "civic/codes/refusals.py",
    "civic/drawings/queries.py",
    "civic/programmes/queries.py",
    "civic/proposals/queries.py",
    "civic/proposals/words.py",
    "civic/public/",
    "civic/sites/queries.py",
    "civic/votes/",
    "civic/web/",
    "frontend/templates/",
    "webhooks/line/answers/",
    "webhooks/line/messages/",
)
STAFF_READ = "frontend/templates/admin/"


def is_read_by_residents(where: str) -> bool:
    return where.startswith(RESIDENTS_READ) and not where.startswith(STAFF_READ)


@pytest.fixture(scope="module")
def asked() -> dict[str, str]:
    """Every sentence that a resident reads, and one place where it stands."""
    return {
        message: where
        for message, places_of_use in sentences().items()
        for where in places_of_use
        if is_read_by_residents(where)
    }


@pytest.fixture(scope="module")
def easy() -> dict[str, str]:
    return {str(message.id): str(message.string) for message in entries(catalogue_of("ja@easy"))}


def found(rule, texts):
    return {text: hits for text in texts if (hits := rule(text))}


def test_everything_a_resident_reads_is_there_in_easy_japanese(asked, easy):
    assert {message: where for message, where in asked.items() if not easy.get(message)} == {}


def test_the_catalogue_holds_nothing_else(asked, easy):
    assert easy.keys() - asked.keys() == set()


def test_it_has_the_places_of_its_sentences(easy):
    assert {message: text for message, text in easy.items() if places(message) != places(text)} == {}


def test_a_phrase_that_may_break_there_may_break_here(easy):
    assert {message: text for message, text in easy.items() if message.count("|") != text.count("|")} == {}


@pytest.mark.parametrize("rule", [unread_kanji, long_sentences, impolite_ends, hard_words])
def test_every_text_is_easy(rule, easy):
    assert found(rule, easy.values()) == {}


@pytest.mark.parametrize(
    ("rule", "text", "hits"),
    [
        (unread_kanji, "投票（とうひょう）の案", ["案"]),
        (unread_kanji, "受付番号（うけつけばんごう）", []),
        (unread_kanji, "選（えら）ぶ（3つまで）", []),
        (unread_kanji, "票（Vote）", ["票"]),
        (long_sentences, "あ" * 45 + "。", []),
        (long_sentences, "あ" * 46 + "。", ["あ" * 46 + "。"]),
        (long_sentences, "あ" * 30 + "。" + "い" * 30, []),
        (long_sentences, "案（" + "あ" * 60 + "） {number} " + "い" * 44, []),
        (impolite_ends, "見（み）て ください。選（えら）ぶこと。", ["選ぶこと。"]),
        (impolite_ends, "16文字（もじ）です（例（れい）：7N4K）。", []),
        (hard_words, "集計（しゅうけい）は ブラウザで", ["集計", "ブラウザ"]),
        (hard_words, "ボタンを おして ください。", []),
    ],
)
def test_the_rules_by_hand(rule, text, hits):
    assert rule(text) == hits
