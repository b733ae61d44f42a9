"""What the letters of campaigns have in common, and those that a ballot or an installation has besides its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import translate
from civic.web.times import number_of_days
from webhooks.line.messages import ballots, flex, outcomes, taps, wording
from webhooks.line.messages.settings import kind_name
from webhooks.line.messages.views import BallotView, InstallationView


def with_opt_out(letter: Sequence[flex.Message], kind: str, lang: str) -> list[flex.Message]:
    """The letter with a last button that stops this kind of message.

    It stands in the last card, with which every letter ends: LINE on a computer shows no quick replies.
    """
    *before, last = letter
    contents = last["contents"]
    *cards, card = contents["contents"] if contents["type"] == "carousel" else [contents]
    ending = _with_button(card, flex.link_button(_opt_out(kind, lang)))
    whole = flex.carousel([*cards, ending]) if contents["type"] == "carousel" else ending
    return [*before, {**last, "contents": whole}]


def _with_button(card: flex.Bubble, button: flex.Button) -> flex.Bubble:
    footer = card["footer"]
    return {**card, "footer": {**footer, "contents": [*footer["contents"], button]}}


def _opt_out(kind: str, lang: str) -> flex.PostbackAction:
    label = translate(lang, "「{kind}」のお知らせを止める", kind=kind_name(kind, lang))
    return taps.command(label, "opt_out", lang, value=kind)


def last_chance_notice(view: BallotView, lang: str, now: datetime) -> list[flex.Message]:
    """To those without a vote, while the ballot is open: how long is left, and the way to the options."""
    title = wording.ballot_title(view, lang)
    left = time_left(view.closes_at - now, lang)
    body = (
        flex.paragraph(left, "lg"),
        flex.heading(title),
        flex.paragraph(ballots.how_many(view, lang)),
        flex.paragraph(ballots.until(view, lang), quiet=True),
        flex.paragraph(translate(lang, "まだ投票していない方に、一度だけお送りしています。"), "sm", quiet=True),
    )
    alt_text = translate(lang, "{left}：{title}", left=left, title=inside_sentence(title))
    return [flex.flex_message(alt_text, flex.bubble(body, [flex.main_button(taps.show_ballot(lang, view.slug))]))]


def time_left(left: timedelta, lang: str) -> str:
    """How long a ballot still takes votes: whole days, below a day whole hours, below an hour whole minutes."""
    minutes = max(int(left.total_seconds()) // 60, 1)
    if minutes >= 24 * 60:
        days = number_of_days(minutes // (24 * 60), lang)
        return translate(lang, "投票の締め切りまで、あと{days}です", days=days)
    if minutes >= 60:
        return translate(lang, "投票の締め切りまで、あと{n}時間です", n=minutes // 60)
    return translate(lang, "投票の締め切りまで、あと{n}分です", n=minutes)


def evaluation_request(view: InstallationView, lang: str) -> list[flex.Message]:
    """Once something stands there: the picture, where it is, and the way to its page."""
    title = inside_sentence(wording.card_title(view.card, lang))
    asked = translate(lang, "使ってみて、どうでしたか")
    body = [
        flex.paragraph(asked, "lg"),
        *outcomes.standing(view.card, lang),
        flex.paragraph(translate(lang, "行ってみて感じたことを、担当の人に聞かせてください。"), "sm", quiet=True),
    ]
    alt_text = translate(lang, "{asked}：{title}", asked=asked, title=title)
    return [flex.flex_message(alt_text, outcomes.card(view.card, body, view.url, lang))]


def trial_note(lang: str) -> flex.Message:
    """What goes before a letter that is sent as a test."""
    text = translate(lang, "【テスト】つぎのお知らせは、ためしに送ったものです。ほかの人には届いていません。")
    return flex.text_message(text)


def tester_welcome(name: str, lang: str) -> list[flex.Message]:
    """The answer to the word that makes somebody a tester."""
    text = translate(
        lang,
        "「{name}」さんを、お知らせをためしに受け取る人として登録しました。外すのは、職員の画面でできます。",
        name=inside_sentence(name),
    )
    return [flex.text_message(text)]
