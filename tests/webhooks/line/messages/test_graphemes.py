"""Lengths and shortening, against characters listed by hand and Python's own UTF-16."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webhooks.line.messages.samples import FAMILY, TITLES
from webhooks.line.messages.graphemes import ELLIPSIS, grapheme_length, graphemes, shorten, utf16_length

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
# What a reader sees as one character each, in the scripts and emoji that titles are written in.
LETTERS = ["あ", "が", "ｶﾞ", "憩", "𠮷", "한", "a", "e\u0301", "مِ", "שׁ", "ไม้"[1:], "葛\U000e0100"]
EMOJI = [
    FAMILY,
    "👍🏽",
    "❤️",
    "🇯🇵",
    "🇫🇷",
    "1️⃣",
    "🧑🏽\u200d🦽",
    "👩\u200d❤️\u200d👨",
    "🏴\U000e0067\U000e0062\U000e007f",
]
BREAKS = [" ", "\r\n", "\n", "。", "、", "!"]
CHARACTERS = st.lists(st.sampled_from(LETTERS + EMOJI + BREAKS))


@given(TEXTS)
def test_utf16_length_is_what_an_utf16_encoder_writes(text):
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2


@given(CHARACTERS)
def test_a_cluster_is_what_a_reader_calls_a_character(characters):
    assert graphemes("".join(characters)) == characters


@given(TEXTS)
def test_clusters_joined_are_the_text(text):
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    ("text", "clusters", "units"), [("🍎", 1, 2), (FAMILY, 1, 11), ("憩い", 2, 2), ("", 0, 0)]
)
def test_lengths_by_hand(text, clusters, units):
    assert (grapheme_length(text), utf16_length(text)) == (clusters, units)


@given(TEXTS | st.sampled_from(sorted(TITLES.values())), st.integers(1, 80), st.integers(1, 160))
def test_a_shortened_text_fits_and_begins_like_the_text(text, clusters, units):
    short = shorten(text, clusters, units)
    assert grapheme_length(short) <= clusters
    assert utf16_length(short) <= units
    assert short == text or (short.endswith(ELLIPSIS) and text.startswith(short.removesuffix(ELLIPSIS)))


@given(CHARACTERS, st.integers(1, 80))
def test_a_visible_character_is_never_cut_in_two(characters, clusters):
    kept = shorten("".join(characters), clusters, 10_000).removesuffix(ELLIPSIS)
    assert kept in {"".join(characters[:end]) for end in range(len(characters) + 1)}


@given(TEXTS)
def test_a_text_that_fits_stays_as_it_is(text):
    assert shorten(text, max(1, grapheme_length(text)), max(1, utf16_length(text))) == text


@pytest.mark.parametrize(
    ("text", "clusters", "short"),
    [
        ("みんなの広場、光る雨宿り回廊", 9, "みんなの広場、…"),
        ("A bench in the shade for people", 20, "A bench in the…"),
        ("Benches for everyone", 9, "Benches…"),
        ("だれでも使える木かげのベンチ広場", 13, "だれでも使える木かげの…"),
        ("駅前にできる長い長い回廊", 7, "駅前にできる…"),
        ("木かげ。ながいながいなまえのベンチ", 12, "木かげ。ながいながいな…"),
    ],
)
def test_a_phrase_ends_where_it_ended_if_one_ends_near(text, clusters, short):
    assert shorten(text, clusters, 100) == short


def test_one_endless_character_is_cut_inside():
    assert shorten("a" + "\u0301" * 500, 60, 120) == "a" + "\u0301" * 118 + ELLIPSIS
