"""What is published beside a deed: how long it may be, and how that is counted."""

import pytest

from civic.kernel.errors import InvalidInput
from civic.kernel.public_text import LONGEST, public_note, public_reason


def test_outer_spaces_go_and_a_note_may_be_empty():
    assert public_reason(" \n票が多い\n ") == "票が多い"
    assert public_note("  ") == ""


def test_line_ends_count_once_as_in_the_field_of_the_form():
    typed = "あ\r\n" * (LONGEST // 2 - 1) + "あ"
    assert public_reason(typed) == typed.replace("\r\n", "\n")


@pytest.mark.parametrize("check", [public_reason, public_note])
def test_one_character_more_is_refused_with_both_numbers(check):
    assert check("あ" * LONGEST) == "あ" * LONGEST
    with pytest.raises(InvalidInput) as refused:
        check("あ" * (LONGEST + 1))
    assert (refused.value.code, refused.value.status) == ("reason_too_long", 422)
    assert "2,000 文字まで" in refused.value.sentence("ja")
    assert "2,001" in refused.value.sentence("en")
