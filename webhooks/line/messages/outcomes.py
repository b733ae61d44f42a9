"""What friends are told after a ballot: what was decided and why, and how the winner becomes real."""

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import translate
from civic.web.words import installation_status
from webhooks.line.messages import flex, limits, wording
from webhooks.line.messages.graphemes import shorten
from webhooks.line.messages.views import CardView, InstallationView, ResultView

MOST_WINNERS = 10
_REASON_CLUSTERS = 300


def result_notice(view: ResultView, lang: str) -> list[flex.Message]:
    """Thanks with the number of voters and the reason, then a card for each decided proposal (10 at most)."""
    return [flex.text_message(_thanks(view, lang)), *_winners(view, lang)]


def installation_notice(view: InstallationView, lang: str) -> list[flex.Message]:
    """One card: the picture, how far it has come, where, and what was noted."""
    status = installation_status(view.status, lang)
    title = inside_sentence(wording.card_title(view.card, lang))
    alt_text = translate(lang, "{status}：{title}", status=status, title=title)
    note = [flex.paragraph(_short(view.note))] if view.note.strip() else []
    body = [flex.paragraph(status, "sm"), *standing(view.card, lang), *note]
    return [flex.flex_message(alt_text, card(view.card, body, view.url, lang))]


def _thanks(view: ResultView, lang: str) -> str:
    title = inside_sentence(wording.ballot_title(view.ballot, lang))
    return "\n".join(
        (
            translate(lang, "「{title}」の結果です。", title=title),
            translate(lang, "{n}人が投票しました。ありがとうございました。", n=f"{view.voters:,}"),
            translate(lang, "決めた理由：{reason}", reason=inside_sentence(_short(view.reason))),
        )
    )


def _winners(view: ResultView, lang: str) -> list[flex.Message]:
    if not view.winners:
        return []
    shown = view.winners[:MOST_WINNERS]
    bubbles = [card(winner, _decided(winner, lang), view.url, lang) for winner in shown]
    title = inside_sentence(wording.ballot_title(view.ballot, lang))
    titles = translate(lang, "、").join(inside_sentence(wording.row_title(winner, lang)) for winner in shown)
    told = translate(lang, "「{title}」で決まりました：{titles}", title=title, titles=titles)
    alt_text = shorten(told, clusters=limits.ALT_TEXT_UNITS, units=limits.ALT_TEXT_UNITS)
    contents = bubbles[0] if len(bubbles) == 1 else flex.carousel(bubbles)
    return [flex.flex_message(alt_text, contents)]


def _decided(winner: CardView, lang: str) -> list[flex.Component]:
    return [flex.paragraph(translate(lang, "つくることが決まりました"), "sm"), *standing(winner, lang)]


def standing(card: CardView, lang: str) -> list[flex.Component]:
    """The title of a proposal and where it stands."""
    place = wording.place(card, lang)
    where = [flex.paragraph(place, "sm", quiet=True)] if place else []
    return [flex.heading(wording.card_title(card, lang)), *where]


def card(view: CardView, body: list[flex.Component], url: str, lang: str) -> flex.Bubble:
    """A proposal with its picture, what is told of it, and the way to the page that tells more."""
    page = flex.link(translate(lang, "くわしく見る"), wording.page(url, lang))
    shown = view.picture_url is not None and limits.is_picture_url(view.picture_url)
    hero = flex.picture(view.picture_url, page) if view.picture_url and shown else None
    return flex.bubble(body, [flex.link_button(page)], hero)


def _short(text: str) -> str:
    return shorten(text.strip(), clusters=_REASON_CLUSTERS, units=2 * _REASON_CLUSTERS)
