"""Lengths as LINE counts them, and shortening that never cuts a visible character in two.

LINE counts most texts in UTF-16 code units, and labels and chat texts in grapheme clusters: the things a
reader calls characters. A family emoji is one cluster, 7 code points and 11 UTF-16 units.
"""

import regex

ELLIPSIS = "…"

_CLUSTER = regex.compile(r"\X")
_PARTICLES = frozenset("はがをにへとのでやも")
_HIRAGANA = regex.compile(r"\p{Hiragana}")
_SEPARATORS = frozenset(" \u3000\t\n、。，．・！？：；,.!?:;/／～〜-–—)]}）］｝」』】〉》")


def utf16_length(text: str) -> int:
    """The number of UTF-16 code units: 1 for most characters, 2 for most emoji and rare kanji."""
    return len(text) + sum(char > "\uffff" for char in text)


def graphemes(text: str) -> list[str]:
    """The text as extended grapheme clusters (Unicode annex 29); joined, they are the text again."""
    clusters: list[str] = _CLUSTER.findall(text)
    return clusters


def grapheme_length(text: str) -> int:
    """The number of grapheme clusters."""
    return len(graphemes(text))


def shorten(text: str, clusters: int, units: int) -> str:
    """The text itself if it fits both limits, else its beginning and an ellipsis, within both.

    Cuts at the end of a phrase when one ends in the last third, else between two clusters. A single cluster
    too long for ``units`` (stacked accents) is cut inside, since nothing else can be done.
    """
    length = utf16_length(text)
    if length <= min(clusters, units):
        return text
    parts = graphemes(text)
    if len(parts) <= clusters and length <= units:
        return text
    kept = _fitting(parts, clusters - 1, units - 1)
    if not kept and clusters > 1:
        return "".join(_fitting(list(parts[0]), units, units - 1)) + ELLIPSIS
    return "".join(kept[: _phrase_end(parts, len(kept))]).rstrip() + ELLIPSIS


def _fitting(parts: list[str], count: int, units: int) -> list[str]:
    kept: list[str] = []
    for part in parts[:count]:
        units -= utf16_length(part)
        if units < 0:
            break
        kept.append(part)
    return kept


def _phrase_end(parts: list[str], end: int) -> int:
    if parts[end] in _SEPARATORS:
        return end
    for position in range(end, end * 2 // 3, -1):
        if _ends_phrase(parts[position - 1], parts[position]):
            return position
    return end


def _ends_phrase(last: str, following: str) -> bool:
    """At a space or a sign; in Japanese also behind a particle, where the writing shows it: 木かげの|ベンチ."""
    return last in _SEPARATORS or (last in _PARTICLES and not _HIRAGANA.match(following))
