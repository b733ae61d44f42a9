"""Text of both directions among other text: what somebody wrote must not turn the words around it.

Unicode Standard Annex 9: an isolate (LRI, RLI, FSI … PDI) keeps its inside to itself, as long as the inside does
not close it. So isolates are balanced in every text that is stored, and once more where a text may have been cut.
"""

import re
from unicodedata import bidirectional

_PARAGRAPH_END = re.compile("([\n\r\x1c-\x1e\x85\u2029])")
_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"
_MARKS = _OPENING + _CLOSING
_FIRST_STRONG = "\u2068"
_RIGHT_TO_LEFT = frozenset(("R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI"))


def balanced(text: str) -> str:
    """The text without marks that close no isolate of its own, or open one that it never closes."""
    if not any(mark in text for mark in _MARKS):
        return text
    return "".join(_balanced_paragraph(part) for part in _PARAGRAPH_END.split(text))


def inside_sentence(text: str) -> str:
    """A title as part of a sentence: isolated when anything in it runs from the right or changes direction."""
    if any(bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return f"{_FIRST_STRONG}{balanced(text)}{_CLOSING}"
    return balanced(text)


def _balanced_paragraph(text: str) -> str:
    """Only marks that make a pair stay, so a text never grows."""
    open_at: list[int] = []
    paired: set[int] = set()
    for position, char in enumerate(text):
        if char in _OPENING:
            open_at.append(position)
        elif char == _CLOSING and open_at:
            paired |= {open_at.pop(), position}
    return "".join(char for position, char in enumerate(text) if char not in _MARKS or position in paired)
