"""Text of both directions: nothing that somebody writes leaves its own isolate."""

from hypothesis import given
from hypothesis import strategies as st

from civic.kernel.bidi import balanced, inside_sentence
from civic.kernel.db import clean_text

MARKS = "\u2066\u2067\u2068\u2069"
ODD = st.text(alphabet=MARKS + "\u202e\u05d0aあ\n\u2029 ", max_size=30)


def depth_stays_within(text):
    depth = 0
    for char in text:
        depth += (char in MARKS[:3]) - (char == MARKS[3])
        if depth < 0:
            return False
    return depth == 0


@given(ODD)
def test_whatever_is_written_closes_just_what_it_opened(text):
    for paragraph in balanced(text).replace("\u2029", "\n").split("\n"):
        assert depth_stays_within(paragraph)


@given(ODD)
def test_balancing_twice_is_balancing_once_and_keeps_all_that_is_no_mark(text):
    once = balanced(text)
    assert balanced(once) == once
    assert len(once) <= len(text)
    assert [c for c in once if c not in MARKS] == [c for c in text if c not in MARKS]


def test_a_text_in_order_is_left_alone():
    for text in ("木かげベンチ", "\u2068שלום\u2069 です", "", "a\nb"):
        assert balanced(text) == text


def test_a_title_cannot_turn_the_rest_of_a_sentence():
    assert inside_sentence("\u2069\u202eabc") == "\u2068\u202eabc\u2069"
    assert inside_sentence("\u05d0\u2067open") == "\u2068\u05d0open\u2069"
    assert inside_sentence("木かげベンチ") == "木かげベンチ"


def test_what_is_stored_is_balanced():
    assert clean_text("か\u3099\u2069") == "が"
