"""How large a proposal is beside a person, in words and as shapes that a template draws as SVG. Pure.

The drawing is in centimetres, x to the right and y down from the ground, so that nothing has to be scaled.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from civic.kernel.i18n import translate
from civic.web import words

PERSON_M = 1.65
"""The height of the person in every picture; arms spread out reach about as far."""

_PERSON_CM = round(PERSON_M * 100)
_PERSON_WIDTH_CM = 44
_GAP_CM = 70
_LABEL = 0.042
_SIDES = 2.2


@dataclass(frozen=True)
class SizeDrawing:
    """A person and beside them a rectangle as wide and as high as the proposal, both standing on the ground.

    ``left`` is where the rectangle begins, ``person_label_x`` where the person's label ends, ``text`` the height
    of letters.
    """

    view_box: str
    ground_from: int
    ground_to: int
    person_x: int
    person_label_x: int
    left: int
    top: int
    width: int
    height: int
    text: int
    width_words: str
    height_words: str


@dataclass(frozen=True)
class SizeView:
    """A size in metres, what it is like, and its drawing."""

    measures: str
    compared: tuple[str, ...]
    drawing: SizeDrawing


def size_view(bounds_m: Sequence[float], scale: float, lang: str) -> SizeView:
    """The size of a model (its extent along x, y up, and z, in metres) at a placement's scale."""
    width, height = bounds_m[0] * scale, bounds_m[1] * scale
    return SizeView(
        measures=words.size(bounds_m, scale, lang),
        compared=tuple(sentence for sentence in (_tall(height, lang), _wide(width, lang)) if sentence),
        drawing=_drawing(width, height),
    )


def _tall(height: float, lang: str) -> str:
    marks = (
        (0.25, translate(lang, "大人の足首くらいの高さです。")),
        (0.65, translate(lang, "大人のひざくらいの高さです。")),
        (1.15, translate(lang, "大人の腰くらいの高さです。")),
        (1.45, translate(lang, "大人の胸くらいの高さです。")),
        (1.85, translate(lang, "大人の背と同じくらいの高さです。")),
    )
    for most, sentence in marks:
        if height <= most:
            return sentence
    times = f"{height / PERSON_M:.1f}"
    return translate(lang, "大人（165 cm）の背の約{times}倍の高さです。", times=times)


def _wide(width: float, lang: str) -> str:
    people = round(width / PERSON_M)
    if people < 2:
        return ""
    return translate(lang, "はばは、両手を広げた大人が約{n}人ならんだ長さです。", n=people)


def _drawing(width_m: float, height_m: float) -> SizeDrawing:
    """Both figures in the middle of a sheet at least 2.2 times as wide as high, with room for the labels."""
    width, height = round(width_m * 100), round(height_m * 100)
    left, top = _PERSON_WIDTH_CM + _GAP_CM, max(height, _PERSON_CM)
    sheet = max(1.5 * (left + width), 1.3 * _SIDES * top)
    text = round(_LABEL * sheet)
    shift = round((sheet - left - width) / 2)
    ground_to = round(sheet)
    return SizeDrawing(
        view_box=f"0 {-top - 2 * text} {ground_to} {top + 4 * text}",
        ground_from=text,
        ground_to=ground_to - text,
        person_x=shift + _PERSON_WIDTH_CM // 2,
        person_label_x=shift - text // 4,
        left=shift + left,
        top=-height,
        width=width,
        height=height,
        text=text,
        width_words=f"{width_m:.1f} m",
        height_words=f"{height_m:.1f} m",
    )
