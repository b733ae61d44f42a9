"""Lists in the chat: places, those near somebody, and the ballots that have ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import translate
from webhooks.line.messages import flex, taps, wording

MOST_ROWS = 10
INSIDE_M = 5.0
"""A phone does not know better where it is."""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place of a programme; ``url`` is the programme's page, ``metres`` how far it is from whoever asked."""

    slug: str
    title: Mapping[str, str]
    programme: Mapping[str, str]
    url: str
    metres: float = 0.0


@dataclass(frozen=True, slots=True)
class EndedView:
    """A ballot that is over; ``url`` is the page of its results, ``is_counted`` whether they are there.

    ``waits_for_lot``: a lot is still to be drawn for a part of them.
    """

    title: str
    url: str
    is_counted: bool
    waits_for_lot: bool = False


def place_list(places: Sequence[PlaceView], lang: str, home_url: str) -> list[flex.Message]:
    """The answer to 地図: ten places at most, the way to all of them, and the offer to look which are near."""
    if not places:
        text = translate(
            lang,
            "いま、みんなで考えている場所はありません。「けっか」と送ると、これまでの投票のけっかを見られます。",
        )
        return [flex.text_message(text, (taps.results(lang), taps.show_ballot(lang)))]
    heading = translate(lang, "みんなで考えている場所")
    rows = [_place_row(place, wording.brief(place.programme, lang, ""), lang) for place in places[:MOST_ROWS]]
    everything = flex.link_button(flex.link(translate(lang, "全部の場所を見る"), wording.page(home_url, lang)))
    hint = flex.paragraph(
        translate(lang, "位置情報を送ると、近い場所をお知らせします。位置は保存しません。"), "sm", quiet=True
    )
    card = flex.bubble([flex.heading(heading), *rows, hint], [everything])
    near = flex.ask_location(translate(lang, "近くをさがす"))
    return [flex.flex_message(heading, card, (near, *_ways_on(lang)))]


def nearest_places(places: Sequence[PlaceView], lang: str) -> list[flex.Message]:
    """The answer to a location: the nearest places with their distances; the position itself is not kept."""
    nearest = inside_sentence(_title(places[0], lang))
    heading = translate(lang, "近い場所")
    rows = [_place_row(place, _distance(place.metres, lang), lang) for place in places]
    note = flex.paragraph(
        translate(lang, "距離はまっすぐ測ったものです。送られた位置は保存していません。"), "sm", quiet=True
    )
    how_far = _distance(places[0].metres, lang)
    alt_text = translate(lang, "いちばん近い場所：{place}（{distance}）", place=nearest, distance=how_far)
    return [flex.flex_message(alt_text, flex.bubble([flex.heading(heading), *rows, note]), _ways_on(lang))]


def result_list(ended: Sequence[EndedView], lang: str) -> list[flex.Message]:
    """The answer to けっか: the ballots that are over, ten at most; none yet is said too."""
    if not ended:
        text = translate(lang, "まだ終わった投票はありません。終わると、ここでけっかを見られます。")
        return [flex.text_message(text, _ways_on(lang))]
    heading = translate(lang, "投票のけっか")
    rows = [_ended_row(ballot, lang) for ballot in ended[:MOST_ROWS]]
    return [flex.flex_message(heading, flex.bubble([flex.heading(heading), *rows]), _ways_on(lang))]


def _place_row(place: PlaceView, about: str, lang: str) -> flex.Box:
    text = "\n".join(line for line in (_title(place, lang), about) if line)
    return _row(text, translate(lang, "見る"), wording.page(place.url, lang))


def _ended_row(ballot: EndedView, lang: str) -> flex.Box:
    return _row(
        f"{ballot.title}\n{_how_far(ballot, lang)}", translate(lang, "見る"), wording.page(ballot.url, lang)
    )


def _how_far(ballot: EndedView, lang: str) -> str:
    if not ballot.is_counted:
        return translate(lang, "いま集計しています")
    if ballot.waits_for_lot:
        return translate(lang, "くじ引きを待っています")
    return translate(lang, "けっかが出ました")


def _row(text: str, label: str, url: str) -> flex.Box:
    return flex.row(flex.paragraph(text), flex.link_button(flex.link(label, url)))


def _title(place: PlaceView, lang: str) -> str:
    return wording.brief(place.title, lang, place.slug)


def _distance(metres: float, lang: str) -> str:
    """In steps of ten metres: finer is not known, and from three fine distances a position could be found."""
    if metres <= INSIDE_M:
        return translate(lang, "いまいる場所です")
    if metres < 995:
        return translate(lang, "約{n}m", n=max(10, 10 * round(metres / 10)))
    return translate(lang, "約{n}km", n=f"{metres / 1000:,.1f}")


def _ways_on(lang: str) -> tuple[flex.Action, ...]:
    return taps.show_ballot(lang), taps.my_votes(lang)
