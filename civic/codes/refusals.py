"""Why a card does not vote, in words for whoever holds it."""

from civic.kernel.errors import Conflict, Gone, NotFound


def code_unknown() -> NotFound:
    """No card has this code."""
    return NotFound(
        "code_unknown",
        "このコードのカードはありません。カードのコードを確かめて、もう一度入れてください。"
        "数字の 0 と英字の O、数字の 1 と英字の I は、どちらで入れても同じです。",
    )


def code_void() -> Gone:
    """The card was made void."""
    return Gone(
        "code_void",
        "このカードは無効になりました。新しいカードを、カードを受けとった場所でもらってください。"
        "前に入れた票は、そのまま残っています。",
    )


def code_is_test() -> Conflict:
    """The card opens the form, and that is all."""
    return Conflict("code_is_test", "これは試しのカードです。流れを確かめるためのもので、投票は記録しません。")
