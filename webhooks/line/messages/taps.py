"""The buttons of the messages: labels, what they send, and what the chat shows as said."""

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import translate
from webhooks.line import postback
from webhooks.line.messages import flex
from webhooks.line.messages.views import BallotView, CardView
from webhooks.line.messages.wording import card_title, row_title
from webhooks.line.postback import Command, CommandName, VoteOp, VoteTap


def _vote(label: str, display: str, ballot: str, op: VoteOp, lang: str, proposal: str = "") -> flex.PostbackAction:
    return flex.postback(label, postback.encode(VoteTap(ballot, op, proposal, lang)), display)


def command(label: str, name: CommandName, lang: str, ballot: str = "", page: int = 0) -> flex.PostbackAction:
    """A button that asks for something and says its own label in the chat."""
    return flex.postback(label, postback.encode(Command(name, ballot, page, lang)), label)


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


def browser(lang: str, ballot: str) -> flex.PostbackAction:
    """ブラウザで投票: answered with a personal link to a form."""
    return command(translate(lang, "ブラウザで投票"), "browser", lang, ballot)


def more(ballot: BallotView, lang: str, page: int) -> flex.PostbackAction:
    """もっと見る: the page of options after this one; ``page`` counts from 0."""
    return command(translate(lang, "もっと見る"), "ballot", lang, ballot.slug, page)


def other_language(lang: str) -> flex.PostbackAction:
    """English in a Japanese message, 日本語 in any other: labelled in the language it leads to."""
    label, wanted = ("English", "en") if lang == "ja" else ("日本語", "ja")
    return command(label, "language", wanted)


def consent(lang: str) -> flex.PostbackAction:
    """参加する."""
    return command(translate(lang, "参加する"), "consent", lang)


def later(lang: str) -> flex.PostbackAction:
    """あとで."""
    return command(translate(lang, "あとで"), "later", lang)
