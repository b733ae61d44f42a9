"""The answer to a tap, and わたしの票: the voter's own vote, what can be changed and until when.

Nothing here says how others voted. The parts that every voter of a ballot and language gets alike are built once;
as they are shared, nobody changes a part that is built.
"""

from collections.abc import Sequence
from functools import lru_cache

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import translate
from webhooks.line.messages import ballots, chat, flex, limits, taps, wording
from webhooks.line.messages.views import BallotView, CardView, ReceiptView

# With the longest titles these still fit LINE's 30 KB a bubble and five messages a reply.
ROWS_PER_BUBBLE = 10
DROPPED_ROWS = 5
MOST_ROWS = 80

_built_once = lru_cache(maxsize=4_096)


def receipt(view: ReceiptView, lang: str, purpose: bool) -> list[flex.Message]:
    """One bubble: what was done, 受付番号, the vote as it now stands, what is left, until when.

    ``purpose`` repeats what the vote is for and asks for consent, for a tap that came before it.
    """
    body: list[flex.Component] = [
        flex.heading(_headline(view, lang)),
        flex.paragraph(translate(lang, "受付番号 {code}", code=view.code)),
        *_fallen_out(view, lang),
        flex.separator(),
        *_current_vote(view, lang),
    ]
    if purpose:
        body += [flex.separator(), flex.paragraph(chat.purpose(lang), "sm", quiet=True)]
    return [
        flex.flex_message(
            _alt_text(view, lang), flex.bubble(body, _footer(view.ballot.slug, lang)), _quick(lang, purpose)
        )
    ]


def _alt_text(view: ReceiptView, lang: str) -> str:
    # The choice is left out: this text may show on a locked screen.
    title = _ballot_in_sentence(view.ballot, lang)
    return translate(lang, "「{title}」受付番号 {code}", title=title, code=view.code)


@_built_once
def _quick(lang: str, purpose: bool) -> tuple[flex.Action, ...]:
    return (taps.consent(lang), taps.later(lang)) if purpose else ()


@_built_once
def _footer(ballot: str, lang: str) -> tuple[flex.Component, ...]:
    offered = (taps.show_ballot(lang, ballot), taps.my_votes(lang, ballot))
    return tuple(flex.link_button(action) for action in offered)


def _headline(view: ReceiptView, lang: str) -> str:
    title = _named_in_sentence(view.ballot, view.proposal, lang) if view.proposal else ""
    match view.counted:
        case "late":
            when = wording.deadline(view.ballot.closes_at, lang)
            return translate(lang, "締め切り（{when}）のあとに届いたので、この操作は数えません。", when=when)
        case "not_yet":
            return translate(
                lang,
                "この投票はまだ始まっていないので、この操作は数えません。始まったら、もう一度押してください。",
            )
        case "cancelled":
            return translate(lang, "この投票は中止になりました。操作は記録しましたが、数えません。")
        case "invalid":
            return _invalid(title, lang)
        case "counted":
            return _counted(view, title, lang)


def _invalid(title: str, lang: str) -> str:
    if not title:
        return translate(
            lang, "このボタンは、いまは使えません。票は変わっていません。「投票をみる」を押してください。"
        )
    return translate(
        lang,
        "「{title}」は、この投票では選べません。票は変わっていません。「投票をみる」で、選べる案を見てください。",
        title=title,
    )


def _counted(view: ReceiptView, title: str, lang: str) -> str:
    if not _visible(view):
        return translate(lang, "受け付けました。このあとにほかの操作があるので、いまの票は次のとおりです。")
    match view.op:
        case "add":
            return translate(lang, "「{title}」に「あったらいいな」を入れました。", title=title)
        case "remove":
            return translate(lang, "「{title}」を取り消しました。", title=title)
        case "none":
            return translate(lang, "「どれも選ばない」で受け付けました。")
        case "withdraw":
            return translate(lang, "票をとりさげました。")


def _visible(view: ReceiptView) -> bool:
    """Whether the vote shows what the tap asked for; an older tap that arrives late may not."""
    match view.op:
        case "add":
            return view.proposal in view.choices
        case "remove":
            return view.proposal not in view.choices
        case "none":
            return view.blank
        case "withdraw":
            return not view.choices and not view.blank


def _changeable(view: ReceiptView) -> bool:
    """Whether the ballot is open, as far as this tap can tell."""
    return view.counted in ("counted", "invalid")


def _fallen_out(view: ReceiptView, lang: str) -> list[flex.Component]:
    dropped = view.dropped[-DROPPED_ROWS:]
    if not dropped or not _changeable(view):
        return []
    most = wording.amount(lang, view.ballot.max_approvals)
    why = translate(lang, "選べるのは{number}までなので、先に選んだ案が外れました。", number=most)
    return [flex.paragraph(why), *(_row(view.ballot, slug, lang, back=True) for slug in dropped)]


def _current_vote(view: ReceiptView, lang: str) -> list[flex.Component]:
    changeable = _changeable(view)
    shown = view.choices[-ROWS_PER_BUBBLE:]
    return [
        flex.heading(translate(lang, "いまの票"), "md"),
        *_choices(view.ballot, shown, lang, changeable=changeable),
        *_not_shown(len(view.choices) - len(shown), lang),
        *_standing(view.ballot, len(view.choices), view.blank, lang, changeable=changeable),
    ]


def _not_shown(number: int, lang: str) -> list[flex.Component]:
    if number <= 0:
        return []
    text = translate(lang, "ほかにも{number}選んでいます。", number=wording.amount(lang, number))
    return [flex.paragraph(text, "sm", quiet=True)]


def _choices(ballot: BallotView, slugs: Sequence[str], lang: str, *, changeable: bool) -> list[flex.Component]:
    if changeable:
        return [_row(ballot, slug, lang) for slug in slugs]
    return [flex.paragraph(_named(ballot, slug, lang)) for slug in slugs]


@_built_once
def _standing(
    ballot: BallotView, chosen: int, blank: bool, lang: str, *, changeable: bool
) -> tuple[flex.Component, ...]:
    lines: list[flex.Component] = []
    if blank:
        lines.append(flex.paragraph(translate(lang, "どれも選ばない")))
    elif not chosen:
        lines.append(flex.paragraph(translate(lang, "票は入っていません。")))
    if changeable:
        lines.append(flex.paragraph(_what_is_left(ballot, chosen, lang), margin="md"))
        lines.append(flex.paragraph(ballots.until(ballot, lang), "sm", quiet=True))
        if blank:
            lines.append(flex.link_button(taps.withdraw(ballot, lang)))
    return tuple(lines)


def _what_is_left(ballot: BallotView, chosen: int, lang: str) -> str:
    left = ballot.max_approvals - chosen
    if left > 0:
        return translate(lang, "あと{number}選べます。", number=wording.amount(lang, left))
    return translate(lang, "ほかの案を選ぶと、いちばん先に選んだ案と入れかわります。")


@_built_once
def _row(ballot: BallotView, slug: str, lang: str, *, back: bool = False) -> flex.Box:
    card = _card(ballot, slug)
    action = taps.put_back(ballot, card, lang) if back else taps.take_back(ballot, card, lang)
    return flex.row(flex.paragraph(wording.row_title(card, lang)), flex.link_button(action))


def _named(ballot: BallotView, slug: str, lang: str) -> str:
    return wording.card_title(_card(ballot, slug), lang)


@_built_once
def _named_in_sentence(ballot: BallotView, slug: str, lang: str) -> str:
    return inside_sentence(_named(ballot, slug, lang))


@_built_once
def _ballot_in_sentence(ballot: BallotView, lang: str) -> str:
    return inside_sentence(wording.ballot_title(ballot, lang))


def _card(ballot: BallotView, slug: str) -> CardView:
    """The option; one that was never on the ballot goes by its slug."""
    for card in (*ballot.cards, *ballot.withdrawn):
        if card.proposal == slug:
            return card
    return CardView(slug, {}, {}, None, None, ballot.url, None, ())


def my_votes(
    ballot: BallotView, lang: str, choices: Sequence[str], blank: bool, voted: bool
) -> list[flex.Message]:
    """わたしの票 in one ballot: each choice with 取り消す, what is left, until when, 票をとりさげる.

    ``choices`` are slugs, oldest first; ``voted`` says whether the voter has ever tapped here.
    """
    bubbles = [*_choice_bubbles(ballot, lang, choices), _summary_bubble(ballot, lang, len(choices), blank, voted)]
    alt_text = translate(lang, "「{title}」わたしの票", title=_ballot_in_sentence(ballot, lang))
    groups = ballots.pack(bubbles, limits.BUBBLES)
    return [flex.flex_message(alt_text, group[0] if len(group) == 1 else flex.carousel(group)) for group in groups]


def _choice_bubbles(ballot: BallotView, lang: str, choices: Sequence[str]) -> list[flex.Bubble]:
    shown = choices[-MOST_ROWS:]
    parts = [shown[i : i + ROWS_PER_BUBBLE] for i in range(0, len(shown), ROWS_PER_BUBBLE)]
    heading = flex.heading(translate(lang, "いまの票"), "md")
    return [flex.bubble([heading, *(_row(ballot, slug, lang) for slug in part)]) for part in parts]


def _summary_bubble(ballot: BallotView, lang: str, chosen: int, blank: bool, voted: bool) -> flex.Bubble:
    body: list[flex.Component] = [flex.heading(wording.ballot_title(ballot, lang), "md")]
    if not voted:
        body.append(flex.paragraph(translate(lang, "まだ投票していません。「投票をみる」から選べます。")))
    else:
        body += _not_shown(chosen - MOST_ROWS, lang)
        body += _standing(ballot, chosen, blank, lang, changeable=True)
    footer = [
        flex.main_button(taps.show_ballot(lang, ballot.slug)),
        flex.link_button(taps.browser(lang, ballot.slug)),
    ]
    if chosen:
        footer.append(flex.link_button(taps.withdraw(ballot, lang)))
    return flex.bubble(body, footer)
