"""From what a facilitator typed to values that can be saved: kind to full-width digits, exact about the rest."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from civic.kernel.i18n import marked, translate
from civic.web.forms import Form

MOST_TITLE = 200
MOST_TEXT = 2_000

_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")
_UNIT = re.compile(r"(m|メートル|度|°|円|倍|kg|日)$")
_AS_TYPED = str.maketrans({"−": "-", "‐": "-", "–": "-", "ー": "-", ",": "", " ": "", "¥": ""})

LABELS: Mapping[str, str] = {
    "title_ja": marked("題名"),
    "title_en": marked("題名（英語）"),
    "summary_ja": marked("説明"),
    "summary_en": marked("説明（英語）"),
    "for_whom": marked("だれのため"),
    "group": marked("つくった班"),
    "file": marked("3Dモデルのファイル"),
    "unit": marked("ファイルの長さの単位"),
    "up": marked("ファイルの上の向き"),
    "alt_ja": marked("絵の説明（何が見えるか）"),
    "alt_en": marked("絵の説明（英語）"),
    "licence": marked("利用の条件"),
    "site": marked("場所"),
    "lon": marked("経度"),
    "lat": marked("緯度"),
    "heading": marked("向き"),
    "base": marked("地面からの高さ"),
    "scale": marked("倍率"),
    "cost": marked("費用"),
    "mass": marked("全体の重さ"),
    "days": marked("置く日数"),
    "slug": marked("アドレスに使う名前"),
}


@dataclass(frozen=True)
class Problem:
    """What has to be put right before saving, and the field (its id on the page) where that is done."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Range:
    """What a number may be, both ends included, and an example of it."""

    low: float
    high: float
    example: str


RANGES: Mapping[str, Range] = {
    "lon": Range(-180, 180, "139.6917"),
    "lat": Range(-180, 180, "35.6896"),  # as wide as lon, so that a swapped pair is told as such
    "heading": Range(0, 360, "168.6"),
    "base": Range(-50, 300, "0"),
    "scale": Range(0.01, 100, "1"),
    "cost": Range(0, 1_000_000_000_000, "2800000"),
    "mass": Range(0.1, 10_000_000, "850"),
    "days": Range(1, 366, "30"),
}


def read_number(typed: str) -> float | None:
    """A number as people type it: full-width digits, thousands commas and a unit are fine. None for all else."""
    text = unicodedata.normalize("NFKC", typed).strip().translate(_AS_TYPED)
    text = _UNIT.sub("", text)
    return float(text) if _NUMBER.fullmatch(text) and text.isascii() else None


class FieldReader:
    """Reads one field after the other and remembers what was wrong; ``lang`` is the reader's."""

    def __init__(self, form: Form, lang: str) -> None:
        self.form = form
        self.lang = lang
        self.problems: list[Problem] = []

    def text(self, name: str, most: int, *, required: bool = False) -> str:
        """A text without outer spaces; a title (``most`` of MOST_TITLE) is one line."""
        text = self.form.one(name).replace("\r\n", "\n").strip()
        if most == MOST_TITLE:
            text = " ".join(text.split())
        if required and not _visible(text):
            self.refuse(name, translate(self.lang, "「{label}」を書いてください。", label=self.label(name)))
        if len(text) > most:
            self.refuse(
                name,
                translate(
                    self.lang,
                    "「{label}」は {most} 文字までです（いま {n} 文字）。短くしてください。",
                    label=self.label(name),
                    most=most,
                    n=len(text),
                ),
            )
        return text if _visible(text) else ""

    def number(self, name: str, blank: float | None = None) -> float | None:
        """A number within its range; ``blank`` stands for an empty field, which is refused without it."""
        typed, kind = self.form.one(name).strip(), name.split("-")[0]
        limits, label = RANGES[kind], self.label(name)
        if not typed and blank is not None:
            return blank
        number = read_number(typed)
        if number is None:
            self.refuse(
                name,
                translate(
                    self.lang,
                    "「{label}」を数字で入れてください（例：{example}）。",
                    label=label,
                    example=limits.example,
                ),
            )
        elif not limits.low <= number <= limits.high:
            self.refuse(
                name,
                translate(
                    self.lang,
                    "「{label}」は {low} から {high} までの数で入れてください。",
                    label=label,
                    low=f"{limits.low:,g}",
                    high=f"{limits.high:,.0f}",
                ),
            )
            return None
        return number

    def optional(self, name: str) -> float | None:
        """A number within its range; None for an empty field, which is no problem."""
        return self.number(name) if self.form.one(name).strip() else None

    def whole(self, name: str) -> int | None:
        """A whole number within its range."""
        number = self.number(name)
        if number is not None and not number.is_integer():
            self.refuse(
                name,
                translate(self.lang, "「{label}」は 1 円の単位で入れてください。", label=self.label(name)),
            )
            return None
        return None if number is None else int(number)

    def refuse(self, name: str, sentence: str) -> None:
        """Remember a problem of a field."""
        self.problems.append(Problem(name, sentence))

    def label(self, name: str) -> str:
        """What the page calls a field."""
        return label_of(name, self.lang)


def label_of(name: str, lang: str) -> str:
    """What the page calls a field; ``lon-2`` is the longitude of the place with the key 2."""
    return translate(lang, LABELS[name.split("-")[0]])


def _visible(text: str) -> bool:
    """Whether there is anything to read: zero-width and control characters are not."""
    return any(unicodedata.category(char)[0] not in "CZ" for char in text)
