"""Readings above their kanji: where HTML can show it, 投票（とうひょう） becomes ruby."""

import re

# Attributes and these elements hold plain text only; there the reading stays in its brackets.
_PLAIN = "title|script|style|textarea|option|svg"
# 24日 is にじゅうよっか as a whole, 13日 only ends in にち.
_READ_AS_ONE = "[0-9]{1,2}(?=日（(?!にち))"
_PARTS = re.compile(
    rf"<({_PLAIN})\b.*?</\1>|<[^>]*>|((?:{_READ_AS_ONE})?[\u3400-\u9fff\uf900-\ufaff々]+)（([ぁ-ゖー]+)）",
    re.DOTALL,
)


def with_ruby(html: str) -> str:
    """The page with every reading in brackets set above its kanji; browsers without ruby show the brackets."""
    return _PARTS.sub(_set_above, html)


def _set_above(part: re.Match[str]) -> str:
    _, kanji, reading = part.groups()
    return f"<ruby>{kanji}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>" if kanji else part[0]
