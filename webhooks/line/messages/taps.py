"""The buttons of the messages: labels, what they send, and what the chat shows as said."""

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import LANGUAGE_NAMES, translate
from civic.kernel.i18n import other_languages as languages_besides
from webhooks.line import postback
from webhooks.line.messages import flex
from webhooks.line.messages.views import BallotView, CardView
from webhooks.line.messages.wording import card_title, row_title
from webhooks.line.postback import Command, CommandName, VoteOp, VoteTap


def _vote(label: str, display: str, ballot: str, op: VoteOp, lang: str, proposal: str = "") -> flex.PostbackAction:
    return flex.postback(label, postback.encode(VoteTap(ballot, op, proposal, lang)), display)


def command(
    label: str, name: CommandName, lang: str, ballot: str = "", page: int = 0, value: str = ""
) -> flex.PostbackAction:
    """A button that asks for something and says its own label in the chat."""
    return flex.postback(label, postback.encode(Command(name, ballot, page, lang, value)), label)


def add(ballot: BallotView, card: CardView, lang: str) -> flex.PostbackAction:
    """あったらいいな: casts. What the chat shows begins with the title."""
    title = card_title(card, lang)
    display = translate(lang, "{title} に「あったらいいな」", title=title)
    return _vote(translate(lang, "あったらいいな"), display, ballot.slug, "add", lang, card.proposal)


def put_back(ballot: BallotView, card: CardView, lang: str) -> flex.PostbackAction:
    """戻す: casts again what fell out."""
    display = translate(lang, "{title} を戻す", title=row_title(card, lang))
    return _vote(translate(lang, "戻す"), display, ballot.slug, "add", lang, card.proposal)


def take_back(ballot: BallotView, card: CardView, lang: str) -> flex.PostbackAction:
    """取り消す: removes this one choice, and says which."""
    display = translate(lang, "取り消す：{title}", title=inside_sentence(row_title(card, lang)))
    return _vote(translate(lang, "取り消す"), display, ballot.slug, "remove", lang, card.proposal)


def none_of_these(ballot: BallotView, lang: str) -> flex.PostbackAction:
    """どれも選ばない: a blank vote."""
    label = translate(lang, "どれも選ばない")
    return _vote(label, label, ballot.slug, "none", lang)


def withdraw(ballot: BallotView, lang: str) -> flex.PostbackAction:
    """票をとりさげる: no vote any more."""
    label = translate(lang, "票をとりさげる")
    return _vote(label, label, ballot.slug, "withdraw", lang)


def show_ballot(lang: str, ballot: str = "") -> flex.PostbackAction:
    """投票をみる: the carousel, of the open ballot when none is named."""
    return command(translate(lang, "投票をみる"), "ballot", lang, ballot)


def my_votes(lang: str, ballot: str = "") -> flex.PostbackAction:
    """わたしの票: the voter's own vote."""
    return command(translate(lang, "わたしの票"), "my_votes", lang, ballot)


def results(lang: str) -> flex.PostbackAction:
    """けっか: the ballots that have ended."""
    return command(translate(lang, "けっか"), "results", lang)


def places(lang: str) -> flex.PostbackAction:
    """地図: the places of the programmes that run now."""
    return command(translate(lang, "地図"), "map", lang)


def browser(lang: str, ballot: str) -> flex.PostbackAction:
    """ブラウザで投票: answered with a personal link to a form."""
    return command(translate(lang, "ブラウザで投票"), "browser", lang, ballot)


def more(ballot: BallotView, lang: str, page: int) -> flex.PostbackAction:
    """もっと見る: the page of options after this one; ``page`` counts from 0."""
    return command(translate(lang, "もっと見る"), "ballot", lang, ballot.slug, page)


def other_languages(lang: str) -> tuple[flex.PostbackAction, ...]:
    """日本語, やさしい日本語, English, but for the one that is spoken: each in the language it leads to."""
    return tuple(command(LANGUAGE_NAMES[other], "language", other) for other in languages_besides(lang))


def consent(lang: str) -> flex.PostbackAction:
    """参加する."""
    return command(translate(lang, "参加する"), "consent", lang)


def later(lang: str) -> flex.PostbackAction:
    """あとで."""
    return command(translate(lang, "あとで"), "later", lang)


def settings(lang: str) -> flex.PostbackAction:
    """設定."""
    return command(translate(lang, "設定"), "settings", lang)


def relation(lang: str) -> flex.PostbackAction:
    """かかわりを変える: the one question again."""
    return command(translate(lang, "かかわりを変える"), "relation", lang)


def stop(lang: str) -> flex.PostbackAction:
    """参加をやめる."""
    return command(translate(lang, "参加をやめる"), "stop", lang)


def resume(lang: str) -> flex.PostbackAction:
    """お知らせを再開."""
    return command(translate(lang, "お知らせを再開"), "resume", lang)


def delete(lang: str) -> flex.PostbackAction:
    """データを削除: first tells what it does."""
    return command(translate(lang, "データを削除"), "delete", lang)
