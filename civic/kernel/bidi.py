"""Text of both directions among other text: what somebody wrote must not turn the words around it.

Unicode Standard Annex 9: an isolate (LRI, RLI, FSI … PDI) keeps its inside to itself, as long as the inside does
not close it. So isolates are balanced in every text that is stored, and once more where a text may have been cut.
"""

import re
from collections.abc import Iterator
from unicodedata import bidirectional

_PARAGRAPH_END = re.compile("([\n\r\x1c-\x1e\x85\u2029])")
_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"
_FIRST_STRONG = "\u2068"
_RIGHT_TO_LEFT = frozenset(("R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI"))


def balanced(text: str) -> str:
    """The text without marks that close no isolate of its own, and with those that it left open closed."""
    if not any(mark in text for mark in (*_OPENING, _CLOSING)):
        return text
    return "".join(_balanced_paragraph(part) for part in _PARAGRAPH_END.split(text))


def inside_sentence(text: str) -> str:
    """A title as part of a sentence: isolated when anything in it runs from the right or changes direction."""
    if any(bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return f"{_FIRST_STRONG}{balanced(text)}{_CLOSING}"
    return balanced(text)


def _balanced_paragraph(text: str) -> str:
    kept = "".join(_without_stray_ends(text))
    return kept + _CLOSING * (sum(map(kept.count, _OPENING)) - kept.count(_CLOSING))


def _without_stray_ends(text: str) -> Iterator[str]:
    depth = 0
    for char in text:
        if char in _OPENING:
            depth += 1
        elif char == _CLOSING:
            if depth == 0:
                continue
            depth -= 1
        yield char
