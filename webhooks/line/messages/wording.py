"""The small pieces that several messages say: titles, sizes, amounts and times, in the reader's language."""

from collections.abc import Mapping
from datetime import datetime

from civic.kernel.i18n import localized, translate
from civic.proposals.words import people
from civic.web.times import last_minute, short_moment
from webhooks.line.messages.graphemes import shorten
from webhooks.line.messages.views import BallotView, CardView


def card_title(card: CardView, lang: str) -> str:
    """The start of the proposal's title, at most 60 characters; its slug when the title is blank."""
    return brief(card.title, lang, card.proposal)


def row_title(card: CardView, lang: str) -> str:
    """The start of the proposal's title, at most 40 characters, for a row with a button."""
    return shorten(card_title(card, lang), clusters=40, units=80)


def ballot_title(ballot: BallotView, lang: str) -> str:
    """The start of the ballot's title, at most 60 characters; its slug when the title is blank."""
    return brief(ballot.title, lang, ballot.slug)


def brief(texts: Mapping[str, str], lang: str, slug: str) -> str:
    """The start of a title, at most 60 characters; the slug when it is blank."""
    text = localized(texts, lang)
    return shorten(text, clusters=60, units=120) if text.strip() else slug


def place(card: CardView, lang: str) -> str:
    """The place's name, at most 40 characters; may be empty."""
    return shorten(localized(card.place, lang), clusters=40, units=80).strip()


def size(card: CardView, lang: str) -> str:
    """Width, depth and height in metres with one decimal; empty when unknown."""
    if card.size_m is None:
        return ""
    width, depth, height = (f"{metres:.1f}" for metres in card.size_m)
    return translate(lang, "はば{w}m・おくゆき{d}m・たかさ{h}m", w=width, d=depth, h=height)


def cost(card: CardView, lang: str) -> str:
    """The estimated cost in yen; empty when unknown."""
    return "" if card.cost_yen is None else translate(lang, "費用のめやす {yen}円", yen=f"{card.cost_yen:,}")


def for_whom(card: CardView, lang: str) -> str:
    """For whom the proposal is; empty when no code has a word. A code without a word is left out."""
    named = people(card.for_whom, lang)
    return translate(lang, "だれのため：{people}", people=named) if named else ""


def page(url: str, lang: str) -> str:
    """The address of a page of ours in the language of the message, whatever the browser prefers."""
    return f"{url}?lang={lang}"


def amount(lang: str, number: int) -> str:
    """A number of things as counted in speech: 3つ, 10個."""
    return translate(lang, "{n}つ", n=number) if number < 10 else translate(lang, "{n}個", n=number)


def deadline(closes_at: datetime, lang: str) -> str:
    """The last minute (JST) in which the ballot is open, with weekday: a close at 00:00 is 23:59 the day before.

    ``closes_at`` is UTC-aware and the first instant that no longer counts.
    """
    return moment(last_minute(closes_at), lang)


def moment(instant: datetime, lang: str) -> str:
    """Date, weekday and time in Japan, such as 10月14日(水) 23:59; ``instant`` is UTC-aware."""
    return short_moment(instant, lang)
