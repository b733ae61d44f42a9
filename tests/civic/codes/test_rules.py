"""Codes on cards: how they read, and which slips of a hand are caught."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.codes.rules import LARGEST_BATCH, check_batch, in_groups, new_code, read_code
from civic.kernel.errors import InvalidInput
from civic.kernel.ids import CROCKFORD

NINE = st.lists(st.integers(0, 31), min_size=9, max_size=9)


def with_check(values: list[int]) -> str:
    """The one code that begins with nine values: of 32 last characters exactly one is right."""
    start = "".join(CROCKFORD[value] for value in values)
    [code] = [start + last for last in CROCKFORD if read_code(start + last)]
    return code


def test_the_check_character_by_hand():
    """1 after eight zeros is x^0, and its check is x^1 = 2; one place earlier x^2 = 4. 0 checks nothing."""
    assert read_code("0000000000")
    assert read_code("0000000012")
    assert read_code("0000000104")
    assert not read_code("0000000011")


@given(NINE, st.integers(0, 9), st.integers(1, 31))
def test_one_wrong_character_is_never_another_code(values, place, change):
    code = with_check(values)
    wrong = CROCKFORD[CROCKFORD.index(code[place]) ^ change]
    assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@given(NINE, st.integers(0, 8))
def test_exchanged_neighbours_are_never_another_code(values, place):
    code = with_check(values)
    exchanged = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert exchanged == code or read_code(exchanged) is None


def test_a_code_is_read_however_it_is_typed():
    code = with_check([1, 0, 10, 31, 0, 1, 5, 6, 7])
    full_width = code.translate({ord(c): ord(c) + 0xFEE0 for c in string.ascii_uppercase + string.digits})
    misread = code.lower().replace("0", "o").replace("1", "l")
    for typed in (code, in_groups(code), full_width, misread, f" {code[:3]} {code[3:]}\n"):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "-", "U" * 10, "あ" * 10, "0" * 9, "0" * 11, "000000000\x00", "0" * 4000])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) is None


def test_new_codes_read_back_and_differ():
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(read_code(in_groups(code)) == code for code in codes)


@pytest.mark.parametrize(("cards", "place"), [(0, "x"), (LARGEST_BATCH + 1, "x"), (1, ""), (1, "x" * 61)])
def test_a_batch_has_cards_and_a_place(cards, place):
    with pytest.raises(InvalidInput):
        check_batch(cards, place)
