"""Readings above their kanji: where HTML can show it, 投票（とうひょう） becomes ruby."""

import re

# Attributes and these elements hold plain text only; there the reading stays in its brackets.
_PLAIN = "title|script|style|textarea|option|svg"
# 24日 is にじゅうよっか as a whole, 13日 only ends in にち.
_READ_AS_ONE = "[0-9]{1,2}(?=日（(?!にち))"
_PARTS = re.compile(rf"<({_PLAIN})\b.*?</\1>|<[^>]*>|([^<]+)", re.DOTALL)
_READING = re.compile(rf"((?:{_READ_AS_ONE})?[\u3400-\u9fff\uf900-\ufaff々]+)（([ぁ-ゖー]+)）")
_ABOVE = r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>"


def with_ruby(html: str) -> str:
    """The page with every reading in brackets set above its kanji; browsers without ruby show the brackets.

    A text with readings stands in a span of its own: where a style puts the children of an element in a row, the
    text stays one of them.
    """
    return _PARTS.sub(_set_above, html)


def _set_above(part: re.Match[str]) -> str:
    if part[2] is None:
        return part[0]
    text, readings = _READING.subn(_ABOVE, part[2])
    if not readings:
        return text
    inner = text.strip()
    before, after = text.split(inner, 1)
    return f"{before}<span>{inner}</span>{after}"
