"""A public lot: when it may be drawn, and what may be written with it. Pure; no session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civic.kernel.db.types import clean_text
from civic.kernel.errors import Conflict, InvalidInput
from civic.tallies.tables import TieDraw

LONGEST_VALUE = 200
MANIFEST = "manifest"
"""Who named a beacon that was frozen before the vote."""


@dataclass(frozen=True)
class Announced:
    """The value of a beacon as typed, and where it was published."""

    value: str
    source: str


def require_open_tie(slug: str, state: str, report: Mapping[str, Any]) -> None:
    """Conflict unless a tie is open and nothing was decided yet."""
    if state != "sealed" or report["status"] != "tie_pending":
        raise Conflict(
            "tie_not_open", "投票「{ballot}」には、いま、くじで決める同数の案がありません。", ballot=slug
        )


def require_named(slug: str, draw: TieDraw | None) -> TieDraw:
    """The named beacon. Conflict without one, and when its lot is drawn already."""
    if draw is None:
        raise Conflict(
            "beacon_not_named",
            "くじのもとにする公開の値を、先に決めてください。値が発表されてからでは、公平なくじになりません。",
        )
    if draw.value is not None:
        raise Conflict(
            "already_drawn", "投票「{ballot}」のくじはもう引きました。引き直すことはできません。", ballot=slug
        )
    return draw


def public_line(typed: str) -> str:
    """A line that is published with a lot (which value, the value, its source), NFC and without outer spaces.

    InvalidInput when it is empty or longer than 200 characters.
    """
    text = clean_text(typed).strip()
    if not text:
        raise InvalidInput("draw_incomplete", "くじの欄は、どれも空のままにはできません。書き足してください。")
    if len(text) > LONGEST_VALUE:
        raise InvalidInput(
            "draw_too_long",
            "くじの欄は {longest} 文字までです（いま {n} 文字）。短くしてください。",
            longest=LONGEST_VALUE,
            n=len(text),
        )
    return text


def in_every_language(texts: Mapping[str, str]) -> str:
    """A beacon as the manifest names it, on one line for all readers."""
    return " / ".join(text for language, text in sorted(texts.items(), reverse=True) if "@" not in language)
